"""What other domains do with an agenda: another zone, other days, a copy for a new course."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from tests import factories, teaching
from trainings.agenda import (
    act_queries,
    booking_writes,
    clash_rules,
    operations,
    queries,
    rules,
    writes,
)
from trainings.agenda.models import WaitingSession
from trainings.agenda.rules import SessionKind
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.writes import plan_minutes


@pytest.fixture
def by(each_app: Flask) -> Viewer:
    return factories.account(Role.ORGANISER, agency="IOM")


def rezone(course: str, zone: str, by: Viewer | None = None) -> None:
    with booking_writes.naming_clashes(by), transaction() as session:
        row = session.get_one(Course, course)
        row.zone = zone
        writes.rezone(session, row, by)


def test_another_zone_keeps_the_wall_times(by: Viewer) -> None:
    course = factories.course()
    operations.add_session(course, teaching.slot(course, "09:00", "10:30"), by)
    before = queries.sessions_of(course)[0].starts_utc
    db.session.close()
    rezone(course, "America/Lima")
    (row,) = queries.sessions_of(course)
    assert f"{row.starts_at:%H:%M}" == "09:00"
    assert (row.starts_utc - before, row.minutes) == (timedelta(hours=2), 90)


def test_another_zone_checks_clashes_again(by: Viewer) -> None:
    room = teaching.room()
    first, second = factories.course("ONE27"), factories.course("TWO27")
    trainer = teaching.trainer(by, name=("Ruth", "Choque"))
    givers = [teaching.course_trainer(course, trainer, by) for course in (first, second)]
    operations.add_session(first, teaching.slot(first, "09:00", "10:30", room_id=room), by)
    operations.add_session(second, teaching.slot(second, "11:00", "12:00", room_id=room), by)
    with pytest.raises(clash_rules.RoomBusyElsewhere):
        rezone(first, "America/Lima")
    with pytest.raises(clash_rules.RoomBusy) as refused:
        rezone(first, "America/Lima", by)
    assert "Session at 11:00" in str(refused.value)
    assert queries.sessions_of(first)[0].starts_utc.hour == 12, "nothing was changed"
    db.session.close()
    for course, giver in zip((first, second), givers, strict=True):
        start = "14:00" if course == first else "16:00"
        data = teaching.slot(course, start, f"{int(start[:2]) + 1}:00", trainers=(giver,))
        operations.add_session(course, data, by)
        row = queries.sessions_of(course)[0]
        operations.remove_session(course, row.id, by)
    with pytest.raises(clash_rules.TrainerBusy) as refused:
        rezone(first, "America/Lima", by)
    assert "Ruth Choque" in str(refused.value)


def test_a_zone_in_which_a_time_is_missing_is_refused(by: Viewer) -> None:
    day = date(2027, 3, 28)
    course = factories.course(starts_on=day, ends_on=day)
    operations.add_session(course, teaching.slot(course, "02:30", "04:00"), by)
    with pytest.raises(rules.TimeDoesNotExist):
        rezone(course, "Europe/Vienna")


def test_other_days_move_everything(by: Viewer) -> None:
    course = factories.course()
    for day in (0, 2):
        operations.add_session(course, teaching.slot(course, day=day), by)
    before = [row.day for row in queries.sessions_of(course)]
    db.session.close()
    with transaction() as session:
        row = session.get_one(Course, course)
        row.starts_on, row.ends_on = row.starts_on + timedelta(7), row.ends_on + timedelta(7)
        assert writes.move_days(session, row, 7) == 2
    after = queries.sessions_of(course)
    assert [row.day - timedelta(7) for row in after] == before
    assert all(row.starts_utc.date() == row.day for row in after)


def test_a_copy_has_the_sessions_without_the_trainers(by: Viewer) -> None:
    course, module, room = factories.course(), teaching.module(), teaching.room()
    teaching.teach(course, module)
    giver = teaching.course_trainer(course, teaching.trainer(by), by)
    operations.add_session(
        course, teaching.slot(course, module_id=module, room_id=room, trainers=(giver,)), by
    )
    operations.add_session(course, teaching.slot(course, "15:00", "16:00", day=3), by)
    other = factories.course("NEW27", starts_in=90)
    with transaction() as session:
        row = session.get_one(Course, other)
        row.ends_on = row.starts_on + timedelta(2)
        assert writes.copy_agenda(session, course, other, 30) == 1, "the fourth day is not there"
    (copy,) = queries.sessions_of(other)
    assert (copy.day, copy.assignments) == (teaching.session_day(other), [])
    assert copy.room is not None and copy.room.id == room
    assert copy.module is None, "the new course does not teach it"
    assert len(queries.sessions_of(course)) == 2


def test_a_copy_has_planned_minutes_and_what_waits(by: Viewer) -> None:
    course, module = factories.course(), teaching.module()
    teaching.teach(course, module)
    other = factories.course("NEW27", starts_in=90)
    teaching.teach(other, module)
    with transaction() as session:
        plan_minutes(session, session.get_one(Course, course), module, 240)
        session.add(
            WaitingSession(
                id="w" * 22,
                course_id=course,
                kind=SessionKind.MODULE,
                module_id=module,
                titles={"en": "Waits"},
                minutes=60,
                trainers=["somebody"],
            )
        )
    with transaction() as session:
        assert writes.copy_agenda(session, course, other, 30) == 0
    (waits,) = act_queries.waiting(other)
    assert (waits.titles, waits.minutes, waits.trainers) == ({"en": "Waits"}, 60, [])
    (taught,) = courses.by_id(other, load=("modules",)).modules
    assert taught.planned_minutes == 240


def test_a_copy_leaves_rooms_that_are_taken(by: Viewer) -> None:
    course, room = factories.course(), teaching.room()
    operations.add_session(course, teaching.slot(course, room_id=room), by)
    other = factories.course("NEW27")
    with transaction() as session:
        assert writes.copy_agenda(session, course, other, 0) == 1
    assert queries.sessions_of(other)[0].room is None
