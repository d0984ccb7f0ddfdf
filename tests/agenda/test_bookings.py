"""Bookings say what the sessions say, whatever was done with them before."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories, teaching
from tests.scheduling.conftest import Table
from trainings.agenda import act_queries, booking_writes, queries, writes
from trainings.agenda import operations as agenda
from trainings.agenda.clash_queries import slot
from trainings.agenda.models import Booking
from trainings.core.db import db, transaction
from trainings.core.errors import Refusal
from trainings.courses.models import Course
from trainings.courses.rules import CourseMove
from trainings.desk import move_operations
from trainings.rosters import operations as rosters
from trainings.scheduling import operations


def booked() -> set[tuple[str, str, datetime, datetime]]:
    """Every booking there is."""
    db.session.close()
    rows = db.session.scalars(select(Booking))
    return {(one.session_id, one.resource_id, one.starts_utc, one.ends_utc) for one in rows}


def needed(*courses: str) -> set[tuple[str, str, datetime, datetime]]:
    """What the sessions of these courses need."""
    db.session.close()
    return {
        (row.id, one, row.starts_utc, row.ends_utc)
        for course in courses
        for row in queries.sessions_of(course)
        for one in slot(row).needs
    }


@pytest.fixture
def table(each_app: Flask) -> Table:
    return Table()


def test_whatever_is_done_the_bookings_follow(table: Table) -> None:
    seed = int(os.environ.get("TRAININGS_TEST_SEED", random.SystemRandom().randrange(2**32)))
    print(f"TRAININGS_TEST_SEED={seed}")
    chance = random.Random(seed)
    for _ in range(40):
        act = chance.choice(_acts(table, chance))
        db.session.close()
        with suppress(Refusal):
            act()
        assert booked() == needed(table.course), seed


def _acts(table: Table, chance: random.Random) -> list[Callable[[], object]]:
    """Everything that changes what is needed when, with what chance puts in."""
    by, course = table.by, table.course
    rows = {row.id: row.version for row in act_queries.rows(course, _ids(course)).values()}
    if not rows:
        wanted = teaching.slot(course, room_id=table.hall, trainers=(table.ruth,))
        return [lambda: agenda.add_session(course, wanted, by)]
    one, other = chance.choice(list(rows)), chance.choice(list(rows))
    shown, two = {one: rows[one]}, {one: rows[one], other: rows[other]}
    day = teaching.session_day(course) + timedelta(days=chance.randrange(4))
    at = datetime.combine(day, time(chance.randrange(8, 18), chance.choice((0, 30))))
    room = chance.choice((None, "", table.hall, table.side))
    who = [chance.choice((table.ruth, table.luis))]
    return [
        lambda: operations.move(course, shown, at, by, room=room, add=who),
        lambda: operations.assign(course, shown, by, room=room, add=(), release=who),
        lambda: operations.swap(course, two, by),
        lambda: operations.duplicate(course, shown, at, by),
        lambda: operations.unschedule(course, shown, by),
        lambda: operations.remove(course, shown, by),
        lambda: operations.shift(course, day, time(8), 30, by),
        lambda: agenda.undo(course, by),
        lambda: agenda.redo(course, by),
        lambda: _move_all(course, chance.choice((-1, 0, 1))),
    ]


def _ids(course: str) -> list[str]:
    rows = (*queries.sessions_of(course), *act_queries.waiting(course))
    return [row.id for row in rows]


def _move_all(course: str, days: int) -> None:
    with booking_writes.naming_clashes(None), transaction() as session:
        row = session.get_one(Course, course)
        row.starts_on += timedelta(days=days)
        row.ends_on += timedelta(days=days)
        writes.move_days(session, row, days)


def test_who_leaves_a_course_is_free_and_the_rooms_stay_booked(table: Table) -> None:
    rosters.withdraw_invitation(table.ruth, table.by)
    assert booked() == needed(table.course) != set()


def test_a_cancelled_course_needs_nothing(table: Table) -> None:
    other = factories.course("TWO27")
    room = teaching.room("Sala C")
    agenda.add_session(other, teaching.slot(other, room_id=room), table.by)
    move_operations.move_course(table.by, "BUE27", CourseMove.CANCEL, "No donor.")
    assert booked() == needed(other) != set()


def test_a_template_books_nothing(table: Table) -> None:
    with transaction() as session:
        session.get_one(Course, table.course).template = True
        booking_writes.free_all(session, table.course)
    operations.move(table.course, table.shown(table.noon), table.at("14:00"), table.by)
    assert booked() == set()
