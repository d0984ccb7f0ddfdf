"""The pages of a course on a phone: a long title, and more tabs than there is room for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from tests import browsing, factories
from tests.registrations import acting
from trainings.accounts.models import Account
from trainings.core.db import transaction

pytestmark = pytest.mark.browser

TITLE = (
    "Joint training of investigators, prosecutors and judges against trafficking in persons " * 3
)
LINES = """title => {
    const line = parseFloat(getComputedStyle(title).lineHeight);
    return Math.round(title.getBoundingClientRect().height / line);
}"""
SEEN = """tab => {
    const row = tab.closest("nav").getBoundingClientRect(), box = tab.getBoundingClientRect();
    return box.left >= row.left - 1 && box.right <= row.right + 1;
}"""

# Without script the browser leaves a tab where it is that is seen in part.
IN_PART = """tab => {
    const row = tab.closest("nav").getBoundingClientRect(), box = tab.getBoundingClientRect();
    const whole = document.documentElement.classList.contains("js");
    return whole ? box.left >= row.left - 1 && box.right <= row.right + 1
                 : box.left < row.right - 16 && box.right > row.left + 16;
}"""


@pytest.fixture(params=[True, False], ids=["script", "without script"])
def phone(client: FlaskClient, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    factories.course(titles={"en": TITLE.strip()})
    factories.sign_in(client, acting.organiser())
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=request.param
    )
    page = context.new_page()
    browsing.serve(client, page)
    yield page
    context.close()


def test_a_long_title_takes_two_lines_until_it_is_touched(phone: Page) -> None:
    phone.goto(f"{browsing.HOUSE}/courses/BUE27/registrations")
    title = phone.get_by_role("heading", level=1)
    assert title.evaluate(LINES) == 2
    expect(title).to_have_text(TITLE.strip())
    title.click()
    assert title.evaluate(LINES) > 2
    phone.goto(f"{browsing.HOUSE}/courses/BUE27/desk")
    assert phone.get_by_role("heading", level=1).evaluate(LINES) > 2
    phone.goto(f"{browsing.HOUSE}/courses/BUE27/registrations/invite")
    for part in phone.locator(".crumb li").all():
        assert part.bounding_box()["height"] < 30  # type: ignore[index]


def test_every_tab_is_reached_by_keyboard_and_the_open_one_is_seen(phone: Page) -> None:
    phone.goto(f"{browsing.HOUSE}/courses/BUE27/settings")
    row = phone.get_by_role("navigation", name="Parts of the course")
    assert row.evaluate("row => row.scrollWidth > row.clientWidth")
    shades = row.evaluate("row => getComputedStyle(row).backgroundAttachment.split(', ').length")
    assert shades == 4
    tabs = row.get_by_role("link").all()
    assert tabs[-1].get_attribute("aria-current") == "page"
    phone.wait_for_load_state("load")  # the script has run
    assert tabs[-1].evaluate(SEEN)
    tabs[0].focus()
    for tab in tabs:
        expect(tab).to_be_focused()
        phone.wait_for_function(IN_PART, arg=tab.element_handle())
        phone.keyboard.press("Tab")


def test_on_a_wide_screen_each_tab_is_seen_and_the_page_begins_at_its_top(phone: Page) -> None:
    phone.set_viewport_size({"width": 1040, "height": 600})
    with transaction() as session:  # the words are longest in French
        session.execute(update(Account).values(language="fr"))
    phone.goto(f"{browsing.HOUSE}/courses/BUE27/settings")
    phone.wait_for_load_state("load")
    tabs = phone.locator(".tabs a").all()
    lines = {round(tab.evaluate("tab => tab.getBoundingClientRect().top")) for tab in tabs}
    assert len(lines) == 2 and all(tab.evaluate(SEEN) for tab in tabs)
    assert phone.evaluate("window.scrollY") == 0
