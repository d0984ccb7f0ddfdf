"""Where the timetable editor does not run, there are days and a form for each act."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from tests import factories
from tests.browsing import HOUSE, serve
from tests.scheduling.conftest import Table

pytestmark = pytest.mark.browser


def test_should_the_editor_not_come_the_days_are_there(
    app: Flask, client: FlaskClient, page: Page
) -> None:
    factories.sign_in(client, Table().by)
    serve(client, page)
    page.route("**/agenda/plan?names*", lambda route: route.abort())
    page.goto(f"{HOUSE}/courses/BUE27/agenda")
    expect(page.locator(".timetable")).to_have_count(0)
    expect(page.get_by_role("link", name="Court")).to_be_visible()


def test_on_a_phone_and_without_script_there_are_days_and_forms(
    app: Flask, client: FlaskClient, browser: Browser
) -> None:
    table = Table()
    factories.sign_in(client, table.by)
    for script in (True, False):
        context = browser.new_context(
            viewport={"width": 390, "height": 800}, java_script_enabled=script
        )
        page = context.new_page()
        serve(client, page)
        page.goto(f"{HOUSE}/courses/BUE27/agenda")
        expect(page.locator(".timetable")).to_be_hidden()
        page.get_by_role("link", name="Court").click()
        page.get_by_role("link", name="Move or copy").click()
        page.get_by_label("Starts").first.fill("15:00" if script else "16:00")
        page.get_by_role("button", name="Move session").click()
        expect(page.locator("#notes")).to_contain_text("The session has been moved.")
        context.close()
    assert table.span(table.noon) == "16:00-17:30"
