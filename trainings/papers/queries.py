"""Looks up the people a course's papers are for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from trainings.core.db import db, those_of
from trainings.core.errors import NotFound
from trainings.courses.models import Course
from trainings.papers.rules import Comer
from trainings.people.models import Person
from trainings.print_room.rules import Order
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


def how_many(course: Course) -> int:
    """How many have a confirmed seat and a name."""
    counting = (
        select(func.count())
        .select_from(Registration)
        .join(Person, Person.id == Registration.person_id)
        .where(*seated(course), Person.erased_at.is_(None))
    )
    return db.session.scalar(counting.execution_options(scope="count")) or 0


_ORDERS: Mapping[Order, tuple[Any, ...]] = {
    Order.NAME: (),
    Order.COUNTRY: (Registration.country, Registration.function),
    Order.TABLE: (TablePlace.table_no.is_(None), TablePlace.table_no, TablePlace.place_no),
}


def part(course: Course, order: Order, page: int, size: int) -> list[Comer]:
    """Those of one part, of too many to open all their names: cut by number, not by name."""
    rows = db.session.execute(
        _PEOPLE.where(*seated(course), Person.erased_at.is_(None))
        .order_by(*_ORDERS[order], Registration.number)
        .limit(size)
        .offset((page - 1) * size)
        .execution_options(scope="viewer")
    )
    return [_comer(row) for row in rows]


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
    row = db.session.execute(
        _PEOPLE.where(
            *seated(course), Registration.number == number, Person.erased_at.is_(None)
        ).execution_options(scope="viewer")
    ).one_or_none()
    if row is None:
        raise NotFound
    return _comer(row)
