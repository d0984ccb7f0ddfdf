"""Who gave an evaluation, and what was said: two tables that cannot be joined.

Neither has a number, a time or an account, and SQLite stores both in the order of their random
keys (WITHOUT ROWID): nothing in them links a person to an answer.

See docs/decisions/2026-11-24-evaluations.md.
"""

from sqlalchemy import ForeignKey, LargeBinary
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
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012
    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), index=True)
    answers: Mapped[bytes] = mapped_column(LargeBinary)  # JSON: evaluation_answer|answers|id
    shown: Mapped[bool] = mapped_column(default=False)
