"""Moves and deletes what trainers said about when they can teach, for the caller's transaction."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from trainings.availability.models import AvailabilityPeriod, BusyCalendar


def forget_calendar(session: Session, trainer_id: str) -> None:
    """Forget the busy times of a trainer's calendar."""
    session.execute(delete(BusyCalendar).where(BusyCalendar.trainer_id == trainer_id))


def hand_over(session: Session, goes: str, stays: str) -> None:
    """Make what one trainer said that of another, who is the same person.

    The calendar of the one who stays counts, where both gave one.
    """
    session.execute(
        update(AvailabilityPeriod)
        .where(AvailabilityPeriod.trainer_id == goes)
        .values(trainer_id=stays)
        .execution_options(synchronize_session=False)
    )
    given = session.get(BusyCalendar, goes)
    if given is None:
        return
    if session.get(BusyCalendar, stays) is None:
        session.add(
            BusyCalendar(
                trainer_id=stays, read_at=given.read_at, until=given.until, times=given.times
            )
        )
    session.delete(given)


def forget_availability(session: Session, trainer_id: str) -> None:
    """Forget all that a trainer said about when they can teach."""
    forget_calendar(session, trainer_id)
    session.execute(delete(AvailabilityPeriod).where(AvailabilityPeriod.trainer_id == trainer_id))
