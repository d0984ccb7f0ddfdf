"""Marks: one, many, the rest; who may make them and until when; what they come to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from tests import factories, teaching
from tests.attendance.conftest import Room
from trainings.agenda import operations as agenda
from trainings.attendance import hours_queries, operations, queries, writes
from trainings.attendance.rules import AttendanceClosed, Mark, NotTaken, NotYet, Share
from trainings.audit.models import AuditEntry
from trainings.core import clock
from trainings.core.dates import in_full
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.courses.rules import CourseState
from trainings.registrations.rules import State


def test_marked_changed_and_taken_back(room: Room) -> None:
    operations.mark(room.first, room.ana, Mark.ABSENT, room.trainer)
    operations.mark(room.first, room.ana, Mark.LATE, room.trainer)
    assert queries.marks_of(room.first) == {room.ana: Mark.LATE}
    operations.mark(room.first, room.ana, None, room.trainer)
    assert queries.marks_of(room.first) == {}
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "attendance.mark").order_by(AuditEntry.number)
    ).all()
    assert [one.details["marks"] for one in entries] == [
        {room.ana: "absent"},
        {room.ana: "late"},
        {room.ana: None},
    ]
    assert {one.by for one in entries} == {room.trainer.account_id}


def test_many_at_once_say_what_was_before(room: Room) -> None:
    operations.mark(room.first, room.ana, Mark.EXCUSED, room.by)
    marks = {room.ana: Mark.PRESENT, room.eva: Mark.ABSENT}
    before = operations.mark_many(room.first, marks, room.by)
    assert before == {room.ana: Mark.EXCUSED, room.eva: None}
    assert operations.mark_many(room.first, marks, room.by) == {}, "nothing changed"
    operations.mark_many(room.first, before, room.by)
    assert queries.marks_of(room.first) == {room.ana: Mark.EXCUSED}, "undone"


def test_the_rest_present_leaves_who_is_marked(room: Room) -> None:
    operations.mark(room.first, room.ana, Mark.ABSENT, room.by)
    done, moment = operations.mark_rest(room.first, room.by)
    assert done == [room.eva]
    assert queries.marks_of(room.first) == {room.ana: Mark.ABSENT, room.eva: Mark.PRESENT}
    assert operations.mark_rest(room.first, room.by)[0] == []
    assert operations.take_back(room.first, moment, room.trainer) == 0, "not theirs"
    assert operations.take_back(room.first, moment, room.by) == 1
    assert queries.marks_of(room.first) == {room.ana: Mark.ABSENT}


def test_a_mark_made_meanwhile_is_kept(room: Room) -> None:
    now = clock.now()
    with transaction() as session:
        writes.set_marks(session, room.first, {room.ana: Mark.ABSENT}, by=None, at=now)
        writes.set_marks(
            session,
            room.first,
            {room.ana: Mark.PRESENT, room.eva: Mark.PRESENT},
            by=None,
            at=now,
            over=False,
        )
    assert queries.marks_of(room.first) == {room.ana: Mark.ABSENT, room.eva: Mark.PRESENT}


def _acts(room: Room, by: Viewer) -> list[Callable[[], object]]:
    return [
        lambda: operations.mark(room.first, room.ana, Mark.PRESENT, by),
        lambda: operations.mark_many(room.first, {room.ana: Mark.PRESENT}, by),
        lambda: operations.mark_rest(room.first, by),
        lambda: operations.take_back(room.first, clock.now(), by),
    ]


def test_only_organisers_and_trainers_of_the_course_mark(room: Room) -> None:
    other = factories.course("OTH27", lead="INTERPOL", agencies=("INTERPOL",))
    for stranger in (
        factories.account(Role.TRAINER, course_id=other),
        factories.account(Role.ORGANISER, course_id=other),
        factories.account(Role.FOCAL_POINT, country="BO"),
        factories.account(Role.ADMINISTRATOR),
        factories.account(),
    ):
        for act in _acts(room, stranger):
            with pytest.raises(NotFound):
                act()
    assert queries.marks_of(room.first) == {}


@pytest.mark.parametrize("state", [CourseState.COMPLETED, CourseState.CANCELLED])
def test_marks_of_an_ended_course_stay(room: Room, state: CourseState) -> None:
    room.move(state)
    for act in _acts(room, room.by):
        with pytest.raises(AttendanceClosed) as refused:
            act()
        assert "reopen" in str(refused.value)
    assert queries.marks_of(room.first) == {}


def test_breaks_and_sessions_to_come_have_no_marks(room: Room) -> None:
    with pytest.raises(NotTaken):
        operations.mark(room.pause, room.ana, Mark.PRESENT, room.by)
    data = teaching.slot(room.course, day=1)
    tomorrow = agenda.add_session(room.course, data, room.by)
    with pytest.raises(NotYet) as refused:
        operations.mark(tomorrow, room.ana, Mark.PRESENT, room.by)
    assert in_full(data.day) in str(refused.value)
    with clock.shifted(timedelta(days=1)):
        operations.mark(tomorrow, room.ana, Mark.PRESENT, room.by)


@pytest.mark.parametrize("state", sorted(set(State) - set(queries.MARKED)))
def test_who_did_not_confirm_is_not_marked(room: Room, state: State) -> None:
    offered = teaching.participant(room.course, state=state)
    with pytest.raises(NotFound):
        operations.mark_many(room.first, {room.ana: Mark.PRESENT, offered: Mark.PRESENT}, room.by)
    assert queries.marks_of(room.first) == {}
    assert operations.mark_rest(room.first, room.by)[0] == sorted([room.ana, room.eva])


def test_people_of_another_course_are_not_marked(room: Room) -> None:
    stranger = teaching.participant(factories.course("OTH27"))
    with pytest.raises(NotFound):
        operations.mark(room.first, stranger, Mark.PRESENT, room.by)


def test_minutes_shares_and_who_came(room: Room) -> None:
    operations.mark_many(room.first, {room.ana: Mark.LATE, room.eva: Mark.ABSENT}, room.by)
    operations.mark_many(room.test, {room.ana: Mark.EXCUSED, room.eva: Mark.EXCUSED}, room.by)
    assert hours_queries.minutes_attended(room.course) == {room.ana: 100}
    assert hours_queries.shares(room.course) == {
        room.ana: Share(100, 150, 50),
        room.eva: Share(0, 150, 150),
    }
    assert queries.came(room.course) == {room.ana}
    assert queries.numbers(room.course)[room.test] == {Mark.EXCUSED: 2}
    assert queries.marked(room.first) == 2


def test_what_does_not_count_in_hours_still_shows_who_came(room: Room) -> None:
    opening = agenda.add_session(room.course, teaching.slot(room.course, "08:30", "09:00"), room.by)
    operations.mark(opening, room.eva, Mark.PRESENT, room.by)
    assert hours_queries.minutes_attended(room.course) == {}
    assert queries.came(room.course) == {room.eva}


def test_more_people_are_marked_at_once_than_a_statement_has_room_for(room: Room) -> None:
    keys = [teaching.participant(room.course) for _ in range(3)]
    many = {**dict.fromkeys(keys, Mark.PRESENT)}
    with transaction() as session:
        writes.set_marks(session, room.first, many, by=None, at=clock.now())
        writes.set_marks(session, room.first, {keys[0]: Mark.LATE}, by=None, at=clock.now())
        again = dict.fromkeys(keys, Mark.ABSENT)
        writes.set_marks(session, room.first, again, by=None, at=clock.now(), over=False)
    found = queries.marks_of(room.first)
    assert [found[key] for key in keys] == [Mark.LATE, Mark.PRESENT, Mark.PRESENT]


def test_few_statements_whatever_the_number_of_people(room: Room) -> None:
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK")):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    operations.mark(room.first, room.ana, Mark.PRESENT, room.trainer)
    assert len(sent) <= 5, "\n".join(sent)
    sent.clear()
    for _ in range(5):
        teaching.participant(room.course)
    sent.clear()
    operations.mark_rest(room.first, room.trainer)
    assert len(sent) <= 6, "\n".join(sent)  # everybody is read apart from session and course
    event.remove(db.engine, "before_cursor_execute", note)
