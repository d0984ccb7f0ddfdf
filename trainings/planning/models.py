"""Courses that are being planned."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from trainings.core.db import Key, Model, Moment


class CoursePlan(Model):
    """A course planned step by step, to be continued at any time; it contains no identities."""

    __tablename__ = "course_plan"
    id: Mapped[Key]
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    source_id: Mapped[str | None] = mapped_column(ForeignKey("course.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_at: Mapped[Moment]
