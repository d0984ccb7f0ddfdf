"""The questions of courses, and the answers, each sealed."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Choice, Key, Localized, Model, Moment
from trainings.questions.rules import AskedOf, Asking, KeptFor, Option, QuestionKind, SeenBy
from trainings.questions.usual_rules import Usual


class CourseQuestion(Model):
    """A question that a course asks."""

    __tablename__ = "question"
    __table_args__ = (
        UniqueConstraint("course_id", "usual"),
        Index("ix_question_place", "course_id", "place"),
        # who lacks an answer is asked of this alone, person by person
        Index("ix_question_required", "course_id", "asked_of", "going_on", "required", "id"),
    )
    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    place: Mapped[int]
    kind: Mapped[QuestionKind] = mapped_column(Choice(QuestionKind, 12))
    asked_of: Mapped[AskedOf] = mapped_column(Choice(AskedOf, 12))
    seen_by: Mapped[SeenBy] = mapped_column(Choice(SeenBy, 12))
    kept_for: Mapped[KeptFor] = mapped_column(Choice(KeptFor, 12))
    required: Mapped[bool]
    going_on: Mapped[bool]  # whether it is asked now
    usual: Mapped[Usual | None] = mapped_column(Choice(Usual, 20))  # what lists know it as
    titles: Mapped[Localized]
    hints: Mapped[Localized]
    follow_ups: Mapped[Localized]
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    @property
    def asking(self) -> Asking:
        """The question in plain values."""
        options = tuple(Option(str(one["code"]), one["texts"]) for one in self.options)
        return Asking(
            self.kind,
            self.asked_of,
            self.seen_by,
            self.kept_for,
            self.titles,
            self.hints,
            self.required,
            self.going_on,
            options,
            self.follow_ups,
        )


class QuestionAnswer(Model):
    """What was answered for one registration; a file lies beside the database under its own key."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("question_id", "registration_id"),)
    id: Mapped[Key]
    question_id: Mapped[str] = mapped_column(ForeignKey("question.id"))
    registration_id: Mapped[str] = mapped_column(ForeignKey("registration.id"), index=True)
    at: Mapped[Moment]
    value: Mapped[bytes] = mapped_column(LargeBinary)  # JSON, sealed: answer|value|<id>
    file: Mapped[str | None] = mapped_column(String(40))
    data_key: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed: answer|data_key|<id>
