"""Applying in a browser: on a phone, by keyboard, without script, by axe."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from tests import factories
from tests.browsing import HOUSE, barriers, serve
from tests.participants.applying import HERE, answer_all
from tests.registrations import acting
from trainings.courses.rules import Visibility
from trainings.registrations.rules import State

pytestmark = pytest.mark.browser

ON = "Continue"


@pytest.fixture
def applicant(client: FlaskClient) -> str:
    """Somebody new, signed in by a mailed link; gives the course's id."""
    course = factories.course("PUB27", visibility=Visibility.PUBLIC)
    acting.share_out(course, {("BO", "judge"): 2})
    factories.sign_in(client, factories.account(name=("", "")))
    return course


@pytest.fixture
def phone(browser: Browser, client: FlaskClient, applicant: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    serve(client, page)
    yield page
    context.close()


def test_axe_finds_nothing_and_nothing_is_cut_off(phone: Page, client: FlaskClient) -> None:
    answer_all(client)
    steps = ("function", "country", "identity", "work", "needs", "notice", "check", "later")
    paths = [f"{HERE}/{step}" for step in steps]
    for path in (*paths, "/", "/my/registrations", "/my/certificates", "/verify", "/privacy"):
        phone.goto(HOUSE + path)
        assert phone.locator("h1").count() == 1, path
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert barriers(phone) == [], path


def test_an_error_leads_to_its_field_by_keyboard(phone: Page) -> None:
    phone.goto(f"{HOUSE}{HERE}/identity")
    phone.get_by_label("Day").fill("31")
    phone.get_by_role("button", name=ON).click()
    summary = phone.get_by_role("alert")
    expect(summary).to_be_focused()
    assert barriers(phone) == []
    phone.keyboard.press("Tab")
    expect(summary.get_by_role("link", name="Enter your name")).to_be_focused()
    phone.keyboard.press("Enter")
    expect(phone.get_by_label("Family names")).to_be_focused()
    expect(phone.get_by_label("Day")).to_have_value("31")


def test_a_country_is_found_by_typing(phone: Page) -> None:
    phone.goto(f"{HOUSE}{HERE}/country")
    phone.locator(".ts-control").click()
    phone.keyboard.type("boli")
    phone.get_by_role("option", name="Bolivia").click()
    assert phone.locator("select[name=country]").input_value() == "BO"


def test_the_whole_way_without_script(
    browser: Browser, client: FlaskClient, applicant: str
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    serve(client, page)
    page.goto(f"{HOUSE}{HERE}/function")
    page.get_by_label("Judge").check()
    page.get_by_role("button", name=ON).click()
    for step, fill in (
        ("country", lambda: page.locator("select[name=country]").select_option("BO")),
        ("identity", lambda: page.get_by_label("Given names").fill("Ñusta")),
        ("work", lambda: page.get_by_label("Unit or office").fill("Tribunal 3")),
        ("needs", lambda: page.locator("textarea").fill("Acceso sin gradas")),
        ("notice", lambda: page.get_by_label("I have read").check()),
    ):
        page.goto(f"{HOUSE}{HERE}/{step}")
        fill()
        page.get_by_role("button", name=ON).click()
    page.goto(f"{HOUSE}{HERE}/check")
    page.get_by_role("button", name="Send my application").click()
    expect(page.get_by_role("heading", name="Your application has been sent")).to_be_visible()
    number = re.findall(r"R-\w{6}", page.locator("main").inner_text())[0]
    assert acting.state(number) is State.APPLIED
    context.close()
