"""What of the register of laws a course lays side by side, and what was frozen of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Codes, Key, Model, Moment, UTCDateTime


class LawReview(Model):
    """The comparison of a course: what it is to hold, and once it is frozen, which versions."""

    __tablename__ = "law_review"
    __table_args__ = (UniqueConstraint("course_id", "number"),)
    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    countries: Mapped[Codes]
    topics: Mapped[Codes]
    asked: Mapped[Codes]  # the countries that were asked to check what it holds of them
    frozen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    versions: Mapped[Codes]  # ids of law_version, as it was frozen
    worded: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # its topics, as they read then
    by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[Moment]
