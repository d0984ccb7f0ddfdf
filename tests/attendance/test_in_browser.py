"""Roster, agenda and attendance in a browser: by keyboard, on a phone, without script, by axe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Dialog, Locator, Page, Route, expect

from tests import factories, teaching
from tests.attendance.test_pages import Running
from tests.browsing import HOUSE, barriers, faults_in_sight, serve
from trainings.agenda import operations as agenda
from trainings.attendance import operations, result_queries
from trainings.attendance.result_rules import Result
from trainings.attendance.rules import Mark
from trainings.core.db import db, transaction
from trainings.courses.models import Course

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
    first.locator("input[type=radio]").first.focus()
    for count, key in enumerate("pla", 1):
        page.keyboard.press(key)
        expect(page.locator("#marked")).to_have_text(str(count))
    assert running.marks() == {
        running.zoe: Mark.PRESENT,
        running.eva: Mark.LATE,
        running.ana: Mark.ABSENT,
    }


def test_an_answer_that_comes_late_takes_nobody_back(running: Running, visit: Visit) -> None:
    """Two marks are saved at the same moment; the answer to the first is the last to arrive."""
    page = visit(running.page)
    late: list[tuple[Route, str]] = []

    def first_last(route: Route) -> None:
        sent = route.request
        path = sent.url.removeprefix(HOUSE)
        answer = running.client.post(path, data=sent.post_data, headers=sent.headers)
        late.append((route, answer.text))
        if len(late) == 2:
            for one, text in reversed(late):
                one.fulfill(body=text, content_type="text/html")

    page.route("**/mark", first_last)
    chosen(page, running.ana, "late").check()
    chosen(page, running.eva, "absent").check()
    page.wait_for_function("() => localStorage.length === 0")  # both were answered
    expect(page.locator("#marked")).to_have_text("2")


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
    first = page.locator("[data-presence]").first
    first.locator('input[value="late"]').click()
    expect(first).to_contain_text("The course is over")
    expect(first.locator("input:checked")).to_have_count(0)
    assert running.marks() == {}


def chosen(page: Page, who: str, mark: str) -> Locator:
    return page.locator(f'input[name="mark-{who}"][value="{mark}"]')


def test_what_did_not_arrive_is_shown_kept_and_sent_again(running: Running, page: Page) -> None:
    """The network goes, the page is left and opened again, and the marks arrive by themselves."""
    serve(running.client, page)
    page.goto(HOUSE + running.page)
    page.clock.install()
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    before = page.evaluate("window.scrollY")
    page.route("**/mark", lambda route: route.abort())
    chosen(page, running.ana, "late").check()
    chosen(page, running.eva, "absent").check()
    expect(page.locator(".is-unsent")).to_have_count(2)
    expect(page.locator("[data-unsent-count]")).to_contain_text("2 entries not saved yet")
    assert page.evaluate("window.scrollY") == before, "the page jumped"
    stored = page.evaluate("JSON.stringify(localStorage)")
    assert running.ana in stored and "Rojas" not in stored and "Benítez" not in stored
    assert running.marks() == {}

    page.reload()
    expect(chosen(page, running.ana, "late")).to_be_checked()
    expect(page.locator(".is-unsent")).to_have_count(2)
    page.unroute("**/mark")
    page.clock.run_for(60_000)
    expect(page.locator(".is-unsent")).to_have_count(0)
    expect(page.locator("#marked")).to_have_text("2")
    assert running.marks() == {running.ana: Mark.LATE, running.eva: Mark.ABSENT}
    assert page.evaluate("localStorage.length") == 0


def test_without_a_network_the_button_stays_on_the_page(running: Running, page: Page) -> None:
    serve(running.client, page)
    page.goto(HOUSE + running.page)
    page.route("**/mark", lambda route: route.abort())
    page.context.set_offline(True)
    chosen(page, running.ana, "late").check()
    page.get_by_role("button", name="Save page").click()
    expect(page.locator("[data-unsent-count]")).to_contain_text("1 entry not saved yet")
    assert running.marks() == {}
    page.unroute("**/mark")
    page.context.set_offline(False)
    expect(page.locator(".is-unsent")).to_have_count(0)
    page.get_by_role("button", name="Save page").click()
    expect(page.locator("#notes")).not_to_be_empty()
    assert running.marks() == {running.ana: Mark.LATE}


def test_without_a_network_a_button_says_so_and_the_page_stays(
    running: Running, page: Page
) -> None:
    """The page of the browser would be the end of what was typed."""
    serve(running.client, page)
    page.goto(HOUSE + running.page)
    page.context.set_offline(True)
    others = page.get_by_role("button", name="Mark all others present")
    for _time in range(2):
        others.click()
        expect(page.get_by_role("alert")).to_have_text(
            "Not saved: the connection failed. Try again."
        )
    expect(page.get_by_role("button", name="Save page")).to_be_visible()
    assert running.marks() == {}
    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_have_count(0)
    others.click()
    expect(page.locator("#marked")).to_have_text("3")
    assert set(running.marks().values()) == {Mark.PRESENT}


def test_signing_out_asks_before_what_was_not_sent_is_lost(running: Running, page: Page) -> None:
    serve(running.client, page)
    page.goto(HOUSE + running.page)
    page.route("**/mark", lambda route: route.abort())
    chosen(page, running.ana, "late").check()
    expect(page.locator(".is-unsent")).to_have_count(1)
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss() if len(asked) == 1 else dialog.accept()

    page.on("dialog", answer)
    page.locator(".drop-who").click()
    page.get_by_role("button", name="Sign out").click()
    assert page.evaluate("localStorage.length") == 1
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: url != HOUSE + running.page)
    assert page.evaluate("localStorage.length") == 0
    assert len(asked) == 2 and all("has not been saved yet" in one for one in asked)


def test_what_another_account_left_in_the_browser_is_deleted(running: Running, page: Page) -> None:
    serve(running.client, page)
    page.goto(HOUSE + running.page)
    page.evaluate(
        "([key, name]) => localStorage.setItem(key, JSON.stringify({[name]: 'late'}))",
        [f"trainings.unsent.other.{running.page}", f"mark-{running.ana}"],
    )
    page.reload()
    expect(page.locator(".is-unsent")).to_have_count(0)
    assert page.evaluate("localStorage.length") == 0
    assert running.marks() == {}


def test_what_somebody_else_chose_meanwhile_is_shown_in_its_place(
    running: Running, page: Page
) -> None:
    serve(running.client, page)
    page.goto(HOUSE + running.page)
    operations.mark(running.session, running.ana, Mark.EXCUSED, running.by)
    chosen(page, running.ana, "late").click()
    row = page.locator("[data-presence]", has=chosen(page, running.ana, "late"))
    expect(row).to_contain_text("In the meantime somebody else chose “Excused”.")
    expect(chosen(page, running.ana, "excused")).to_be_checked()
    assert running.marks() == {running.ana: Mark.EXCUSED}
    chosen(page, running.ana, "late").check()
    expect(page.locator("#marked")).to_have_text("1")
    expect(row).not_to_contain_text("In the meantime")
    assert running.marks() == {running.ana: Mark.LATE}


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


def test_axe_finds_nothing_and_nothing_is_cut_off(running: Running, visit: Visit) -> None:
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
        assert page.locator("h1").count() == 1, path
        assert faults_in_sight(page) == [], path


ROOMFUL = (("María Fernanda", "Gutiérrez Villanueva"), ("Ana", "Rojas"), ("Luz", "Quispe Mamani"))

LONG = {
    "en": "Interviewing victims and witnesses: first steps",
    "es": "Entrevistas: primeros pasos",
}


def roomful(running: Running) -> None:
    """Sixty people, sixteen sessions in four days; the course ends in two days."""
    with transaction() as session:
        course = session.get_one(Course, running.course)
        course.ends_on = course.starts_on + timedelta(days=3)
    for day in range(4):
        for hour in (8, 11, 14, 16)[day == 0 :]:  # the first day has one already
            agenda.add_session(
                running.course,
                teaching.slot(
                    running.course, f"{hour:02}:00", f"{hour + 1:02}:30", day=day, titles=LONG
                ),
                running.by,
            )
    for number in range(57):
        teaching.participant(running.course, name=ROOMFUL[number % 3])


@pytest.mark.parametrize("language", ["en", "es"])
def test_sixty_people_in_sixteen_sessions_are_four_screens_of_a_phone(
    running: Running, visit: Visit, language: str
) -> None:
    """One day at a time, a line a person: the page was 7,400 px high."""
    roomful(running)
    running.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    page = visit("/courses/BUE27/attendance")
    page.set_viewport_size({"width": 390, "height": 900})
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height <= 3_500, height
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("#people tbody tr").count() == 60
    touched = page.locator(".day-choice a, #sessions tbody th > a").filter(visible=True).all()
    assert len(touched) == 4 + 4
    for one in touched:
        box = one.bounding_box()
        assert box and box["height"] >= 44 and box["width"] >= 44, one.inner_text()
    assert barriers(page) == []


def test_a_phone_shows_the_day_that_is_chosen_without_script_and_paper_shows_all(
    running: Running, browser: Browser
) -> None:
    roomful(running)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 900})
    page = context.new_page()
    serve(running.client, page)
    page.goto(HOUSE + "/courses/BUE27/attendance")
    days = page.locator("#sessions h3")
    expect(days).to_have_count(4)
    expect(days.filter(visible=True)).to_have_count(1)
    expect(days.nth(2)).to_be_visible()  # today
    page.locator(".day-choice a").last.click()
    expect(days.nth(3)).to_be_visible()
    expect(days.filter(visible=True)).to_have_count(1)
    expect(page.locator(".day-choice [aria-current]")).to_have_count(1)
    page.emulate_media(media="print")
    expect(days.filter(visible=True)).to_have_count(4)
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(days.filter(visible=True)).to_have_count(4)
    expect(page.locator(".day-choice")).to_be_hidden()
    context.close()
