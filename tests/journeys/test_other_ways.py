"""The same pages without a mouse, and without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests import factories
from tests.journeys.conftest import Welcome
from tests.journeys.house import House
from tests.journeys.visitor import PHONE, Visitor
from tests.registrations import acting
from trainings.core.permissions import Role
from trainings.registrations.rules import State

pytestmark = pytest.mark.browser

PASSWORD = "nine quiet herons at dawn"
ORGANISER, OFFICER = "organiser@iom.example", "officer@bo.example"
FARTHEST = 120  # steps with the tab key, on the longest of these pages


def tab_to(visitor: Visitor, wanted: Locator) -> None:
    """Step on with the tab key until something has the focus."""
    for _step in range(FARTHEST):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        visitor.page.keyboard.press("Tab")
    raise AssertionError(f"not reached by the tab key: {wanted}")


def press(visitor: Visitor, button: Locator) -> None:
    """Press a button by keyboard, and see the next page."""
    tab_to(visitor, button)
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")


def test_candidates_are_selected_without_a_mouse(house: House, welcome: Welcome) -> None:
    assert house.app is not None
    with house.app.app_context():
        organiser = factories.account(Role.ORGANISER, agency="IOM", mail=ORGANISER)
        factories.set_password(organiser, PASSWORD)
        course = factories.course(capacity=2)
        acting.share_out(course, {})
        numbers = [acting.standing(course, State.ENDORSED)[0] for _ in range(2)]
    visitor = welcome()
    page = visitor.page
    visitor.goto("/sign-in")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=visitor.say("Skip to main content"))).to_be_focused()
    tab_to(visitor, page.locator('main [name="mail"]'))
    page.keyboard.type(ORGANISER)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    visitor.goto("/courses/BUE27/registrations?state=endorsed")
    boxes = page.locator("[data-row-check]")
    for place in range(len(numbers)):
        tab_to(visitor, boxes.nth(place))
        page.keyboard.press("Space")
    press(visitor, visitor.button("Select chosen candidates"))
    press(visitor, page.locator("main form button[type=submit]"))
    with house.app.app_context():
        assert [acting.state(number) for number in numbers] == [State.OFFERED] * 2


@pytest.mark.parametrize("language", ["pt_BR"])
def test_applied_and_confirmed_without_script(
    house: House, welcome: Welcome, language: str
) -> None:
    assert house.app is not None
    with house.app.app_context():
        course = acting.at_once(capacity=2)
        acting.share_out(course, {("BO", "police"): 1})
    officer = welcome(language, width=PHONE, java_script_enabled=False)
    officer.goto("/courses/NOW27/apply")
    officer.press("Send me the link")
    expect(officer.page.get_by_role("alert")).to_be_visible()
    officer.fill(mail=OFFICER)
    officer.press("Send me the link")
    officer.mailed_link(OFFICER)
    officer.tick("function", "police")
    officer.press("Continue")
    officer.page.locator('main [name="country"]').select_option("BO")
    officer.press("Continue")
    officer.fill(given_name="Abel", family_name="Condori")
    officer.press("Continue")
    officer.fill(unit="Divisão de Tráfico")
    officer.press("Continue")
    officer.press("Continue")
    officer.tick("notice")
    officer.press("Continue")
    officer.press("Send my application")
    officer.mail(OFFICER)  # the offer; still signed in
    if officer.at.startswith("/sign-in/link/"):
        officer.enter()
    officer.press("Confirm my seat")
    officer.reads("Your seat is confirmed.")
    expect(officer.page.get_by_role("main")).to_contain_text("Abel Condori")
