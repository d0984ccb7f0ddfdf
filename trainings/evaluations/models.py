"""Who gave an evaluation, and what was said: two tables that cannot be joined.

Neither has a number, a time or an account, and SQLite stores both in the order of their random
keys (WITHOUT ROWID): nothing in them links a person to an answer. What the shown answers of a
course come to is kept beside them, so that nobody opens thousands to read a mean.

See docs/decisions/2026-11-24-evaluations.md.
"""

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Key, Model


class EvaluationGiven(Model):
    """The fact that a participant gave their evaluation, and nothing else."""

    __tablename__ = "evaluation_given"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012
    registration_id: Mapped[str] = mapped_column(ForeignKey("registration.id"), primary_key=True)


class EvaluationAnswer(Model):
    """One person's answers; ``shown`` only once at least five of a course are there."""

    __tablename__ = "evaluation_answer"
    __table_args__ = (
        # how many there are, and one page of them, are read here alone
        Index("ix_evaluation_answer_course", "course_id", "shown", "id"),
        {"sqlite_with_rowid": False},
    )
    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    answers: Mapped[bytes] = mapped_column(LargeBinary)  # JSON: evaluation_answer|answers|id
    shown: Mapped[bool] = mapped_column(default=False)


class EvaluationSummary(Model):
    """What all shown answers of a course come to; none where none was shown since it is kept."""

    __tablename__ = "evaluation_summary"
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), primary_key=True)
    counts: Mapped[bytes] = mapped_column(LargeBinary)  # JSON: evaluation_summary|counts|course_id
