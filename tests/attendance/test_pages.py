"""The pages of attendance, through the client: with and without script."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories, teaching
from trainings.agenda import operations as agenda
from trainings.agenda.rules import SessionKind
from trainings.attendance import operations, queries, result_operations
from trainings.attendance.result_queries import results_of
from trainings.attendance.result_rules import Result
from trainings.attendance.rules import Mark
from trainings.core.db import db, transaction
from trainings.core.permissions import Role
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.people.models import IdentityRead


class Running:
    """A running course with one session of yesterday and three people."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.by = factories.account(Role.ORGANISER, agency="IOM")
        self.course = factories.course(starts_in=-2, state=CourseState.RUNNING)
        self.session = agenda.add_session(
            self.course, teaching.slot(self.course, kind=SessionKind.TEST), self.by
        )
        names = (("Zoe", "Álvarez"), ("Ana", "Rojas"), ("Eva", "Benítez"))
        self.zoe, self.ana, self.eva = (
            teaching.participant(self.course, name=name) for name in names
        )
        self.trainer = factories.account(Role.TRAINER, course_id=self.course)
        self.page = f"/courses/BUE27/attendance/{self.session}"
        factories.sign_in(client, self.trainer)

    def marks(self) -> dict[str, Mark]:
        db.session.close()
        return dict(queries.marks_of(self.session))

    def end(self) -> None:
        with transaction() as session:
            session.get_one(Course, self.course).state = CourseState.COMPLETED


@pytest.fixture
def running(app: Flask, client: FlaskClient) -> Running:
    return Running(client)


def test_people_in_order_of_name_each_look_logged(running: Running) -> None:
    page = running.client.get(running.page).text
    names = re.findall(r'<legend class="visually-hidden">([^<]+)</legend>', page)
    assert names == ["Álvarez, Zoe", "Benítez, Eva", "Rojas, Ana"]
    assert "Bolivia · Judge" in page
    db.session.close()
    looks = db.session.scalars(select(IdentityRead)).all()
    assert [(one.by, one.purpose) for one in looks] == [(running.trainer.account_id, "attendance")]
    assert len(looks[0].persons) == 3


def test_one_mark_is_saved_in_place(running: Running, statements: list[str]) -> None:
    running.client.post(f"{running.page}/mark", data={f"mark-{running.eva}": "absent"})
    db.session.close()
    statements.clear()
    answer = running.client.post(f"{running.page}/mark", data={f"mark-{running.ana}": "late"})
    assert answer.status_code == 200
    assert re.fullmatch(r'<b id="marked" hx-swap-oob="true" data-at="\d{16}">2</b>', answer.text)
    assert len(statements) <= 8, "\n".join(statements)
    assert running.marks() == {running.ana: Mark.LATE, running.eva: Mark.ABSENT}


@pytest.mark.parametrize("sent", [{}, {"mark-x": "late"}, {"mark-": "present"}, {"other": "late"}])
def test_a_mark_for_nobody_is_not_there(running: Running, sent: dict[str, str]) -> None:
    assert running.client.post(f"{running.page}/mark", data=sent).status_code == 404
    wrong = {f"mark-{running.ana}": "asleep"}
    assert running.client.post(f"{running.page}/mark", data=wrong).status_code == 404
    two = {f"mark-{running.ana}": "late", f"mark-{running.eva}": "late"}
    assert running.client.post(f"{running.page}/mark", data=two).status_code == 404
    assert running.marks() == {}


def test_without_script_the_page_is_saved_whole(running: Running) -> None:
    sent = {f"mark-{running.ana}": "present", f"mark-{running.zoe}": "excused", "mark-gone": "late"}
    assert running.client.post(running.page, data=sent).location == running.page
    assert running.marks() == {running.ana: Mark.PRESENT, running.zoe: Mark.EXCUSED}
    page = running.client.get(running.page).text
    assert page.count("checked") == 2 and "2 marks saved." in page


def test_saved_with_nothing_marked_the_page_comes_again(running: Running) -> None:
    """It was a 404."""
    page = running.client.post(running.page, data={}, follow_redirects=True)
    assert page.status_code == 200 and "0 marks saved." in page.text
    assert running.marks() == {}


def test_a_page_that_is_old_takes_nothing_of_others_back(running: Running) -> None:
    """What the page had shown and nobody touched on it is no choice."""
    operations.mark(running.session, running.ana, Mark.ABSENT, running.by)
    sent = {
        f"mark-{running.ana}": "present",
        f"was-mark-{running.ana}": "present",
        f"mark-{running.zoe}": "late",
        f"was-mark-{running.zoe}": "",
    }
    running.client.post(running.page, data=sent)
    assert running.marks() == {running.ana: Mark.ABSENT, running.zoe: Mark.LATE}


@pytest.mark.parametrize("kind", ["mark", "result"])
def test_two_who_choose_differently_are_shown_both(running: Running, kind: str) -> None:
    """The second sees the first one's choice beside the own; saved again, the own one stands."""
    mine, other = ("late", Mark.ABSENT) if kind == "mark" else ("passed", Result.NOT_PASSED)
    path = running.page if kind == "mark" else f"{running.page}/results"
    none = "" if kind == "mark" else "none"

    def stored() -> Mapping[str, object]:
        db.session.close()
        return running.marks() if kind == "mark" else results_of(running.session)

    if isinstance(other, Mark):
        operations.mark(running.session, running.ana, other, running.by)
    else:
        result_operations.enter(running.session, {running.ana: other}, running.by)
    sent = {f"{kind}-{running.ana}": mine, f"was-{kind}-{running.ana}": none}
    page = running.client.post(path, data=sent)
    assert page.status_code == 200
    assert "Somebody else changed one person’s entry" in page.text
    assert f"Somebody else chose: {other.label}" in page.text
    assert f'name="was-{kind}-{running.ana}" value="{other}"' in page.text
    assert re.search(rf'name="{kind}-{running.ana}" value="{mine}"[^>]* checked', page.text)
    assert stored() == {running.ana: other}
    again = sent | {f"was-{kind}-{running.ana}": str(other)}
    assert running.client.post(path, data=again).status_code == 303
    assert {key: str(value) for key, value in stored().items()} == {running.ana: mine}


@pytest.mark.parametrize("kind", ["mark", "result"])
def test_in_place_the_other_choice_comes_back(running: Running, kind: str) -> None:
    operations.mark(running.session, running.ana, Mark.ABSENT, running.by)
    result_operations.enter(running.session, {running.ana: Result.NOT_PASSED}, running.by)
    path = f"{running.page}/mark" if kind == "mark" else f"{running.page}/results/one"
    mine, other = ("late", "absent") if kind == "mark" else ("passed", "not_passed")
    sent = {f"{kind}-{running.ana}": mine, f"was-{kind}-{running.ana}": ""}
    answer = running.client.post(path, data=sent)
    assert answer.status_code == 409 and answer.headers["Kept"] == other
    assert "In the meantime somebody else chose" in answer.text
    same = {f"{kind}-{running.ana}": other, f"was-{kind}-{running.ana}": ""}
    assert running.client.post(path, data=same).status_code == 200, "both want the same"


def test_the_rest_present_and_undone(running: Running) -> None:
    operations.mark(running.session, running.ana, Mark.ABSENT, running.by)
    sent = running.client.post(f"{running.page}/rest")
    assert running.marks() == {
        running.ana: Mark.ABSENT,
        running.eva: Mark.PRESENT,
        running.zoe: Mark.PRESENT,
    }
    page = running.client.get(sent.location).text
    moment = re.search(r'name="moment" value="([^"]+)"', page)
    assert moment is not None and "2 people marked present." in page
    running.client.post(f"{running.page}/undo", data={"moment": moment[1]})
    assert running.marks() == {running.ana: Mark.ABSENT}
    for wrong in ("x", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        answer = running.client.post(f"{running.page}/undo", data={"moment": wrong})
        assert answer.status_code == 404, wrong


def test_refused_when_the_course_is_over(running: Running) -> None:
    running.end()
    page = running.client.get(running.page).text
    assert "The course is over" in page and "Save page" not in page and "disabled" in page
    sent = {f"mark-{running.ana}": "late"}
    answer = running.client.post(f"{running.page}/mark", data=sent)
    assert answer.status_code == 409 and "The course is over" in answer.text
    saved = running.client.post(running.page, data=sent)
    assert saved.status_code == 200 and "There is a problem" in saved.text
    page = running.client.post(f"{running.page}/rest", follow_redirects=True).text
    assert "The course is over" in page
    assert running.marks() == {}


def test_the_overview_says_who_can_no_longer_reach_it(running: Running) -> None:
    agenda.add_session(
        running.course, teaching.slot(running.course, day=1, kind=SessionKind.TEST), running.by
    )
    operations.mark_many(
        running.session, {running.ana: Mark.PRESENT, running.eva: Mark.ABSENT}, running.by
    )
    page = running.client.get("/courses/BUE27/attendance").text
    assert "2/3" in page and "50%" in page
    assert "One person can no longer reach 80%" in page
    assert page.count("still possible") == 2 and page.count("out of reach") == 1
    only = running.client.get("/courses/BUE27/attendance?below=yes").text
    assert "Benítez, Eva" in only and "Rojas, Ana" not in only
    running.end()
    page = running.client.get("/courses/BUE27/attendance").text
    assert "3 people did not reach 80%" in page and page.count("not reached") == 3


def test_a_trainer_of_another_course_finds_nothing(running: Running) -> None:
    other = factories.course("OTH27", lead="INTERPOL", agencies=("INTERPOL",))
    strangers = [
        factories.account(Role.TRAINER, course_id=other),
        factories.account(Role.ORGANISER, course_id=other),
        factories.account(Role.FOCAL_POINT, country="BO"),
        factories.account(),
    ]
    for stranger in strangers:
        factories.sign_in(running.client, stranger)
        for path in ("/courses/BUE27/attendance", running.page):
            assert running.client.get(path).status_code == 404
        sent = {f"mark-{running.ana}": "late"}
        for path in (running.page, f"{running.page}/mark", f"{running.page}/rest"):
            assert running.client.post(path, data=sent).status_code == 404
    factories.sign_in(running.client, running.by)
    assert running.client.get(f"/courses/OTH27/attendance/{running.session}").status_code == 404
    assert running.marks() == {}


def test_statements_do_not_grow_with_people(running: Running, statements: list[str]) -> None:
    counts = []
    for more in (0, 12):
        for _ in range(more):
            teaching.participant(running.course)
        for path in (running.page, "/courses/BUE27/attendance"):
            running.client.get(path)  # whose people were not counted since the last act
            db.session.close()
            statements.clear()
            assert running.client.get(path).status_code == 200
            counts.append(len(statements))
    assert counts[:2] == counts[2:], counts
    assert max(counts) <= 16, "\n".join(statements)
