"""Marks: who was at which session."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from trainings.attendance.rules import Mark
from trainings.core.db import Choice, Model, Moment


class AttendanceMark(Model):
    """How one person was seen at one session, by whom and when."""

    __tablename__ = "attendance_mark"
    session_id: Mapped[str] = mapped_column(ForeignKey("agenda_session.id"), primary_key=True)
    registration_id: Mapped[str] = mapped_column(
        ForeignKey("registration.id"), primary_key=True, index=True
    )
    mark: Mapped[Mark] = mapped_column(Choice(Mark, 8))
    by: Mapped[str | None] = mapped_column(String(22))
    at: Mapped[Moment]
