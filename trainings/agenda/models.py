"""The sessions of a course and who gives them."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainings.agenda.act_rules import ActKind
from trainings.agenda.rules import SessionKind
from trainings.core.db import Choice, Codes, Key, Localized, Model, Moment, UTCDateTime
from trainings.courses.models import Course, Module, Room
from trainings.rosters.models import CourseTrainer
from trainings.rosters.rules import TrainerRole


class AgendaSession(Model):
    """A slot of the agenda, in local time of the course's zone and in UTC."""

    __tablename__ = "agenda_session"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="times"),
        Index("ix_agenda_session_room", "room_id", "starts_utc"),
    )
    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), index=True)
    kind: Mapped[SessionKind] = mapped_column(Choice(SessionKind, 10))
    module_id: Mapped[str | None] = mapped_column(ForeignKey("module.id"))
    titles: Mapped[Localized]
    day: Mapped[date]
    starts_at: Mapped[time]
    ends_at: Mapped[time]
    starts_utc: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_utc: Mapped[datetime] = mapped_column(UTCDateTime)
    minutes: Mapped[int]  # the duration, so that sums need no date arithmetic
    room_id: Mapped[str | None] = mapped_column(ForeignKey("room.id"))
    version: Mapped[int] = mapped_column(default=1)  # goes up with each change
    languages: Mapped[Codes] = mapped_column(JSON, default=list)  # none: those of the course
    interpreted: Mapped[Codes] = mapped_column(JSON, default=list)  # into which languages

    course: Mapped[Course] = relationship(lazy="raise")
    module: Mapped[Module | None] = relationship(lazy="raise")
    room: Mapped[Room | None] = relationship(lazy="raise")
    assignments: Mapped[list["Assignment"]] = relationship(
        lazy="raise", cascade="all, delete-orphan"
    )


class Assignment(Model):
    """A course trainer gives a session, or observes it."""

    __tablename__ = "assignment"
    session_id: Mapped[str] = mapped_column(ForeignKey("agenda_session.id"), primary_key=True)
    course_trainer_id: Mapped[str] = mapped_column(
        ForeignKey("course_trainer.id"), primary_key=True
    )
    role: Mapped[TrainerRole] = mapped_column(Choice(TrainerRole, 10), default=TrainerRole.LEAD)
    course_trainer: Mapped[CourseTrainer] = relationship(lazy="raise")


TWICE = "ex_booking_twice"  # PostgreSQL's constraint: nothing is booked twice at one time


class Booking(Model):
    """A room or a trainer that a session needs, from when to when.

    There is one for each room and teaching trainer of the sessions of courses that take place:
    none for a template or a cancelled course. Which session needs what is asked here alone.
    """

    __tablename__ = "booking"
    __table_args__ = (Index("ix_booking_resource", "resource_id", "starts_utc"),)
    session_id: Mapped[str] = mapped_column(
        ForeignKey("agenda_session.id", ondelete="CASCADE"), primary_key=True
    )
    resource_id: Mapped[str] = mapped_column(String(22), primary_key=True)  # a room or a trainer
    starts_utc: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_utc: Mapped[datetime] = mapped_column(UTCDateTime)


class WaitingSession(Model):
    """A session of a course that is not scheduled yet, or was taken off its day."""

    __tablename__ = "waiting_session"
    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), index=True)
    kind: Mapped[SessionKind] = mapped_column(Choice(SessionKind, 10))
    module_id: Mapped[str | None] = mapped_column(ForeignKey("module.id"))
    titles: Mapped[Localized]
    minutes: Mapped[int]
    room_id: Mapped[str | None] = mapped_column(ForeignKey("room.id"))
    trainers: Mapped[Codes]  # course trainers
    roles: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # of those who do not lead
    languages: Mapped[Codes] = mapped_column(JSON, default=list)
    interpreted: Mapped[Codes] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)


class AgendaAct(Model):
    """What somebody did with the agenda, and each session it touched before and after."""

    __tablename__ = "agenda_act"
    __table_args__ = (UniqueConstraint("course_id", "number"),)
    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    number: Mapped[
        int
    ]  # within the course, from 1: whoever looks sees by it that something changed
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[ActKind] = mapped_column(Choice(ActKind, 12))
    undone: Mapped[bool] = mapped_column(default=False)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)  # by session; null where there was none
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[Moment]
