"""A course whose people are asked about their working contacts, and what they answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from tests import factories
from tests.registrations import acting
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.networks import operations, queries, writes
from trainings.networks.count_rules import Reply, counted
from trainings.networks.models import ContactWave
from trainings.networks.rules import Cell, ContactOutcome, Contacts, ContactWay, Often, WaveKind
from trainings.registrations.models import Registration
from trainings.registrations.rules import State

ZONE = "America/Argentina/Buenos_Aires"
GROUPS: Sequence[Cell] = (("AR", "police"), ("BO", "judge"), ("BR", "prosecutor"))


def course(
    count: int = 18, groups: Sequence[Cell] = GROUPS, code: str = "BUE27", **more: object
) -> str:
    """A course with so many confirmed people, taking turns among groups."""
    made = factories.course(code, **{"countries": ["AR", "BO", "BR"], **more})
    acting.share_out(made, {(None, None): 60})
    acting.crowd(made, State.CONFIRMED, count, groups=groups)
    db.session.close()
    return made


def organiser() -> Viewer:
    return factories.account(Role.ORGANISER, agency="IOM")


def registrations(course_id: str) -> list[tuple[str, Cell]]:
    """The ids of a course's registrations, in order, with where they belong."""
    found = registrations_of(db.session, course_id)
    db.session.close()
    return found


def registrations_of(session: Any, course_id: str) -> list[tuple[str, Cell]]:
    """The same, in a session that goes on."""
    rows = session.execute(
        select(Registration.id, Registration.country, Registration.function)
        .where(Registration.course_id == course_id)
        .order_by(Registration.number)
        .execution_options(scope="operation")
    ).all()
    return [(row[0], (row[1], row[2])) for row in rows]


def wave_of(course_id: str, kind: WaveKind = WaveKind.START) -> ContactWave:
    db.session.close()
    found = queries.wave(course_id, kind)
    assert found is not None
    return found


def links(course_id: str, kind: WaveKind = WaveKind.START) -> list[tuple[str, Cell]]:
    """The secrets of everybody's links in a wave, with where they belong."""
    wave_id = wave_of(course_id, kind).id
    return [(queries.token(wave_id, one), cell) for one, cell in registrations(course_id)]


def said(*cells: Cell, often: Often = Often.ONCE) -> Contacts:
    """Contacts with these groups."""
    ways, outcomes = frozenset({ContactWay.MET}), frozenset({ContactOutcome.ADVICE})
    return Contacts(dict.fromkeys(cells, often), ways, outcomes)


def hold(
    course_id: str,
    by: Viewer,
    kind: WaveKind = WaveKind.START,
    answers: int | None = None,
    named: Sequence[Cell] = GROUPS,
) -> None:
    """A whole wave: sent, answered by so many, closed."""
    operations.send(course_id, kind, by)
    for token, _cell in links(course_id, kind)[:answers]:
        operations.answer(token, said(*named))
    operations.close(course_id, kind, by)
    db.session.close()


def move_days(course_id: str, starts_on: date, ends_on: date) -> None:
    """Put a course on other days, without telling anybody."""
    with transaction() as session:
        made = session.get_one(Course, course_id)
        made.starts_on, made.ends_on = starts_on, ends_on


def end(course_id: str) -> None:
    """Complete a course today; everybody attended."""
    today = clock.today(ZONE)
    move_days(course_id, today, today)
    acting.end(course_id, CourseState.COMPLETED)
    with transaction() as session:
        rows = session.scalars(
            select(Registration)
            .where(Registration.course_id == course_id)
            .execution_options(scope="operation")
        )
        for one in rows:
            one.state = State.ATTENDED


def gaps(here: str, now: str, code: str) -> dict[tuple[str, str], str]:
    """A counted wave of one course, an open one of another, where somebody may answer."""
    there = [Reply(cell, said(("BO", "police"))) for cell in [("BO", "judge")] * 12]
    with transaction() as session:
        closed = writes.add_wave(session, here, WaveKind.START, clock.today(ZONE))
        closed.sent_at = closed.closed_at = clock.now()
        closed.counted = counted(there, [("BO", "judge"), ("BO", "police")], None)
        wave = writes.add_wave(session, now, WaveKind.END, clock.today(ZONE))
        wave.sent_at, wave.last_on = clock.now(), clock.today(ZONE) + timedelta(days=13)
        session.flush()
        writes.keep_asked(session, wave.id, [one for one, _cell in registrations_of(session, now)])
        token = queries.token(wave.id, registrations_of(session, now)[0][0])
    return {
        ("/courses/<code>/network", "code"): code,
        ("/courses/<code>/network", "wave"): "three",
        ("/network", "token"): token,
    }
