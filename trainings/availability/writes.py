"""Deletes what trainers said about when they can teach, inside the caller's transaction."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from trainings.availability.models import AvailabilityPeriod, BusyCalendar


def forget_calendar(session: Session, trainer_id: str) -> None:
    """Forget the busy times of a trainer's calendar."""
    session.execute(delete(BusyCalendar).where(BusyCalendar.trainer_id == trainer_id))


def forget_availability(session: Session, trainer_id: str) -> None:
    """Forget all that a trainer said about when they can teach."""
    forget_calendar(session, trainer_id)
    session.execute(delete(AvailabilityPeriod).where(AvailabilityPeriod.trainer_id == trainer_id))
