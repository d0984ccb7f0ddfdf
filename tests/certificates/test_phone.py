"""The certificates of a course on a phone: the list begins soon, and one sees where one is."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from tests import factories
from tests.browsing import HOUSE, serve
from tests.certificates.pages import HERE
from trainings.core.permissions import Role, Viewer

pytestmark = pytest.mark.browser
HEIGHT = 844


@pytest.fixture
def lead(app: Flask) -> Viewer:
    return factories.account(Role.ORGANISER, agency="IOM")


@pytest.fixture
def phone(browser: Browser, client: FlaskClient) -> Page:
    page = browser.new_page(viewport={"width": 390, "height": HEIGHT})
    serve(client, page)
    return page


def test_the_list_begins_on_the_first_screen(phone: Page, listed: str) -> None:
    phone.goto(f"{HOUSE}{HERE}")
    box = phone.locator("tbody tr .name").first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < HEIGHT * 0.85
    assert "Completed" in phone.locator(".facts").inner_text()
    phone.set_viewport_size({"width": 1280, "height": HEIGHT})
    assert "Buenos Aires" in phone.locator(".facts").inner_text()


def test_where_there_is_something_to_issue_the_button_is_on_it(phone: Page, completed: str) -> None:
    phone.goto(f"{HOUSE}{HERE}")
    box = phone.get_by_role("button", name="Issue 5 certificates").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < HEIGHT


@pytest.mark.parametrize("kind", ["completion", "attendance", "trainer"])
def test_the_tabs_that_are_open_can_be_seen(phone: Page, listed: str, kind: str) -> None:
    phone.goto(f"{HOUSE}{HERE}?kind={kind}")
    for tab in phone.locator(".tabs [aria-current]").all():
        box = tab.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
