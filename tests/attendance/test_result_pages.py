"""The pages of a test's results, through the client: with and without script."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import asking, teaching
from tests.attendance.test_pages import Running
from trainings.agenda import operations as agenda
from trainings.attendance import operations, result_operations, result_queries
from trainings.attendance.result_rules import Result
from trainings.attendance.rules import Mark
from trainings.core.db import db, transaction
from trainings.core.i18n import LANGUAGES
from trainings.courses.models import Course
from trainings.courses.rules import CourseState

PASSED, FAILED = Result.PASSED, Result.NOT_PASSED


@pytest.fixture
def running(app: Flask, client: FlaskClient) -> Running:
    made = Running(client)
    made.page += "/results"
    return made


def _results(running: Running) -> dict[str, Result]:
    db.session.close()
    return dict(result_queries.results_of(running.session))


def _set(running: Running, **values: object) -> None:
    with transaction() as session:
        course = session.get_one(Course, running.course)
        for name, value in values.items():
            setattr(course, name, value)


def test_people_in_order_of_name_with_what_they_were_seen_as(running: Running) -> None:
    operations.mark(running.session, running.ana, Mark.LATE, running.by)
    page = asking.page(running.client, running.page)
    names = re.findall(r'<legend class="visually-hidden">([^<]+)</legend>', page)
    assert names == ["Álvarez, Zoe", "Benítez, Eva", "Rojas, Ana"]
    assert "Bolivia · Judge · late" in page
    assert "Bolivia · Judge · attendance not taken" in page
    assert page.count('value="none" data-key="–" checked') == 3


def test_the_session_and_the_overview_lead_to_it(running: Running) -> None:
    result_operations.enter(running.session, {running.ana: FAILED}, running.by)
    assert running.page in asking.page(running.client, running.page.removesuffix("/results"))
    assert "Results: 1 of 3" in asking.page(running.client, "/courses/BUE27/attendance")


def test_one_result_is_saved_in_place(running: Running, statements: list[str]) -> None:
    running.client.post(f"{running.page}/one", data={f"result-{running.eva}": "passed"})
    db.session.close()
    statements.clear()
    sent = {f"result-{running.ana}": "not_passed"}
    answer = running.client.post(f"{running.page}/one", data=sent)
    assert re.fullmatch(r'<b id="marked" hx-swap-oob="true" data-at="\d{16}">2</b>', answer.text)
    assert len(statements) <= 8, "\n".join(statements)
    assert _results(running) == {running.ana: FAILED, running.eva: PASSED}
    running.client.post(f"{running.page}/one", data={f"result-{running.ana}": "none"})
    assert _results(running) == {running.eva: PASSED}


@pytest.mark.parametrize("sent", [{}, {"result-x": "passed"}, {"mark-x": "late"}])
def test_a_result_for_nobody_is_not_there(running: Running, sent: dict[str, str]) -> None:
    assert running.client.post(f"{running.page}/one", data=sent).status_code == 404
    wrong = {f"result-{running.ana}": "nearly"}
    assert running.client.post(f"{running.page}/one", data=wrong).status_code == 404
    assert _results(running) == {}


def test_without_script_the_page_is_saved_whole(running: Running) -> None:
    sent = {
        f"result-{running.ana}": "passed",
        f"result-{running.zoe}": "not_passed",
        f"result-{running.eva}": "none",
        "result-gone": "passed",
    }
    assert running.client.post(running.page, data=sent).location == running.page
    assert _results(running) == {running.ana: PASSED, running.zoe: FAILED}
    assert "2 results saved." in asking.page(running.client, running.page)


def test_where_nobody_passes_at_once_it_is_said_why(running: Running) -> None:
    running.client.post(f"{running.page}/rest")
    said = asking.page(running.client, running.page)
    assert "Is the attendance of this session taken?" in said and "0 people" not in said
    session = running.page.removesuffix("/results")
    running.client.post(f"{session}/rest")
    running.client.post(f"{session}/rest")
    assert "Everyone has a mark already." in asking.page(running.client, session)


def test_the_rest_passed(running: Running) -> None:
    there = {running.ana: Mark.PRESENT, running.zoe: Mark.PRESENT, running.eva: Mark.ABSENT}
    operations.mark_many(running.session, there, running.by)
    sent = running.client.post(f"{running.page}/rest")
    assert _results(running) == {running.ana: PASSED, running.zoe: PASSED}
    page = asking.page(running.client, sent.location)
    moment = re.search(r'name="moment" value="([^"]+)"', page)
    assert moment is not None and "2 people entered as passed." in page
    running.client.post(f"{running.page}/undo", data={"moment": moment[1]})
    assert _results(running) == {}
    assert "2 results undone." in asking.page(running.client, running.page)
    assert running.client.post(f"{running.page}/undo", data={"moment": "x"}).status_code == 404


def test_refusals_are_said(running: Running) -> None:
    _set(running, state=CourseState.CANCELLED)
    assert "The course was cancelled, so results can no longer be" in asking.page(
        running.client, running.page
    )
    sent = {f"result-{running.ana}": "passed"}
    answer = running.client.post(f"{running.page}/one", data=sent)
    assert (answer.status_code, "cancelled" in answer.text) == (409, True)
    assert (
        "The course was cancelled, so results can no longer be"
        in running.client.post(running.page, data=sent).text
    )
    assert _results(running) == {}


def test_no_results_of_what_is_no_test(running: Running) -> None:
    other = agenda.add_session(
        running.course, teaching.slot(running.course, "14:00", "15:00"), running.by
    )
    page = f"/courses/BUE27/attendance/{other}/results"
    asking.page(running.client, page, 404)
    assert running.client.post(f"{page}/rest").status_code == 404
    assert (
        running.client.post(f"{page}/one", data={f"result-{running.ana}": "passed"}).status_code
        == 404
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_every_language(running: Running, language: str) -> None:
    _set(running, needs_test=True)
    asking.send(running.client, "/language", language=language)
    page = asking.page(running.client, running.page)
    said = {"en": "Not passed", "es": "No aprobado", "fr": "Non réussi", "pt_BR": "Não aprovado"}
    assert said[language] in page


def test_statements_do_not_grow_with_people(running: Running, statements: list[str]) -> None:
    def counted() -> int:
        asking.page(running.client, running.page)  # counts its people since the last act
        db.session.close()
        statements.clear()
        asking.page(running.client, running.page)
        return len(statements)

    few = counted()
    for number in range(10):
        teaching.participant(running.course, name=(f"P{number}", "Paz"))
    assert counted() == few
