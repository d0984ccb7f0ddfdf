"""Marks: who was at which session. Results: who passed which test."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainings.attendance.result_rules import Result
from trainings.attendance.rules import Mark
from trainings.core.db import Choice, Model, Moment


class AttendanceMark(Model):
    """The mark of one person in one session, by whom and when."""

    __tablename__ = "attendance_mark"
    __table_args__ = (Index("ix_attendance_mark_counts", "session_id", "mark"),)
    session_id: Mapped[str] = mapped_column(ForeignKey("agenda_session.id"), primary_key=True)
    registration_id: Mapped[str] = mapped_column(
        ForeignKey("registration.id"), primary_key=True, index=True
    )
    mark: Mapped[Mark] = mapped_column(Choice(Mark, 8))
    by: Mapped[str | None] = mapped_column(String(22))
    at: Mapped[Moment]


class TestResult(Model):
    """The result of one person in one session of kind test, entered by whom and when."""

    __tablename__ = "test_result"
    __test__ = False  # tells pytest that this is not a test
    session_id: Mapped[str] = mapped_column(ForeignKey("agenda_session.id"), primary_key=True)
    registration_id: Mapped[str] = mapped_column(
        ForeignKey("registration.id"), primary_key=True, index=True
    )
    result: Mapped[Result] = mapped_column(Choice(Result, 10))
    by: Mapped[str | None] = mapped_column(String(22))
    at: Mapped[Moment]
