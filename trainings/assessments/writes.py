"""Moves and deletes a trainer's assessments, in the caller's transaction."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from trainings.assessments.models import Assessment


def hand_over(session: Session, goes: str, stays: str) -> None:
    """Make the assessments of one trainer those of another, who is the same person."""
    session.execute(
        update(Assessment)
        .where(Assessment.trainer_id == goes)
        .values(trainer_id=stays)
        .execution_options(synchronize_session=False)
    )


def forget_assessments(session: Session, trainer_id: str) -> None:
    """Forget how a trainer was assessed."""
    session.execute(
        delete(Assessment)
        .where(Assessment.trainer_id == trainer_id)
        .execution_options(synchronize_session=False)
    )
