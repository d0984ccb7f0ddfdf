"""Trainers and their invitations to courses."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from trainings.accounts.models import Agency
from trainings.core.db import Choice, Codes, Key, Model, Moment, UTCDateTime
from trainings.courses.models import Course
from trainings.people.models import Person
from trainings.rosters.rules import Invitation


class Trainer(Model):
    """Someone who teaches, with agency, duty station and the modules they can give."""

    __tablename__ = "trainer"
    id: Mapped[Key]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), unique=True)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    station_city: Mapped[str] = mapped_column(String(100))
    station_country: Mapped[str] = mapped_column(String(2))
    languages: Mapped[Codes] = mapped_column(JSON)
    module_ids: Mapped[Codes] = mapped_column(JSON, default=list)
    notes: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed: trainer|notes|<id>
    created_at: Mapped[Moment]
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    agency: Mapped[Agency] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")


class CourseTrainer(Model):
    """A trainer invited to a course, and the answer."""

    __tablename__ = "course_trainer"
    __table_args__ = (UniqueConstraint("course_id", "trainer_id"),)
    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    trainer_id: Mapped[str] = mapped_column(ForeignKey("trainer.id"), index=True)
    state: Mapped[Invitation] = mapped_column(Choice(Invitation, 10), default=Invitation.INVITED)
    invited_at: Mapped[Moment]
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    trainer: Mapped[Trainer] = relationship(lazy="raise")
    course: Mapped[Course] = relationship(lazy="raise")
