"""Who gave an evaluation, and what was said: two tables that nothing joins.

Neither has a number, a moment or an account, and SQLite keeps both in order of their random keys
(WITHOUT ROWID): the first says who gave one, the second what was said, and nothing which is whose.
"""

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Key, Model


class EvaluationGiven(Model):
    """That a participant gave their evaluation: the fact alone."""

    __tablename__ = "evaluation_given"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012
    registration_id: Mapped[str] = mapped_column(ForeignKey("registration.id"), primary_key=True)


class EvaluationAnswer(Model):
    """What somebody said of a course; of whom there are at least five before it is ``shown``."""

    __tablename__ = "evaluation_answer"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012
    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), index=True)
    answers: Mapped[bytes] = mapped_column(LargeBinary)  # JSON: evaluation_answer|answers|id
    shown: Mapped[bool] = mapped_column(default=False)
