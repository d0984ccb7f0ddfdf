"""A trainer's answer about one session."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Choice, Model, Moment
from trainings.session_replies.rules import Reply


class SessionReply(Model):
    """What a trainer answered about a session, for the times it had then, and what they need."""

    __tablename__ = "session_reply"
    session_id: Mapped[str] = mapped_column(
        ForeignKey("agenda_session.id", ondelete="CASCADE"), primary_key=True
    )
    course_trainer_id: Mapped[str] = mapped_column(
        ForeignKey("course_trainer.id"), primary_key=True, index=True
    )
    reply: Mapped[Reply] = mapped_column(Choice(Reply, 10))
    starts_local: Mapped[datetime]  # as published when it was answered
    minutes: Mapped[int]
    proposed_local: Mapped[datetime | None]  # when they would rather give it
    said: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed: session_reply|said|<ids>
    needs: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed: session_reply|needs|<ids>
    at: Mapped[Moment]
