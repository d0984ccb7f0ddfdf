"""Moves and deletes what trainers answered about their sessions, in the caller's transaction."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from trainings.core import sealed
from trainings.rosters.models import CourseTrainer
from trainings.session_replies.models import SessionReply
from trainings.session_replies.queries import label, unsealed


def hand_over(session: Session, goes: str, stays: str) -> None:
    """Make the answers of one course trainer those of another, who is the same person.

    About a session that both answered, the answer of the one who stays counts.
    """
    rows = session.scalars(select(SessionReply).where(SessionReply.course_trainer_id == goes))
    for row in rows.all():
        if session.get(SessionReply, (row.session_id, stays)) is None:
            made = SessionReply(
                session_id=row.session_id,
                course_trainer_id=stays,
                reply=row.reply,
                starts_local=row.starts_local,
                minutes=row.minutes,
                proposed_local=row.proposed_local,
                at=row.at,
            )
            for what in ("said", "needs"):
                text = unsealed(row, what)
                setattr(made, what, sealed.seal(text, label(made, what)) if text else None)
            session.add(made)
        session.delete(row)
    session.flush()


def forget_replies(session: Session, trainer_id: str) -> None:
    """Forget all that a trainer answered."""
    asked = select(CourseTrainer.id).where(CourseTrainer.trainer_id == trainer_id)
    session.execute(
        delete(SessionReply)
        .where(SessionReply.course_trainer_id.in_(asked))
        .execution_options(synchronize_session=False)
    )
