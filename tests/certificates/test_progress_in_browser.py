"""While the files are made: the bar goes on by itself, and so does the list when all are there."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from tests import asking, factories
from tests.browsing import HOUSE, serve
from tests.certificates.pages import HERE, NAMES
from tests.certificates.paper import Paper
from trainings.core.permissions import Role, Viewer

pytestmark = pytest.mark.browser


@pytest.fixture
def lead(app: Flask) -> Viewer:
    return factories.account(Role.ORGANISER, agency="IOM")


def test_bar_and_list_come_to_their_end_without_a_click(
    app: Flask, client: FlaskClient, page: Page, completed: str, paper: Paper
) -> None:
    asking.send(client, HERE)
    serve(client, page)
    page.goto(f"{HOUSE}{HERE}")
    preparing, ready = (
        page.locator("#people").get_by_text(words, exact=True)
        for words in ("Issued, being prepared", "Ready")
    )
    expect(preparing).to_have_count(len(NAMES))
    factories.run_jobs(app)
    expect(ready).to_have_count(len(NAMES))
    expect(preparing).to_have_count(0)
    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", str(len(NAMES)))
    expect(page.get_by_role("button", name="Print certificates")).to_be_visible()
    assert page.locator("#people").count() == 1
