"""The lists of a course's registrations: paged in SQL, or ordered by names that are opened."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy import Row as Found

from trainings.core.db import db
from trainings.core.permissions import Permission, Viewer
from trainings.courses.models import Course
from trainings.people import reading
from trainings.people.models import Person
from trainings.people.rules import Identity
from trainings.registrations import queries, seat_queries
from trainings.registrations.listing_rules import (
    ORDER_OF_STATES,
    PAGE,
    Filters,
    Page,
    Row,
    Sort,
    finds,
    folded,
)
from trainings.registrations.models import Registration
from trainings.registrations.rules import State

READ = Permission.REGISTRATION_READ
_COLUMNS = (
    Registration.id, Registration.number, Registration.state, Registration.state_at,
    Registration.country, Registration.function, Registration.priority, Registration.applied,
    Registration.complete, Registration.offered_until, Registration.name_confirmed_at,
    Person.mail_bounced_at, Registration.person_id,
)  # fmt: skip


def listing(
    viewer: Viewer,
    course: Course,
    filters: Filters | None = None,
    sort: Sort = Sort.NUMBER,
    page: int = 1,
    *,
    permission: Permission = READ,
) -> Page:
    """A page of a course's registrations within the viewer's scope, with their identities.

    The look at those shown is logged. Ordering or searching by name opens the names of all the
    course's people in memory; only who is shown is logged and leaves.
    """
    filters = filters or Filters()
    conditions = _conditions(viewer, permission, course, filters)
    if sort is Sort.NAME or filters.name is not None:
        ids = _by_name(conditions, filters.name, sort)
        page = _within(page, len(ids))
        shown = ids[(page - 1) * PAGE : page * PAGE]
        order = {key: place for place, key in enumerate(shown)}
        found = sorted(
            db.session.execute(_rows([Registration.id.in_(shown)])), key=lambda row: order[row.id]
        )
        total = len(ids)
    else:
        total = _count(conditions)
        page = _within(page, total)
        found = list(
            db.session.execute(
                _rows(conditions).order_by(*_order(sort)).limit(PAGE).offset((page - 1) * PAGE)
            )
        )
    return Page(tuple(_shown(viewer, course, found, "registrations.list")), total, page)


def nominations_for(viewer: Viewer, course: Course) -> list[Row]:
    """All candidates of the focal point's country on a course, by state, then priority."""
    conditions = _conditions(viewer, Permission.REGISTRATION_NOMINATE, course, Filters())
    found = list(
        db.session.execute(
            _rows(conditions).order_by(
                _state_order(), Registration.priority.is_(None), Registration.priority,
                Registration.number,
            )
        )
    )  # fmt: skip
    return list(_shown(viewer, course, found, "registrations.nominations"))


def state_counts(
    viewer: Viewer, course: Course, *, permission: Permission = READ
) -> dict[State, int]:
    """How many registrations of a course, within the viewer's scope, are in each state."""
    rows = db.session.execute(
        queries.scoped(viewer, permission)
        .where(Registration.course_id == course.id)
        .with_only_columns(Registration.state, func.count())
        .group_by(Registration.state)
    )
    return dict(rows.all())


def _conditions(
    viewer: Viewer, permission: Permission, course: Course, filters: Filters
) -> list[ColumnElement[bool]]:
    conditions = [Registration.course_id == course.id, queries.within(viewer, permission)]
    if filters.state is not None:
        conditions.append(Registration.state == filters.state)
    if filters.country:
        conditions.append(Registration.country == filters.country)
    if filters.function:
        conditions.append(Registration.function == filters.function)
    if filters.number is not None:
        conditions.append(Registration.number.startswith(filters.number, autoescape=True))
    return conditions


def _rows(conditions: list[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    return (
        select(*_COLUMNS)
        .join(Course, Course.id == Registration.course_id)
        .join(Person, Person.id == Registration.person_id)
        .where(*conditions)
        .execution_options(scope="viewer")
    )


def _count(conditions: list[ColumnElement[bool]]) -> int:
    statement = (
        select(func.count())
        .select_from(Registration)
        .join(Course, Course.id == Registration.course_id)
        .where(*conditions)
        .execution_options(scope="viewer")
    )
    return db.session.scalar(statement) or 0


def _within(page: int, total: int) -> int:
    return min(max(1, page), max(1, -(-total // PAGE)))


def _state_order() -> ColumnElement[int]:
    return case(
        {state.value: place for state, place in ORDER_OF_STATES.items()}, value=Registration.state
    )


def _order(sort: Sort) -> tuple[Any, ...]:
    if sort is Sort.STATE:
        return _state_order(), Registration.number
    if sort is Sort.COUNTRY:
        return (
            Registration.country, Registration.function, Registration.priority.is_(None),
            Registration.priority, Registration.number,
        )  # fmt: skip
    if sort is Sort.SINCE:
        return Registration.state_at.desc(), Registration.number
    return (Registration.number,)


def _by_name(conditions: list[ColumnElement[bool]], wanted: str | None, sort: Sort) -> list[str]:
    """The ids of all that are found, ordered; names are opened for comparing only."""
    statement = (
        select(Registration.id, Registration.person_id)
        .join(Course, Course.id == Registration.course_id)
        .where(*conditions)
        .execution_options(scope="viewer")
    )
    if sort is not Sort.NAME:
        statement = statement.order_by(*_order(sort))
    found = db.session.execute(statement).all()
    names = reading.names_among(statement.with_only_columns(Registration.person_id).order_by(None))
    keys = {key: folded(name) for key, name in names.items()}
    part = folded(wanted) if wanted else ""
    kept = [(key, keys[who]) for key, who in found if not part or finds(part, keys[who])]
    if sort is Sort.NAME:
        kept.sort(key=lambda one: (one[1], one[0]))
    return [key for key, _ in kept]


def _shown(viewer: Viewer, course: Course, found: list[Found[Any]], purpose: str) -> list[Row]:
    people = reading.open([row.person_id for row in found], by=viewer.account_id, purpose=purpose)
    places = {}
    if any(row.state is State.RESERVE for row in found):
        places = seat_queries.reserve_places(course.id)
    return [_row(row, people[row.person_id], places.get(row.id)) for row in found]


def _row(row: Found[Any], person: Identity, reserve_no: int | None) -> Row:
    return Row(
        id=row.id, number=row.number, state=row.state, state_at=row.state_at,
        country=row.country, function=row.function, priority=row.priority, applied=row.applied,
        complete=row.complete, offered_until=row.offered_until,
        name_confirmed=row.name_confirmed_at is not None,
        mail_bounced=row.mail_bounced_at is not None, person_id=row.person_id, person=person,
        reserve_no=reserve_no,
    )  # fmt: skip
