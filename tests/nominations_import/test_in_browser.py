"""A list is given in a browser: with a bar, without loading a page, and what is too large stays."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from tests import factories
from tests.browsing import HOUSE, barriers, serve
from tests.nominations_import.test_pages import LIST, PAGE
from tests.registrations import acting

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(client: FlaskClient, page: Page) -> Page:
    factories.course()
    factories.sign_in(client, acting.focal_point("BO"))
    serve(client, page)
    page.goto(HOUSE + PAGE)
    return page


def test_what_was_read_takes_the_place_of_the_page(opened: Page) -> None:
    opened.get_by_label("Or paste").fill(LIST)
    opened.get_by_role("button", name="Show what it says").click()
    expect(opened.get_by_role("button", name="Nominate")).to_be_visible()
    assert barriers(opened) == []


def test_what_cannot_be_read_is_said_at_its_field(opened: Page) -> None:
    opened.get_by_role("button", name="Show what it says").click()
    expect(opened.get_by_role("alert").filter(visible=True).first).to_be_visible()
    expect(opened.get_by_role("progressbar")).to_have_count(0)


def test_what_is_too_large_is_not_sent(opened: Page) -> None:
    large = {"name": "list.csv", "mimeType": "text/csv", "buffer": bytes(5 * 1024 * 1024 + 1)}
    opened.locator("input[type=file]").set_input_files(large)  # type: ignore[arg-type]
    opened.get_by_role("button", name="Show what it says").click()
    expect(opened.get_by_role("alert").filter(visible=True)).to_contain_text("up to 5 MB")
