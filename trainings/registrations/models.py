"""Seat blocks, registrations, their history, and applications not yet sent."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainings.core.db import Choice, Key, Model, Moment, UTCDateTime
from trainings.courses.models import Course
from trainings.people.models import Person
from trainings.registrations.rules import LIVE, State

_LIVE = text("state IN (" + ", ".join(f"'{state.value}'" for state in sorted(LIVE)) + ")")
_UNNAMED = text("name_confirmed_at IS NULL")


class SeatBlock(Model):
    """Seats kept for a country and a function; either may be empty: open to all of them."""

    __tablename__ = "seat_block"
    __table_args__ = (
        UniqueConstraint("course_id", "country", "function"),
        CheckConstraint("seats >= 0", name="seats"),
    )
    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    country: Mapped[str | None] = mapped_column(String(2))
    function: Mapped[str | None] = mapped_column(ForeignKey("function.code"))
    seats: Mapped[int]


class Vacancy(Model):
    """A seat whose holder left, held for another of their country and function until a date."""

    __tablename__ = "vacancy"
    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), index=True)
    block_id: Mapped[str] = mapped_column(ForeignKey("seat_block.id"))
    country: Mapped[str] = mapped_column(String(2))
    function: Mapped[str] = mapped_column(ForeignKey("function.code"))
    until: Mapped[Moment]


class Registration(Model):
    """One person on one course. ``number`` is what people read and write (R-7F3K9Q)."""

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("block_id", "seat_no"),
        Index(
            "uq_registration_live",
            "course_id",
            "person_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        # what counts people, and what puts them in an order of a list, reads it alone
        Index(
            "ix_registration_list",
            "course_id",
            "state",
            "country",
            "function",
            "block_id",
            "name_confirmed_at",
            "complete",
            "reserve_place",
            "selected_at",
            "state_at",
            "priority",
            "number",
            "id",
            "person_id",
            "sex",
            "offered_until",
            "created_at",
        ),
        # who is in a state, by key: what looks up something of each finds it next to the last
        Index("ix_registration_state", "course_id", "state", "id"),
        # where else somebody took part
        Index("ix_registration_of_person", "person_id", "state", "course_id"),
        Index("ix_registration_person", "course_id", "person_id", "state"),
        # who has not confirmed their name, or given all: counted without the others
        Index(
            "ix_registration_unnamed",
            "course_id",
            "state",
            "name_confirmed_at",
            sqlite_where=_UNNAMED,
            postgresql_where=_UNNAMED,
        ),
        Index(
            "ix_registration_incomplete",
            "course_id",
            "state",
            "complete",
            sqlite_where=text("complete IS 0"),
            postgresql_where=text("complete IS false"),
        ),
        Index("ix_registration_number", "course_id", "number"),
        Index("ix_registration_reserve", "course_id", "reserve_place"),
        CheckConstraint("(block_id IS NULL) = (seat_no IS NULL)", name="seat"),
    )

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(12), unique=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    state: Mapped[State] = mapped_column(Choice(State, 12))
    state_at: Mapped[Moment]
    country: Mapped[str] = mapped_column(String(2))  # the nominating country, not the nationality
    function: Mapped[str] = mapped_column(ForeignKey("function.code"))
    priority: Mapped[int | None] = mapped_column(Integer)  # the focal point's rank
    applied: Mapped[bool] = mapped_column(default=False)  # applied themselves, not nominated
    complete: Mapped[bool] = mapped_column(default=False)  # everything required was given
    created_at: Mapped[Moment]
    selected_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reserve_place: Mapped[int | None] = mapped_column(Integer)  # the organiser's order, if set
    block_id: Mapped[str | None] = mapped_column(ForeignKey("seat_block.id"))
    seat_no: Mapped[int | None] = mapped_column(Integer)
    offered_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    name_confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    printed_name: Mapped[bytes | None] = mapped_column(LargeBinary)  # registration|printed_name|id
    needs: Mapped[bytes | None] = mapped_column(LargeBinary)  # registration|needs|id
    # as given for this registration, sealed under registration|<column>|<id>
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    document: Mapped[bytes | None] = mapped_column(LargeBinary)
    born: Mapped[bytes | None] = mapped_column(LargeBinary)
    unit: Mapped[bytes | None] = mapped_column(LargeBinary)
    sex: Mapped[str | None] = mapped_column(String(1))
    certificate_language: Mapped[str] = mapped_column(String(5), default="")

    person: Mapped[Person] = relationship(lazy="raise")
    course: Mapped[Course] = relationship(lazy="raise")

    @property
    def name_confirmed(self) -> bool:
        """Whether the person confirmed how their name will be printed."""
        return self.name_confirmed_at is not None


class HistoryStep(Model):
    """One step in a registration's life: who, when, from, to, why; or a change of seat block."""

    __tablename__ = "move"
    __table_args__ = (Index("ix_move_course", "course_id", "number"),)  # the last ones of a course
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    registration_id: Mapped[str] = mapped_column(ForeignKey("registration.id"), index=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    at: Mapped[Moment]
    by: Mapped[str | None] = mapped_column(String(22))  # none: a job
    act: Mapped[str] = mapped_column(String(12))
    before: Mapped[State | None] = mapped_column(Choice(State, 12))
    after: Mapped[State] = mapped_column(Choice(State, 12))
    reason: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed: move|reason|registration_id
    reason_told: Mapped[bool | None]  # whether the person was emailed it; none: it was not kept
    block_id: Mapped[str | None] = mapped_column(String(22))


class Draft(Model):
    """An application saved to be continued later; sealed whole."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("course_id", "account_id"),)
    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    changed_at: Mapped[Moment]
    answers: Mapped[bytes] = mapped_column(LargeBinary)  # JSON, sealed: draft|answers|id
