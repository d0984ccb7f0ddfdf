"""The browser of the tests: it leaves this machine nowhere, and keeps files as elsewhere."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Error, Page

from tests.browsing import HOUSE, leave, serve

pytestmark = pytest.mark.browser

ASKED = """() => performance.getEntriesByType("resource")
    .filter(one => one.name.includes("/static/")).map(one => one.transferSize > 0)"""


@pytest.mark.parametrize("there", ["trainings.example", "example.org:8443", "192.0.2.1", "[::1]"])
def test_no_request_leaves_the_machine(page: Page, there: str) -> None:
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto(f"http://{there}/")


def test_files_are_asked_for_once(client: FlaskClient, page: Page) -> None:
    serve(client, page)
    page.goto(f"{HOUSE}/courses")
    assert len(first := page.evaluate(ASKED)) > 20 and all(first)
    page.goto(f"{HOUSE}/verify")
    assert len(again := page.evaluate(ASKED)) > 20 and not any(again)


def test_whom_nobody_serves_gets_nothing(page: Page) -> None:
    answer = page.goto(f"{HOUSE}/courses")
    assert answer is not None and answer.status == 403


def test_what_breaks_while_a_page_is_answered_breaks_the_test(
    client: FlaskClient, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_values: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(client, "open", broken)
    serve(client, page)
    answer = page.goto(f"{HOUSE}/courses")
    assert answer is not None and answer.status == 500
    with pytest.raises(ExceptionGroup) as fault:
        leave()
    assert isinstance(fault.value.exceptions[0], ZeroDivisionError)
