"""Roster, agenda and attendance in a browser: by keyboard, on a phone, without script, by axe."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from tests import factories, teaching
from tests.attendance.test_pages import Running
from tests.browsing import HOUSE, barriers, serve
from trainings.agenda import operations as agenda
from trainings.attendance import result_queries
from trainings.attendance.result_rules import Result
from trainings.attendance.rules import Mark
from trainings.core.db import db

pytestmark = pytest.mark.browser

Visit = Callable[[str], Page]


@pytest.fixture
def running(app: Flask, client: FlaskClient) -> Running:
    return Running(client)


@pytest.fixture
def visit(running: Running, page: Page) -> Iterator[Visit]:
    complaints: list[str] = []
    page.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    serve(running.client, page)

    def go(path: str) -> Page:
        page.goto(HOUSE + path)
        return page

    yield go
    assert complaints == []


def test_marked_by_keyboard_each_saved_at_once(running: Running, visit: Visit) -> None:
    page = visit(running.page)
    first = page.locator("[data-presence]").first
    first.locator("input").first.focus()
    for count, key in enumerate("pla", 1):
        page.keyboard.press(key)
        expect(page.locator("#marked")).to_have_text(str(count))
    assert running.marks() == {
        running.zoe: Mark.PRESENT,
        running.eva: Mark.LATE,
        running.ana: Mark.ABSENT,
    }


def test_results_by_keyboard_each_saved_at_once(running: Running, visit: Visit) -> None:
    page = visit(f"{running.page}/results")
    page.locator("[data-presence] input:checked").first.focus()
    for count, key in enumerate("pn", 1):
        page.keyboard.press(key)
        expect(page.locator("#marked")).to_have_text(str(count))
    db.session.close()
    assert result_queries.results_of(running.session) == {
        running.zoe: Result.PASSED,
        running.eva: Result.NOT_PASSED,
    }
    page.locator(f'input[name="result-{running.eva}"][value="none"]').check()
    expect(page.locator("#marked")).to_have_text("1")


def test_a_refusal_is_said_where_marks_are_made(running: Running, page: Page) -> None:
    serve(running.client, page)
    page.goto(HOUSE + running.page)
    running.end()
    page.locator('[data-presence] input[value="late"]').first.check()
    expect(page.locator("#notes")).to_contain_text("The course is over")
    assert running.marks() == {}


def test_without_script_the_button_saves(running: Running, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    serve(running.client, page)
    page.goto(HOUSE + running.page)
    page.locator(f'input[name="mark-{running.ana}"][value="excused"]').check()
    page.get_by_role("button", name="Save page").click()
    expect(page.locator("#marked")).to_have_text("1")
    assert running.marks() == {running.ana: Mark.EXCUSED}
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_nothing_is_cut_off(
    running: Running, visit: Visit, width: int
) -> None:
    module = teaching.module()
    teaching.teach(running.course, module)
    key = teaching.trainer(running.by)
    asked = teaching.course_trainer(running.course, key, running.by)
    made = agenda.add_session(
        running.course,
        teaching.slot(running.course, "14:00", "15:30", module_id=module, new_room="Aula"),
        running.by,
    )
    factories.sign_in(running.client, running.by)
    course = "/courses/BUE27"
    for path in (
        "/trainers",
        "/trainers/new",
        f"/trainers/{key}",
        f"{course}/trainers",
        f"{course}/trainers/invite",
        f"{course}/trainers/{asked}/withdraw",
        f"{course}/agenda",
        f"{course}/agenda/new",
        f"{course}/agenda/{made}",
        f"{course}/attendance",
        running.page,
        f"{running.page}/results",
    ):
        page = visit(path)
        page.set_viewport_size({"width": width, "height": 900})
        assert page.locator("h1").count() == 1, path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert barriers(page) == [], path
