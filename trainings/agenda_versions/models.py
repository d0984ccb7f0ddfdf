"""Versions of a course's agenda, as they were published."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Key, Model, Moment


class AgendaVersion(Model):
    """The agenda of a course as one act of publishing left it; the newest one is what people see.

    A version never changes, but that its sessions follow the course to other days.
    """

    __tablename__ = "agenda_version"
    __table_args__ = (UniqueConstraint("course_id", "number"),)
    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]  # within the course, from 1
    sessions: Mapped[dict[str, Any]] = mapped_column(JSON)  # entries of the agenda, by session
    cancelled: Mapped[dict[str, Any]] = mapped_column(JSON)  # those of earlier versions alone
    changes: Mapped[int]  # how many sessions differ from the version before
    told: Mapped[int]  # how many people were emailed
    acts: Mapped[int]  # the number of the agenda's last act when it was published
    moves: Mapped[int] = mapped_column(default=0)  # how often the days of the course moved since
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"), index=True)
    published_at: Mapped[Moment]
    changed_at: Mapped[Moment]  # later than that where the days moved
