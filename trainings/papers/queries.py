"""Looks up the people a course's papers are for."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from trainings.core.db import db, those_of
from trainings.core.errors import NotFound
from trainings.courses.models import Course
from trainings.papers.rules import Comer
from trainings.people.models import Person
from trainings.registrations.models import Registration
from trainings.tables.models import TablePlace
from trainings.tables.queries import SEATED
from trainings.tables.rules import place_at

_PEOPLE = (
    select(
        Registration.number,
        Registration.person_id,
        Registration.country,
        Registration.function,
        Registration.certificate_language,
        Person.language,
        TablePlace.table_no,
        TablePlace.place_no,
    )
    .join(Person, Person.id == Registration.person_id)
    .outerjoin(TablePlace, TablePlace.registration_id == Registration.id)
)


def seated(course: Course, keys: Collection[str] | None = None) -> list[ColumnElement[bool]]:
    """The conditions for those with a confirmed seat, or those of these registrations."""
    return [
        those_of(Registration.course_id, course.id, Registration.id, keys),
        Registration.state.in_(SEATED),
    ]


def comers(course: Course, keys: Collection[str] | None = None) -> list[Comer]:
    """Everyone with a confirmed seat, of a course found within the viewer's reach.

    All by number, or those with these ``keys``.

    People whose names are no longer stored get no badge or letter.
    """
    rows = db.session.execute(
        _PEOPLE.where(*seated(course, keys), Person.erased_at.is_(None))
        .order_by(Registration.number)
        .execution_options(scope="viewer")
    )
    return [_comer(row) for row in rows]


def _comer(row: Any) -> Comer:
    number, person_id, country, function, language, own_language, table, place = row
    return Comer(
        number, person_id, country, function, language or own_language, place_at(table, place)
    )


def own_comer(mine: Registration) -> Comer:
    """The viewer's own registration as one of these people."""
    row = db.session.execute(
        _PEOPLE.where(Registration.id == mine.id).execution_options(scope="own")
    ).one()
    return _comer(row)


def names_of(course: Course) -> Select[str, str]:
    """Those with a confirmed seat, for putting them in order of their names."""
    return (
        select(Registration.person_id, Registration.person_id.label("who"))
        .join(Person, Person.id == Registration.person_id)
        .where(*seated(course))
    )


def registrations(course: Course, numbers: Collection[str]) -> dict[str, Registration]:
    """The registrations with these numbers, with the details given for this course."""
    found = db.session.scalars(
        select(Registration)
        .where(*seated(course), Registration.number.in_(list(numbers)))
        .execution_options(scope="viewer")
    )
    return {one.number: one for one in found}


def comer(course: Course, number: str) -> Comer:
    """One of these people, by registration number. Raises ``NotFound``."""
    found = next((one for one in comers(course) if one.number == number), None)
    if found is None:
        raise NotFound
    return found
