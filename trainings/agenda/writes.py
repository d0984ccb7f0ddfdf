"""Moves and copies whole agendas, and releases trainers, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from trainings.agenda import act_queries, booking_writes, clash_queries, queries
from trainings.agenda.clash_rules import Slot, minutes
from trainings.agenda.models import AgendaAct, AgendaSession, Assignment, Booking, WaitingSession
from trainings.agenda.rules import to_utc
from trainings.core import clock
from trainings.core.db import new_key
from trainings.core.permissions import Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.rosters.models import CourseTrainer


class Times(NamedTuple):
    """The same span of time, in local time and in UTC."""

    starts: datetime
    ends: datetime

    @classmethod
    def of(cls, day_start: datetime, day_end: datetime, zone: str) -> Times:
        """Build the UTC times of two local times. Raises ``TimeRefused``, ``ZoneUnknown``."""
        return cls(to_utc(day_start, zone), to_utc(day_end, zone))


def rezone(session: Session, course: Course, by: Viewer | None = None) -> int:
    """Keep the local times of a course whose zone has changed; returns how many sessions moved.

    The course's row is locked and has the new zone. Raises ``TimeRefused`` if a time does not exist
    there, ``Busy`` if a room or trainer is needed twice (wrap the transaction in
    ``naming_clashes``).
    """
    return _shift(session, course, timedelta(), by)


def move_days(session: Session, course: Course, days: int, by: Viewer | None = None) -> int:
    """Move all sessions of a course whose first day has moved; returns how many moved.

    The course's row is locked and has its new days. Raises like ``rezone``.
    """
    return _shift(session, course, timedelta(days=days), by)


def _shift(session: Session, course: Course, by_days: timedelta, by: Viewer | None) -> int:
    rows = queries.sessions_of(course.id)
    before = [clash_queries.slot(row) for row in rows]
    clash_queries.lock(
        {trainer for slot in before for trainer in slot.trainers},
        {slot.room for slot in before if slot.room is not None},
    )
    times = [
        Times.of(
            datetime.combine(row.day + by_days, row.starts_at),
            datetime.combine(row.day + by_days, row.ends_at),
            course.zone,
        )
        for row in rows
    ]
    slots = [
        Slot(slot.session, slot.kind, when.starts, when.ends, slot.room, slot.trainers)
        for slot, when in zip(before, times, strict=True)
    ]
    if course.template is False:
        titles = {row.id: booking_writes.title_of(row) for row in rows}
        booking_writes.check_free(slots, by, course=course, titles=titles)
    for row, slot in zip(rows, slots, strict=True):
        row.day += by_days
        row.starts_utc, row.ends_utc, row.minutes = slot.starts, slot.ends, minutes(slot)
        row.version += 1
    session.flush()
    if course.template is False:
        booking_writes.book(session, slots)
    return len(rows)


def copy_agenda(session: Session, from_course_id: str, to_course_id: str, day_shift: int) -> int:
    """Copy the sessions of another course into a new one, shifted by days; returns how many.

    Leaves out trainers (nobody is invited yet), days that the new course does not have, modules it
    does not teach, and rooms of another venue or taken at that time. What waits to be scheduled is
    copied too, and the planned minutes of the modules.
    """
    target = courses.by_id(to_course_id, load=("modules",))
    source = courses.by_id(from_course_id, load=("modules",))
    taught = {row.module_id for row in target.modules}
    planned = {row.module_id: row.planned_minutes for row in source.modules}
    for module in target.modules:
        module.planned_minutes = planned.get(module.module_id)
    session.add_all(
        WaitingSession(
            id=new_key(),
            course_id=target.id,
            kind=row.kind,
            titles=dict(row.titles),
            module_id=row.module_id if row.module_id in taught else None,
            minutes=row.minutes,
            trainers=[],
            languages=list(row.languages),
            interpreted=list(row.interpreted),
        )
        for row in act_queries.waiting(from_course_id)
    )
    copied = 0
    for row in queries.sessions_of(from_course_id):
        day = row.day + timedelta(days=day_shift)
        if not target.starts_on <= day <= target.ends_on:
            continue
        when = Times.of(
            datetime.combine(day, row.starts_at), datetime.combine(day, row.ends_at), target.zone
        )
        made = AgendaSession(
            id=new_key(),
            course_id=target.id,
            kind=row.kind,
            titles=dict(row.titles),
            languages=list(row.languages),
            interpreted=list(row.interpreted),
            day=day,
            module_id=row.module_id if row.module_id in taught else None,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            starts_utc=when.starts,
            ends_utc=when.ends,
            minutes=int((when.ends - when.starts).total_seconds()) // 60,
        )
        if row.room is not None and row.room.venue == target.venue:
            clash_queries.lock((), [row.room.id])
            if not clash_queries.busy(when.starts, when.ends, [row.room.id], ()):
                made.room_id = row.room.id
        session.add(made)
        session.flush()
        if made.room_id is not None and not target.template:
            slot = Slot(made.id, made.kind, when.starts, when.ends, made.room_id)
            booking_writes.book(session, [slot])
        copied += 1
    return copied


def release_trainer(session: Session, course_trainer_id: str) -> None:
    """Remove a trainer who leaves a course from the sessions that have not begun."""
    trainer = select(CourseTrainer.trainer_id).where(CourseTrainer.id == course_trainer_id)
    to_come = (
        select(AgendaSession.id)
        .join(CourseTrainer, CourseTrainer.course_id == AgendaSession.course_id)
        .where(CourseTrainer.id == course_trainer_id, AgendaSession.starts_utc > clock.now())
    )
    for kind, of_trainer in (
        (Booking, Booking.resource_id == trainer.scalar_subquery()),
        (Assignment, Assignment.course_trainer_id == course_trainer_id),
    ):
        session.execute(
            delete(kind)
            .where(of_trainer, kind.session_id.in_(to_come))
            .execution_options(synchronize_session=False)
        )


def reassign(session: Session, goes: str, stays: str, course_id: str) -> None:
    """Give the sessions of one course trainer to another, also those that wait, and in the acts.

    The caller has locked the course. What both give is given once; an act that is undone later
    finds the one that stays.
    """
    given = session.scalars(select(Assignment).where(Assignment.course_trainer_id == goes)).all()
    held = set(
        session.scalars(select(Assignment.session_id).where(Assignment.course_trainer_id == stays))
    )
    for one in given:
        if one.session_id not in held:
            session.add(
                Assignment(session_id=one.session_id, course_trainer_id=stays, role=one.role)
            )
        session.get_one(AgendaSession, one.session_id).version += 1
        session.delete(one)
    for row in session.scalars(select(WaitingSession).where(WaitingSession.course_id == course_id)):
        if goes in row.trainers:
            row.trainers, row.roles = _instead(row.trainers, row.roles, goes, stays)
            row.version += 1
    for act in session.scalars(select(AgendaAct).where(AgendaAct.course_id == course_id)):
        act.before = entries_instead(act.before, goes, stays)
        act.after = entries_instead(act.after, goes, stays)
    session.flush()


def _instead(
    trainers: Sequence[str], roles: Mapping[str, str], goes: str, stays: str
) -> tuple[list[str], dict[str, str]]:
    """The trainers and their roles; of two roles in one session, that of the one who stays."""
    kept = {one: role for one, role in roles.items() if one != goes}
    if goes in roles and stays not in trainers:
        kept[stays] = roles[goes]
    return sorted({stays if one == goes else one for one in trainers}), kept


def entries_instead(entries: Mapping[str, Any], goes: str, stays: str) -> dict[str, Any]:
    """Sessions as acts and versions keep them, one course trainer in the place of another."""
    return {
        key: entry
        if entry is None or goes not in entry["trainers"]
        else _entry_instead(entry, goes, stays)
        for key, entry in entries.items()
    }


def _entry_instead(entry: Mapping[str, Any], goes: str, stays: str) -> dict[str, Any]:
    trainers, roles = _instead(entry["trainers"], entry.get("roles", {}), goes, stays)
    return {**entry, "trainers": trainers, "roles": roles}
