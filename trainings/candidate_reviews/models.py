"""Who reads the candidates of a course, what they see, and what they think of each."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Codes, Key, Model, UTCDateTime


class ReadingSetting(Model):
    """What the readers of a course see of a candidate, beside country and function."""

    __tablename__ = "reading_setting"
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), primary_key=True)
    shown: Mapped[Codes] = mapped_column(JSON)


class CandidateReader(Model):
    """Somebody who was named to read candidates of a course."""

    __tablename__ = "candidate_reader"
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)


class CandidateReview(Model):
    """A candidate given to a reader; with score and note once they have read."""

    __tablename__ = "candidate_review"
    __table_args__ = (
        UniqueConstraint("registration_id", "account_id"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        Index("ix_candidate_review_read", "registration_id", "account_id", "score"),
        Index("ix_candidate_review_given", "account_id", "course_id", "registration_id", "score"),
    )
    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), index=True)
    registration_id: Mapped[str] = mapped_column(ForeignKey("registration.id"))
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    score: Mapped[int | None]
    note: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed: candidate_review|note|<id>
    at: Mapped[datetime | None] = mapped_column(UTCDateTime)
