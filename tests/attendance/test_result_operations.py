"""Results of a test: who enters them and from when; the latest decides who passed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories, teaching
from tests.attendance.test_operations import Room
from trainings.agenda import operations as agenda
from trainings.agenda.rules import MarksTaken, SessionKind
from trainings.attendance import operations, result_operations, result_queries, writes
from trainings.attendance.result_rules import Result, ResultsClosed, ResultsNotYet
from trainings.attendance.rules import Mark
from trainings.audit.models import AuditEntry
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role
from trainings.courses.rules import CourseState
from trainings.registrations.rules import State

PASSED, FAILED = Result.PASSED, Result.NOT_PASSED


@pytest.fixture
def room(each_app: Flask) -> Iterator[Room]:
    noon = clock.now().replace(hour=15, minute=0, second=0)
    with clock.at(noon):
        yield Room()


def test_entered_changed_and_taken_back(room: Room) -> None:
    assert result_operations.enter(room.test, {room.ana: FAILED}, room.trainer) == {room.ana: None}
    both = {room.ana: PASSED, room.eva: FAILED}
    assert result_operations.enter(room.test, both, room.by) == {room.ana: FAILED, room.eva: None}
    assert result_operations.enter(room.test, both, room.by) == {}, "nothing changed"
    result_operations.enter(room.test, {room.eva: None}, room.trainer)
    assert result_queries.results_of(room.test) == {room.ana: PASSED}
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "test.result").order_by(AuditEntry.number)
    ).all()
    assert [one.details["results"] for one in entries] == [
        {room.ana: "not_passed"},
        {room.ana: "passed", room.eva: "not_passed"},
        {room.eva: None},
    ]


def test_the_rest_who_were_there_passed(room: Room) -> None:
    late = teaching.participant(room.course, name=("Zoe", "Paz"))
    unseen = teaching.participant(room.course, name=("Iris", "Sol"))
    marks = {room.ana: Mark.PRESENT, room.eva: Mark.ABSENT, late: Mark.LATE}
    operations.mark_many(room.test, marks, room.by)
    result_operations.enter(room.test, {room.ana: FAILED}, room.by)
    passed, moment = result_operations.pass_rest(room.test, room.trainer)
    assert passed == [late]
    assert result_queries.results_of(room.test) == {room.ana: FAILED, late: PASSED}
    assert result_operations.pass_rest(room.test, room.trainer)[0] == []
    assert unseen not in result_queries.results_of(room.test)
    assert result_operations.take_back(room.test, moment, room.by) == 0, "not theirs"
    assert result_operations.take_back(room.test, moment, room.trainer) == 1
    assert result_queries.results_of(room.test) == {room.ana: FAILED}


def test_undoing_keeps_what_was_changed_since(room: Room) -> None:
    operations.mark_many(room.test, {room.ana: Mark.PRESENT, room.eva: Mark.LATE}, room.by)
    passed, moment = result_operations.pass_rest(room.test, room.by)
    assert passed == sorted([room.ana, room.eva])
    result_operations.enter(room.test, {room.ana: FAILED}, room.trainer)
    assert result_operations.take_back(room.test, moment, room.by) == 1
    assert result_queries.results_of(room.test) == {room.ana: FAILED}


def test_a_result_entered_meanwhile_is_kept(room: Room) -> None:
    now = clock.now()
    with transaction() as session:
        writes.set_results(session, room.test, {room.ana: FAILED}, by=None, at=now)
        rest = {room.ana: PASSED, room.eva: PASSED}
        writes.set_results(session, room.test, rest, by=None, at=now, over=False)
    assert result_queries.results_of(room.test) == {room.ana: FAILED, room.eva: PASSED}


def test_the_latest_result_decides(room: Room) -> None:
    """Who failed and sat again passed; the test before the course is no pass after it."""

    def passed() -> frozenset[str]:
        found = result_queries.passed_in(room.course)
        assert result_queries.passed_of([room.ana, room.eva]) == found
        return found

    assert passed() == frozenset()
    result_operations.enter(room.first, {room.ana: PASSED, room.eva: FAILED}, room.by)
    assert passed() == {room.ana}
    result_operations.enter(room.test, {room.ana: FAILED, room.eva: PASSED}, room.by)
    assert passed() == {room.eva}
    result_operations.enter(room.test, {room.ana: None, room.eva: None}, room.by)
    assert passed() == {room.ana}, "without the later one the earlier counts"
    assert result_queries.passed_of([]) == frozenset()


def test_others_do_not_enter_results(room: Room) -> None:
    for other in (
        factories.account(Role.TRAINER, course_id=factories.course("LIM27")),
        factories.account(Role.ORGANISER, course_id=factories.course("QUI27")),
        factories.account(Role.FOCAL_POINT, country="BO"),
        factories.account(Role.ADMINISTRATOR),
    ):
        with pytest.raises(NotFound):
            result_operations.enter(room.test, {room.ana: PASSED}, other)
        with pytest.raises(NotFound):
            result_operations.pass_rest(room.test, other)
        with pytest.raises(NotFound):
            result_operations.take_back(room.test, clock.now(), other)
    assert result_queries.results_of(room.test) == {}


def test_only_of_a_test_and_of_people_of_the_course(room: Room) -> None:
    there = teaching.slot(room.course, "14:00", "15:00", kind=SessionKind.OTHER)
    for session_id in (room.pause, agenda.add_session(room.course, there, room.by), "gone"):
        with pytest.raises(NotFound):
            result_operations.enter(session_id, {room.ana: PASSED}, room.by)
    stranger = teaching.participant(factories.course("LIM27", starts_in=0))
    withdrawn = teaching.participant(room.course, name=("Iris", "Sol"), state=State.WITHDRAWN)
    for nobody in (stranger, withdrawn, "gone"):
        with pytest.raises(NotFound):
            result_operations.enter(room.test, {room.ana: PASSED, nobody: PASSED}, room.by)
    assert result_queries.results_of(room.test) == {}


def test_from_its_day_on_and_after_the_course_but_not_when_cancelled(room: Room) -> None:
    with clock.at(clock.now() - timedelta(days=1)), pytest.raises(ResultsNotYet):
        result_operations.enter(room.test, {room.ana: PASSED}, room.by)
    room.move(CourseState.COMPLETED)
    result_operations.enter(room.test, {room.ana: PASSED}, room.trainer)
    room.move(CourseState.CANCELLED)
    with pytest.raises(ResultsClosed):
        result_operations.enter(room.test, {room.ana: FAILED}, room.by)
    with pytest.raises(ResultsClosed):
        result_operations.pass_rest(room.test, room.by)
    with pytest.raises(ResultsClosed):
        result_operations.take_back(room.test, clock.now(), room.by)
    assert result_queries.results_of(room.test) == {room.ana: PASSED}


def test_a_test_with_results_stays_in_the_agenda(room: Room) -> None:
    result_operations.enter(room.test, {room.ana: PASSED}, room.by)
    with pytest.raises(MarksTaken):
        agenda.remove_session(room.course, room.test, room.by)
