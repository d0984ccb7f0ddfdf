"""What organisers ask of a course's selection, what was proposed, and what was decided by it."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Choice, Key, Model, Moment, UTCDateTime
from trainings.selection_proposals.rules import SearchState

Asked = dict[str, str]  # minima as they are written, by what they are of


class SelectionMinima(Model):
    """The minima of a course as its organisers typed them last."""

    __tablename__ = "selection_minima"
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), primary_key=True)
    asked: Mapped[Asked] = mapped_column(JSON)


class SelectionProposal(Model):
    """What was asked for, and what was found: each course has one at most."""

    __tablename__ = "selection_proposal"
    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), unique=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"), index=True)
    standing: Mapped[SearchState] = mapped_column(Choice(SearchState, 10))
    asked: Mapped[Asked] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(32))  # of all that it is proposed from
    # who is taken, what conflicts, who was asked about: selection_proposal|found|id
    found: Mapped[bytes | None] = mapped_column(LargeBinary)
    asked_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SelectionDecision(Model):
    """A proposal that was accepted: by whom, when, under which minima, and why each was taken."""

    __tablename__ = "selection_decision"
    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), index=True)
    by: Mapped[str] = mapped_column(String(22))
    at: Mapped[Moment]
    asked: Mapped[Asked] = mapped_column(JSON)
    # each person's number, whether they were taken, and why: selection_decision|reasons|id
    reasons: Mapped[bytes] = mapped_column(LargeBinary)
