"""How findings and lessons changed, and which ones a course left open.

See docs/decisions/2026-11-29-lessons.md.
"""

from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainings.accounts.models import Agency
from trainings.core.db import Choice, Key, Model, Moment
from trainings.programmes.rules import Cause


class LessonStep(Model):
    """One change of a finding's or lesson's state: from what to what, when, by whom, how."""

    __tablename__ = "lesson_step"
    __table_args__ = (UniqueConstraint("lesson_id", "number"),)
    id: Mapped[Key]
    lesson_id: Mapped[str] = mapped_column(ForeignKey("lesson.id"))
    number: Mapped[int]
    cause: Mapped[Cause] = mapped_column(Choice(Cause, 10))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    agency_id: Mapped[str | None] = mapped_column(ForeignKey("agency.id"))  # for which they acted
    at: Mapped[Moment]
    agency: Mapped[Agency | None] = relationship(lazy="raise")


class LessonLeft(Model):
    """A lesson that stays open because a course does not take it up: it is not asked again."""

    __tablename__ = "lesson_left"
    lesson_id: Mapped[str] = mapped_column(ForeignKey("lesson.id"), primary_key=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), primary_key=True)
