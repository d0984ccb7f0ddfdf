"""The print runs of a course's certificates."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Choice, Codes, Key, Model, Moment
from trainings.print_room.rules import Order


class PrintRun(Model):
    """One printing of certificates: who, when, which ones, and what was printed with them."""

    __tablename__ = "print_run"
    __table_args__ = (Index("ix_print_run_course", "course_id", "at"),)

    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    at: Mapped[Moment]
    by: Mapped[str] = mapped_column(String(22))  # an account
    certificates: Mapped[Codes]  # sorted ids: the order of pages may be that of names
    ordering: Mapped[Order] = mapped_column(Choice(Order, 10))
    back: Mapped[bool]
    check_sheet: Mapped[bool]
