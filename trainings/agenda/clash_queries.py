"""Looks up, inside an operation's transaction, what is busy when; locks what is being planned."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import contains_eager

from trainings.agenda.clash_rules import Slot
from trainings.agenda.models import AgendaSession, Booking
from trainings.agenda.queries import whole
from trainings.core.db import db, for_update
from trainings.core.errors import NotFound
from trainings.courses.models import Course, Room
from trainings.rosters import queries as rosters
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import TEACHING


def teaching_for_update(course_id: str, ids: Collection[str]) -> Sequence[CourseTrainer]:
    """Those of these course trainers who are invited to the course or have accepted.

    The trainers behind them are locked, in order of id: whoever plans them waits.
    """
    return db.session.scalars(
        for_update(
            select(CourseTrainer)
            .join(Trainer, Trainer.id == CourseTrainer.trainer_id)
            .where(
                CourseTrainer.course_id == course_id,
                CourseTrainer.id.in_(list(ids)),
                CourseTrainer.state.in_(sorted(TEACHING)),
            )
            .order_by(Trainer.id),
            Trainer,
        )
    ).all()


def rooms_for_update(room_ids: Collection[str]) -> Sequence[Room]:
    """Rooms, locked in order of id: whoever plans them waits."""
    return db.session.scalars(
        for_update(select(Room).where(Room.id.in_(list(room_ids))).order_by(Room.id))
    ).all()


def lock(trainer_ids: Collection[str], room_ids: Collection[str]) -> None:
    """Lock trainers, then rooms, each in order of id: other operations planning them wait."""
    if trainer_ids:
        rosters.trainers_for_update(trainer_ids)
    if room_ids:
        rooms_for_update(room_ids)


def busy(
    starts: datetime,
    ends: datetime,
    room_ids: Collection[str],
    trainer_ids: Collection[str],
    *,
    but: Collection[str] = (),
) -> Sequence[AgendaSession]:
    """The sessions, of any course, that use one of these rooms or trainers in a span of time.

    Leaves out cancelled courses and templates. Each comes with its course, room and trainers.
    """
    booked = select(Booking.session_id).where(booked_in(starts, ends, [*room_ids, *trainer_ids]))
    return (
        db.session.scalars(
            select(AgendaSession)
            .join(Course, Course.id == AgendaSession.course_id)
            .where(AgendaSession.id.in_(booked), AgendaSession.id.not_in(list(but)))
            .options(contains_eager(AgendaSession.course).selectinload(Course.asked), *whole())
            .order_by(AgendaSession.starts_utc, AgendaSession.id)
            .execution_options(populate_existing=True)
        )
        .unique()
        .all()
    )


def booked_in(
    starts: datetime, ends: datetime, resource_ids: Collection[str]
) -> ColumnElement[bool]:
    """Which bookings need one of these rooms or trainers in a span of time.

    No session is longer than a day, so that the index ends the search on both sides.
    """
    return and_(
        Booking.resource_id.in_(list(resource_ids)),
        Booking.starts_utc > starts - timedelta(days=1),
        Booking.starts_utc < ends,
        Booking.ends_utc > starts,
    )


def slot(session: AgendaSession) -> Slot:
    """A session as the rules take it; trainers who no longer teach are not busy."""
    return Slot(
        session=session.id,
        kind=session.kind,
        starts=session.starts_utc,
        ends=session.ends_utc,
        room=session.room_id,
        trainers=frozenset(
            one.course_trainer.trainer_id
            for one in session.assignments
            if one.course_trainer.state in TEACHING
        ),
    )


def room_name(room_id: str) -> str:
    """The name of a room, for the refusal that names it."""
    return db.session.scalar(select(Room.name).where(Room.id == room_id)) or ""


def person_of(trainer_id: str) -> str:
    """The person behind a trainer, so that the name can be opened. Raises ``NotFound``."""
    found = db.session.scalar(select(Trainer.person_id).where(Trainer.id == trainer_id))
    if found is None:
        raise NotFound
    return found
