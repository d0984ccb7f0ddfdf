"""The lists of a course's registrations: paged in SQL, or ordered by names that are opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache, partial
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy import Row as Found

from trainings.core import paging, sealed
from trainings.core.db import db, those_of
from trainings.core.errors import NotFound
from trainings.core.names import folded
from trainings.core.permissions import Permission, Viewer
from trainings.courses.models import Course
from trainings.people import order_queries, reading
from trainings.people.models import Person
from trainings.people.sealed_rules import Identity
from trainings.registrations import filter_queries, queries
from trainings.registrations.listing_rules import (
    ORDER_OF_STATES,
    PAGE,
    Filters,
    ListPage,
    Problem,
    Row,
    Sort,
    finds,
)
from trainings.registrations.models import Registration
from trainings.registrations.rules import State

READ = Permission.REGISTRATION_READ
_COLUMNS = (
    Registration.id,
    Registration.number,
    Registration.state,
    Registration.state_at,
    Registration.country,
    Registration.function,
    Registration.priority,
    Registration.applied,
    Registration.complete,
    Registration.offered_until,
    Registration.name_confirmed_at,
    Person.mail_bounced_at,
    Registration.person_id,
    Registration.sex,
    Registration.unit,
    Registration.course_id,
)


def listing(
    viewer: Viewer,
    course: Course,
    filters: Filters | None = None,
    sort: Sort = Sort.NUMBER,
    page: int = 1,
    *,
    descending: bool = False,
    permission: Permission = READ,
) -> ListPage:
    """A page of a course's registrations within the viewer's scope, with their identities.

    The read of those shown is logged. Ordering or searching by name opens the names of all the
    course's people in memory; only who is shown is logged and leaves.
    """
    filters = filters or Filters()
    conditions = filter_queries.conditions(viewer, permission, course, filters)
    if sort is Sort.NAME or filters.words is not None:
        if filters.words is None:
            whole = filters == Filters() and queries.reaches_all(viewer, permission, course)
            ids = order_queries.of_course(_people(conditions), course.id, whole=whole)
            ids = ids[::-1] if descending else ids
        else:
            ids = _with_words(conditions, filters.words, sort, descending)
        page = paging.within(page, len(ids), PAGE)
        cut = ids[(page - 1) * PAGE : page * PAGE]
        order = {key: place for place, key in enumerate(cut)}
        found = list(db.session.execute(rows_of([Registration.id.in_(cut)])))
        found.sort(key=lambda row: order[row.id])
        return ListPage(shown(viewer, found, "registrations.list"), len(ids), page)
    counts = _by_state(viewer, course, filters, permission, conditions)
    found, total, page = _cut(conditions, counts, sort, descending, page)
    return ListPage(shown(viewer, found, "registrations.list"), total, page)


def _by_state(
    viewer: Viewer,
    course: Course,
    filters: Filters,
    permission: Permission,
    conditions: list[ColumnElement[bool]],
) -> Mapping[State, int]:
    """How many the filters leave in each state."""
    groups = filter_queries.alike(viewer, permission, course, filters)
    if groups is not None:
        found = Counter[State]()
        for one in groups:
            found[one.state] += one.number
        return found
    counting = select(Registration.state, func.count()).where(*conditions)
    grouped = counting.group_by(Registration.state).execution_options(scope="viewer")
    return {state: number for state, number in db.session.execute(grouped)}  # noqa: C416


def _cut(
    conditions: list[ColumnElement[bool]],
    counts: Mapping[State, int],
    sort: Sort,
    descending: bool,
    page: int,
) -> tuple[list[Found[Any]], int, int]:
    """One page of the rows, how many there are, and which page it is.

    ``counts``: how many are in each state. Who is in one that no line of the page can have is not
    put in order.
    """
    total = sum(counts.values())
    page = paging.within(page, total, PAGE)
    order = _order(sort, descending)
    runs = [
        (states, sum(counts.get(state, 0) for state in states))
        for states in _runs(sort, descending)
    ]
    here, before = paging.reached(runs, page, PAGE)
    cut = (
        select(Registration.id)
        .where(*conditions, Registration.state.in_([state for states in here for state in states]))
        .order_by(*order)
        .limit(PAGE)
        .offset(before)
    )
    rows = db.session.execute(rows_of([Registration.id.in_(cut)]).order_by(*order))
    return list(rows), total, page


def _runs(sort: Sort, descending: bool) -> list[list[State]]:
    """The states that stand together in an order of a list, one group after the other."""
    states = list(ORDER_OF_STATES)
    if sort is Sort.STATE:
        runs = [[state] for state in states]
    elif sort is Sort.WAITING:
        runs = [[State.ENDORSED], [state for state in states if state is not State.ENDORSED]]
    else:
        runs = [states]
    return runs[::-1] if descending else runs


def chosen(
    viewer: Viewer,
    course: Course,
    numbers: Collection[str],
    able: Callable[[State], bool],
    *,
    permission: Permission,
) -> list[Row]:
    """Those of a course with these numbers, as far as the viewer's scope reaches; logged.

    None, and no name is opened, where none is in a state that is ``able``. Raises ``NotFound``
    where there is nobody.
    """
    conditions = filter_queries.conditions(viewer, permission, course, Filters())
    conditions.append(Registration.number.in_(list(numbers)))
    order = (Registration.priority.is_(None), Registration.priority, Registration.number)
    found = list(db.session.execute(rows_of(conditions).order_by(*order)))
    if not found:
        raise NotFound
    if not any(able(row.state) for row in found):
        return []
    return list(shown(viewer, found, "registrations.chosen"))


def in_order(viewer: Viewer, course: Course, keys: Sequence[str]) -> list[Row]:
    """Those of a course with these ids, in this order, found within the viewer's scope; logged.

    Without their places on the reserve list.
    """
    here = [those_of(Registration.course_id, course.id, Registration.id, keys)]
    place = {key: at for at, key in enumerate(keys)}
    found = sorted(db.session.execute(rows_of(here)), key=lambda row: place[row.id])
    return list(with_names(viewer, found, "registrations.list", {}))


def successors(
    viewer: Viewer,
    course: Course,
    country: str | None,
    function: str | None,
    *,
    permission: Permission,
) -> list[Row]:
    """Who could take a seat kept for a country and function (none: any), in order; logged.

    The first of them, where there are many.
    """
    filters = Filters(country=country, function=function)
    conditions = filter_queries.conditions(viewer, permission, course, filters)
    conditions.append(Registration.state.in_([State.RESERVE, State.ENDORSED]))
    order = (state_order(), *filter_queries.reserve_key_of(Registration))
    found = list(db.session.execute(rows_of(conditions).order_by(*order).limit(PAGE)))
    return list(shown(viewer, found, "registrations.successors"))


def rows_of(conditions: list[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """What a line of a list needs, of registrations that a viewer's scope reaches."""
    return _lines().where(*conditions)


@cache
def _lines() -> Select[*tuple[Any, ...]]:
    found = select(*_COLUMNS).join(Person, Person.id == Registration.person_id)
    return found.execution_options(scope="viewer")


def counting(conditions: list[ColumnElement[bool]]) -> Select[int]:
    """How many there are."""
    return (
        select(func.count())
        .select_from(Registration)
        .where(*conditions)
        .execution_options(scope="viewer")
        .correlate(None)
    )


def state_order() -> ColumnElement[int]:
    """The place of each state in lists."""
    return case(
        {state.value: place for state, place in ORDER_OF_STATES.items()}, value=Registration.state
    )


def _waiting_order() -> tuple[ColumnElement[Any], ...]:
    """To be decided, then what has a problem that the organisers solve, then as states go on."""
    solved = [filter_queries.troubled(one) for one in (Problem.BOUNCED, Problem.UNNAMED)]
    first = case(
        (Registration.state == State.ENDORSED, 0),
        (or_(*(and_(*conditions) for conditions in solved)), 1),
        else_=2,
    )
    return first, state_order()


@cache
def _order(sort: Sort, descending: bool = False) -> tuple[Any, ...]:
    first: tuple[Any, ...] = {
        Sort.WAITING: _waiting_order(),
        Sort.STATE: (state_order(),),
        Sort.COUNTRY: (Registration.country, Registration.function),
        Sort.SINCE: (Registration.state_at.desc(),),
    }.get(sort, ())
    rest: tuple[Any, ...] = (Registration.number,)
    if sort in (Sort.COUNTRY, Sort.WAITING):
        rest = (Registration.priority.is_(None), Registration.priority, Registration.number)
    if not descending:
        return (*first, *rest)
    if sort is Sort.SINCE:
        return Registration.state_at, Registration.number
    return (*(column.desc() for column in first or rest), *(rest if first else ()))


def _people(conditions: list[ColumnElement[bool]]) -> Select[str, str]:
    return (
        select(Registration.id, Registration.person_id)
        .where(*conditions)
        .execution_options(scope="viewer")
    )


def _with_words(
    conditions: list[ColumnElement[bool]], wanted: str, sort: Sort, descending: bool
) -> list[str]:
    """The ids of all in whom the words are found, ordered; what is compared is opened for that."""
    statement = _people(conditions).join(Person, Person.id == Registration.person_id)
    statement = statement.add_columns(Registration.unit)
    if sort is not Sort.NAME:
        statement = statement.order_by(*_order(sort, descending))
    part, kept = folded(wanted), []
    for one in reading.words_among(statement):
        name = folded(one.name)
        if finds(part, name, folded(one.mail), folded(_unit(one.key, *one.more))):
            kept.append((one.key, name))
    if sort is Sort.NAME:
        kept.sort(key=lambda one: (one[1], one[0]), reverse=descending)
    return [key for key, _ in kept]


def found_by_words(
    viewer: Viewer, permission: Permission, course: Course, filters: Filters
) -> list[str]:
    """The ids of all whose name, email address or unit holds the words, within the filters."""
    conditions = filter_queries.conditions(viewer, permission, course, filters)
    return _with_words(conditions, filters.words or "", Sort.NUMBER, False)


def _unit(key: str, value: bytes | None) -> str:
    return sealed.unseal(value, f"registration|unit|{key}") if value else ""


def shown(viewer: Viewer, found: list[Found[Any]], purpose: str) -> tuple[Row, ...]:
    """The lines with their identities; the read is logged. All are of one course."""
    waiting = next((row.course_id for row in found if row.state is State.RESERVE), None)
    places = filter_queries.places(waiting) if waiting else {}
    return with_names(viewer, found, purpose, places)


def with_names(
    viewer: Viewer, found: list[Found[Any]], purpose: str, places: Mapping[str, int]
) -> tuple[Row, ...]:
    """The same with their places on the reserve list as they are given."""
    people = reading.open([row.person_id for row in found], by=viewer.account_id, purpose=purpose)
    return tuple(_row(row, people[row.person_id], places.get(row.id)) for row in found)


def _row(row: Found[Any], person: Identity, place: int | None) -> Row:
    return Row(
        id=row.id,
        number=row.number,
        state=row.state,
        state_at=row.state_at,
        country=row.country,
        function=row.function,
        priority=row.priority,
        applied=row.applied,
        complete=row.complete,
        offered_until=row.offered_until,
        name_confirmed=row.name_confirmed_at is not None,
        mail_bounced=row.mail_bounced_at is not None,
        person_id=row.person_id,
        person=person,
        reserve_no=place,
        sex=row.sex,
        read_unit=partial(_unit, row.id, row.unit),
    )
