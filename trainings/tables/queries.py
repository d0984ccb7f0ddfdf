"""Looks up the tables of a course, and who sits where."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, case, exists, func, select

from trainings.core.db import ForOneOrEach, db, those_of
from trainings.core.hooks import Hook
from trainings.core.permissions import Viewer
from trainings.registrations.headcount_queries import headcount
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.tables.knowing_rules import Known
from trainings.tables.models import TableLayout, TablePlace
from trainings.tables.neighbour_rules import Guest
from trainings.tables.rules import Layout, Place, place_at

# How likely people of a course know each other, where they were asked.
known_in: Hook[[str], Known | None] = Hook("tables.known_in")

# Those who confirmed their seat, and their states once the course was completed.
SEATED = (State.CONFIRMED, State.ATTENDED, State.NO_SHOW)


_GONE = sorted(set(State) - set(SEATED))


class Participant(NamedTuple):
    """Someone on a course and where they sit; the name is opened by whoever shows it."""

    registration_id: str
    number: str
    person_id: str
    country: str
    function: str
    place: Place | None

    @property
    def guest(self) -> Guest:
        """The person in the form that the mixing rules take."""
        return Guest(self.registration_id, self.country, self.function)


def layout(course_id: str) -> Layout | None:
    """The tables of a course; None if none were set."""
    row = db.session.execute(
        select(TableLayout.tables, TableLayout.places).where(TableLayout.course_id == course_id)
    ).one_or_none()
    return None if row is None else Layout(*row)


def seated(course_id: str, keys: Collection[str] | None = None) -> list[ColumnElement[bool]]:
    """The conditions for the confirmed people of a course, or those of these registrations."""
    return [
        those_of(Registration.course_id, course_id, Registration.id, keys),
        Registration.state.in_(SEATED),
    ]


def placeless() -> ColumnElement[bool]:
    """Whether a registration has no place."""
    return ~exists().where(TablePlace.registration_id == Registration.id)


def at_tables(course_id: str, first: int, last: int) -> list[str]:
    """The registrations of who sits at some tables."""
    return list(
        db.session.scalars(
            select(TablePlace.registration_id).where(
                TablePlace.course_id == course_id, TablePlace.table_no.between(first, last)
            )
        )
    )


def participants(
    course_id: str, *more: ColumnElement[bool], scope: str, keys: Collection[str] | None = None
) -> list[Participant]:
    """The confirmed people of a course with their places, not sorted by name.

    All, or those with these ``keys``. The course was found within the viewer's scope. The place
    of someone who withdrew counts as free.
    """
    rows = db.session.execute(
        select(
            Registration.id,
            Registration.number,
            Registration.person_id,
            Registration.country,
            Registration.function,
            TablePlace.table_no,
            TablePlace.place_no,
        )
        .outerjoin(TablePlace, TablePlace.registration_id == Registration.id)
        .where(*seated(course_id, keys), *more)
        .order_by(Registration.id)
        .execution_options(scope=scope)
    )
    return [Participant(*row[:5], place_at(row[5], row[6])) for row in rows]


def own_place(viewer: Viewer, registration_id: str) -> Place | None:
    """The viewer's place, by a registration of their own; None if they have none."""
    row = db.session.execute(
        select(TablePlace.table_no, TablePlace.place_no)
        .join(Registration, Registration.id == TablePlace.registration_id)
        .where(
            Registration.id == registration_id,
            Registration.person_id == viewer.person_id,
            Registration.state.in_(SEATED),
        )
        .execution_options(scope="own")
    ).one_or_none()
    return None if row is None else Place(*row)


class Numbers(NamedTuple):
    """The tables of a course in numbers."""

    layout: Layout | None
    people: int
    seated: int


def numbers(course_id: str) -> Numbers:
    """The number of tables, of confirmed people, and of those with a place."""
    places, stale = db.session.execute(
        select(_places(course_id), _stale(course_id)).execution_options(scope="viewer")
    ).one()
    return Numbers(layout(course_id), headcount(course_id).number(SEATED), places - stale)


def _places(course_id: str) -> ScalarSelect[int]:
    return select(func.count()).where(TablePlace.course_id == course_id).scalar_subquery()


def _stale(course_id: str) -> ScalarSelect[int]:
    """Counts the places of people who no longer come, who are few."""
    return (
        select(func.count())
        .select_from(Registration)
        .join(TablePlace, TablePlace.registration_id == Registration.id)
        .where(Registration.course_id == course_id, Registration.state.in_(_GONE))
        .scalar_subquery()
    )


def without_place(course_id: ForOneOrEach) -> ColumnElement[int]:
    """Counts confirmed people without a place in a course with tables; part of a statement.

    Those who are there, less the places of the course, but for places of who is not: they are few.
    """

    def people(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
        counted = select(func.count()).select_from(Registration)
        return counted.where(Registration.course_id == course_id, *conditions).scalar_subquery()

    others = Registration.state.in_(sorted(set(State) - {State.CONFIRMED}))
    sits = exists().where(TablePlace.registration_id == Registration.id).correlate(Registration)
    places = select(func.count()).where(TablePlace.course_id == course_id).scalar_subquery()
    without = people(Registration.state == State.CONFIRMED) - places + people(others, sits)
    return case((exists().where(TableLayout.course_id == course_id), without), else_=0)


# for operations, inside their transaction, with the course's row locked


def stale(course_id: str) -> Sequence[str]:
    """The registrations that have a place but are no longer coming."""
    return db.session.scalars(
        select(TablePlace.registration_id)
        .join(Registration, Registration.id == TablePlace.registration_id)
        .where(TablePlace.course_id == course_id, Registration.state.not_in(SEATED))
        .execution_options(scope="operation")
    ).all()
