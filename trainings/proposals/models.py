"""A timetable that was asked for a course, until somebody accepts or discards it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Choice, Codes, Key, Model, Moment, UTCDateTime
from trainings.proposals.rules import SearchState


class TimetableProposal(Model):
    """What was asked for, and what was found: each course has one at most."""

    __tablename__ = "timetable_proposal"
    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), unique=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"), index=True)
    standing: Mapped[SearchState] = mapped_column(Choice(SearchState, 10))
    days: Mapped[Codes]
    frame: Mapped[list[Any]] = mapped_column(JSON)  # two times, two lengths, a time, a length
    weights: Mapped[dict[str, int]] = mapped_column(JSON)  # by wish
    seconds: Mapped[int]
    digest: Mapped[str] = mapped_column(String(32))  # of all that it is proposed from
    placed: Mapped[list[Any]] = mapped_column(JSON)  # which session, its start, room, trainers
    by_clock: Mapped[bool]
    asked_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
