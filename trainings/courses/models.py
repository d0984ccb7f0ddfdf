"""Programmes, modules, courses and rooms."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from trainings.accounts.models import Agency
from trainings.core.db import Choice, Codes, Key, Localized, Model, Moment, UTCDateTime
from trainings.courses.access_rules import DaysShownTo
from trainings.courses.programme_rules import LessonKind, LessonSource, LessonState
from trainings.courses.rules import Agreement, CourseState, Placing, Visibility

_AGREED = text("agreed_at IS NOT NULL")  # what an agency organises
_NOT_AGREED = text("agreed_at IS NULL")  # what an agency was asked and has not answered


class Programme(Model):
    """A line of work over several years: phases, findings, lessons and its courses."""

    __tablename__ = "programme"
    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    agency_id: Mapped[str | None] = mapped_column(ForeignKey("agency.id"))  # who may change it
    copied_from_id: Mapped[str | None] = mapped_column(ForeignKey("programme.id"))
    follows_id: Mapped[str | None] = mapped_column(ForeignKey("programme.id"))
    titles: Mapped[Localized]
    texts: Mapped[Localized]
    agency: Mapped[Agency | None] = relationship(lazy="raise")
    copied_from: Mapped["Programme | None"] = relationship(
        lazy="raise", remote_side="Programme.id", foreign_keys=[copied_from_id]
    )
    phases: Mapped[list["Phase"]] = relationship(
        lazy="raise", order_by="Phase.position", cascade="all, delete-orphan"
    )
    lessons: Mapped[list["Lesson"]] = relationship(
        lazy="raise",
        order_by="Lesson.position",
        cascade="all, delete-orphan",
        back_populates="programme",
    )


class Phase(Model):
    """A step of a programme: an assessment, an operation, a course; what was done in it."""

    __tablename__ = "phase"
    id: Mapped[Key]
    programme_id: Mapped[str] = mapped_column(ForeignKey("programme.id"), index=True)
    position: Mapped[int]
    titles: Mapped[Localized]
    texts: Mapped[Localized]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]


class Lesson(Model):
    """A finding or lesson of a programme: where it comes from, who sees to it, what came of it."""

    __tablename__ = "lesson"
    id: Mapped[Key]
    programme_id: Mapped[str] = mapped_column(ForeignKey("programme.id"), index=True)
    position: Mapped[int]
    kind: Mapped[LessonKind] = mapped_column(Choice(LessonKind, 10), default=LessonKind.LESSON)
    phase_id: Mapped[str | None] = mapped_column(ForeignKey("phase.id"))
    texts: Mapped[Localized]
    state: Mapped[LessonState] = mapped_column(Choice(LessonState, 10), default=LessonState.OPEN)
    note: Mapped[str] = mapped_column(Text, default="")  # why it is where it is
    module_id: Mapped[str | None] = mapped_column(ForeignKey("module.id"))  # that was changed
    course_id: Mapped[str | None] = mapped_column(ForeignKey("course.id"), index=True)  # planned
    topic: Mapped[str | None] = mapped_column(String(40))  # of the register of laws, checked
    source: Mapped[LessonSource] = mapped_column(
        Choice(LessonSource, 20), default=LessonSource.BY_HAND
    )
    source_course_id: Mapped[str | None] = mapped_column(ForeignKey("course.id"))
    source_titles: Mapped[Localized] = mapped_column(default=dict)  # the session's, as it was
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"), index=True)
    agency_id: Mapped[str | None] = mapped_column(ForeignKey("agency.id"))  # the owner's
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # not known of the oldest
    programme: Mapped[Programme] = relationship(lazy="raise", back_populates="lessons")
    agency: Mapped[Agency | None] = relationship(lazy="raise")
    phase: Mapped[Phase | None] = relationship(lazy="raise")


class Module(Model):
    """A subject with objectives, reused in many courses."""

    __tablename__ = "module"
    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    agency_id: Mapped[str | None] = mapped_column(ForeignKey("agency.id"))  # who may change it
    copied_from_id: Mapped[str | None] = mapped_column(ForeignKey("module.id"))
    titles: Mapped[Localized]
    objectives: Mapped[dict[str, list[str]]] = mapped_column(JSON)  # per language, one per line
    exploitation: Mapped[Codes] = mapped_column(JSON, default=list)  # the forms it covers
    agency: Mapped[Agency | None] = relationship(lazy="raise")
    copied_from: Mapped["Module | None"] = relationship(lazy="raise", remote_side="Module.id")


class Course(Model):
    """One edition of a course, with dates and a place."""

    __tablename__ = "course"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates"),
        CheckConstraint("capacity > 0", name="capacity"),
        # what lists courses in order of their days reads one of these alone
        Index(
            "ix_course_state",
            "state",
            "template",
            "starts_on",
            "code",
            "lead_agency_id",
            "id",
            "visibility",
        ),
        Index(
            "ix_course_latest",
            "starts_on",
            "code",
            "template",
            "state",
            "lead_agency_id",
            "programme_id",
            "id",
        ),
        Index(
            "ix_course_ends", "ends_on", "starts_on", "state", "template", "lead_agency_id", "id"
        ),
    )

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    programme_id: Mapped[str | None] = mapped_column(ForeignKey("programme.id"))
    lead_agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    template: Mapped[bool] = mapped_column(default=False)  # new courses are made from it
    titles: Mapped[Localized]
    texts: Mapped[Localized]
    venue: Mapped[str] = mapped_column(String(200), default="")
    city: Mapped[str] = mapped_column(String(100))
    country: Mapped[str] = mapped_column(String(2))
    zone: Mapped[str] = mapped_column(String(60))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    languages: Mapped[Codes] = mapped_column(JSON)
    capacity: Mapped[int]
    countries: Mapped[Codes] = mapped_column(JSON)  # invited
    functions: Mapped[Codes] = mapped_column(JSON)  # invited
    visibility: Mapped[Visibility] = mapped_column(
        Choice(Visibility, 20), default=Visibility.NOMINATION_ONLY
    )
    link_key: Mapped[str] = mapped_column(String(22))  # opens a course whose visibility is by link
    placing: Mapped[Placing] = mapped_column(Choice(Placing, 20), default=Placing.BY_SELECTION)
    separate_endorsement: Mapped[bool] = mapped_column(default=False)
    registration_opens_on: Mapped[date]
    registration_closes_on: Mapped[date]
    release_on: Mapped[date]
    days_shown_to: Mapped[DaysShownTo] = mapped_column(
        Choice(DaysShownTo, 20), default=DaysShownTo.INVOLVED
    )
    released_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    offer_days: Mapped[int] = mapped_column(default=7)
    threshold: Mapped[int] = mapped_column(default=80)  # percent of planned hours
    needs_test: Mapped[bool] = mapped_column(default=False)
    needs_evaluation: Mapped[bool] = mapped_column(default=False)
    contact: Mapped[str] = mapped_column(String(200), default="")
    own_texts: Mapped[bool] = mapped_column(default=False)  # some emails have texts of its own
    changes_days: Mapped[int | None]  # people change details until so many days before; none: end
    second_sender: Mapped[bool] = mapped_column(default=False)  # of emails to many people
    instructions: Mapped[str] = mapped_column(Text, default="")  # for confirmed participants
    state: Mapped[CourseState] = mapped_column(Choice(CourseState, 20), default=CourseState.DRAFT)
    state_at: Mapped[Moment]
    created_at: Mapped[Moment]

    lead_agency: Mapped[Agency] = relationship(lazy="raise", foreign_keys=[lead_agency_id])
    programme: Mapped[Programme | None] = relationship(lazy="raise")
    asked: Mapped[list["CourseAgency"]] = relationship(
        lazy="raise",
        order_by="CourseAgency.position",
        cascade="all, delete-orphan",
        back_populates="course",
    )
    modules: Mapped[list["CourseModule"]] = relationship(
        lazy="raise", order_by="CourseModule.position", cascade="all, delete-orphan"
    )
    signatories: Mapped[list["Signatory"]] = relationship(
        lazy="raise", order_by="Signatory.position", cascade="all, delete-orphan"
    )

    @property
    def organising(self) -> list["CourseAgency"]:
        """The agencies that organise it: those asked whose own people agreed."""
        return [row for row in self.asked if row.agreed_at is not None]

    @property
    def waiting(self) -> list["CourseAgency"]:
        """The agencies that were asked and have not answered."""
        return [row for row in self.asked if row.agreed_at is None]

    @property
    def signing(self) -> list["Signatory"]:
        """Who signs its certificates and letters: those whom their own agency agreed to."""
        return [row for row in self.signatories if row.agreed_at is not None]


class CourseAgency(Model):
    """An agency that was asked to organise a course, and does once it agreed; one leads it."""

    __tablename__ = "course_agency"
    __table_args__ = (
        Index(
            "ix_course_agency_agreed",
            "agency_id",
            "course_id",
            sqlite_where=_AGREED,
            postgresql_where=_AGREED,
        ),
        Index(
            "ix_course_agency_asked",
            "agency_id",
            "course_id",
            sqlite_where=_NOT_AGREED,
            postgresql_where=_NOT_AGREED,
        ),
    )
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), primary_key=True)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    position: Mapped[int]
    agreed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # by its own organisers
    agency: Mapped[Agency] = relationship(lazy="raise")
    course: Mapped[Course] = relationship(lazy="raise", back_populates="asked")

    @property
    def agreement(self) -> Agreement:
        """Whether the agency agreed, as a state that people read."""
        return Agreement.AGREED if self.agreed_at is not None else Agreement.WAITING


class CourseModule(Model):
    """A module taught in a course."""

    __tablename__ = "course_module"
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), primary_key=True)
    module_id: Mapped[str] = mapped_column(ForeignKey("module.id"), primary_key=True)
    position: Mapped[int]
    planned_minutes: Mapped[int | None]  # how long the course means to teach it; not said yet
    module: Mapped[Module] = relationship(lazy="raise")


class Signatory(Model):
    """A title printed under the certificate's signature line; never a person's name."""

    __tablename__ = "signatory"
    __table_args__ = (
        Index(
            "ix_signatory_asked",
            "agency_id",
            "course_id",
            sqlite_where=_NOT_AGREED,
            postgresql_where=_NOT_AGREED,
        ),
    )
    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), index=True)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    position: Mapped[int]
    titles: Mapped[Localized]
    picture_file: Mapped[str | None] = mapped_column(String(40))  # none: signed by hand
    picture_key: Mapped[bytes | None] = mapped_column(LargeBinary)  # signatory|picture_key|id
    agreed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # by its agency's organisers
    agency: Mapped[Agency] = relationship(lazy="raise")

    @property
    def agreement(self) -> Agreement:
        """Whether its agency agreed, as a state that people read."""
        return Agreement.AGREED if self.agreed_at is not None else Agreement.WAITING


class Room(Model):
    """A room of a venue, used by one session at a time."""

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("venue", "name"),)
    id: Mapped[Key]
    venue: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(80))
    seats: Mapped[int] = mapped_column(default=0)
