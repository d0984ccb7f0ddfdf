"""The lists of a course's registrations: paged in SQL, or ordered by names that are opened."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Label,
    LargeBinary,
    Select,
    and_,
    case,
    cast,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy import Row as Found
from sqlalchemy.orm import aliased

from trainings.core import paging, sealed
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.names import folded
from trainings.core.permissions import Permission, Viewer
from trainings.courses.models import Course
from trainings.people import reading
from trainings.people.models import Person
from trainings.people.sealed_rules import Identity
from trainings.registrations import filter_queries, queries
from trainings.registrations.listing_rules import (
    ORDER_OF_STATES,
    PAGE,
    RESERVE_ORDER,
    UNDECIDED,
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
        ids = _by_name(conditions, filters.words, sort, descending)
        page = paging.within(page, len(ids), PAGE)
        shown = ids[(page - 1) * PAGE : page * PAGE]
        order = {key: place for place, key in enumerate(shown)}
        found = list(db.session.execute(_rows([Registration.id.in_(shown)])))
        found.sort(key=lambda row: order[row.id])
        return ListPage(_shown(viewer, found, "registrations.list"), len(ids), page)
    found, total, page = _cut(conditions, _order(sort, descending), page)
    return ListPage(_shown(viewer, found, "registrations.list"), total, page)


def _cut(
    conditions: list[ColumnElement[bool]], order: tuple[Any, ...], page: int
) -> tuple[list[Found[Any]], int, int]:
    """One page of the rows, how many there are, and which page it is; mostly one statement."""
    total = _counting(conditions).scalar_subquery().label("total")
    page = min(max(1, page), _LAST_PAGE)
    found = _at(conditions, order, page, total)
    if not found and page > 1:  # beyond the last
        page = paging.within(page, db.session.scalar(_counting(conditions)) or 0, PAGE)
        found = _at(conditions, order, page, total)
    return found, found[0].total if found else 0, page


def _at(
    conditions: list[ColumnElement[bool]], order: tuple[Any, ...], page: int, total: Label[int]
) -> list[Found[Any]]:
    """The rows of one page: the page is cut out of the ids first, then its rows are read."""
    cut = (
        select(Registration.id)
        .where(*conditions)
        .order_by(*order)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    statement = _rows([Registration.id.in_(cut)]).add_columns(total).order_by(*order)
    return list(db.session.execute(statement))


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
    found = list(db.session.execute(_rows(conditions).order_by(*order)))
    if not found:
        raise NotFound
    if not any(able(row.state) for row in found):
        return []
    return list(_shown(viewer, found, "registrations.chosen"))


def successors(
    viewer: Viewer,
    course: Course,
    country: str | None,
    function: str | None,
    *,
    permission: Permission,
) -> list[Row]:
    """Who could take a seat kept for a country and function (none: any), in order; logged."""
    filters = Filters(country=country, function=function)
    conditions = filter_queries.conditions(viewer, permission, course, filters)
    conditions.append(Registration.state.in_([State.RESERVE, State.ENDORSED]))
    order = (_state_order(), *_reserve_key(Registration))
    found = list(db.session.execute(_rows(conditions).order_by(*order)))
    return list(_shown(viewer, found, "registrations.successors"))


def in_reserve(viewer: Viewer, course: Course, *, permission: Permission) -> list[Row]:
    """The reserve list of a course in its order, with identities; logged."""
    conditions = filter_queries.conditions(viewer, permission, course, Filters(state=State.RESERVE))
    found = list(db.session.execute(_rows(conditions).order_by(*_reserve_key(Registration))))
    return list(_shown(viewer, found, "registrations.reserve"))


def nominations_for(viewer: Viewer, course: Course) -> list[Row]:
    """All candidates of the focal point's country on a course, by state, then priority."""
    conditions = filter_queries.conditions(
        viewer, Permission.REGISTRATION_NOMINATE, course, Filters()
    )
    found = list(
        db.session.execute(
            _rows(conditions).order_by(
                _state_order(),
                Registration.priority.is_(None),
                Registration.priority,
                Registration.created_at,
                Registration.number,
            )
        )
    )
    return list(_shown(viewer, found, "registrations.nominations"))


def ranking(viewer: Viewer, course: Course, country: str) -> list[str]:
    """The numbers of a country's candidates who wait for a decision, in their order; no names."""
    statement = (
        queries.scoped(viewer, Permission.REGISTRATION_NOMINATE)
        .where(
            Registration.course_id == course.id,
            Registration.country == country,
            Registration.state.in_(sorted(UNDECIDED)),
        )
        .with_only_columns(Registration.number)
        .order_by(
            Registration.priority.is_(None),
            Registration.priority,
            _state_order(),
            Registration.created_at,
            Registration.number,
        )
    )
    return list(db.session.scalars(statement))


def next_priority(viewer: Viewer, course: Course, country: str) -> int:
    """The rank of whom a focal point nominates next: behind the country's others."""
    statement = (
        queries.scoped(viewer, Permission.REGISTRATION_NOMINATE)
        .where(Registration.course_id == course.id, Registration.country == country)
        .with_only_columns(func.max(Registration.priority))
    )
    return (db.session.scalar(statement) or 0) + 1


_LAST_PAGE = 1_000_000  # what a database can still count to


def _reserve_key(one: Any) -> tuple[Any, ...]:
    """The order of the reserve list in SQL; an id is compared byte by byte, as Python does."""
    return tuple(
        cast(one.id, LargeBinary)
        if key.names == ("id",)
        else func.coalesce(
            *(getattr(one, name) for name in key.names),
            *(() if key.otherwise is None else (key.otherwise,)),
        )
        for key in RESERVE_ORDER
    )


def _place() -> Label[int]:
    """The place that one on the reserve list is shown: the same as ``reserve_rules.places``."""
    other = aliased(Registration)
    ahead = (
        select(func.count())
        .where(
            other.course_id == Registration.course_id,
            other.state == State.RESERVE,
            other.country == Registration.country,
            other.function == Registration.function,
            tuple_(*_reserve_key(other)) <= tuple_(*_reserve_key(Registration)),
        )
        .correlate(Registration)
        .scalar_subquery()
    )
    return case((Registration.state == State.RESERVE, ahead)).label("place")


def _rows(conditions: list[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    return (
        select(*_COLUMNS, _place())
        .join(Person, Person.id == Registration.person_id)
        .where(*conditions)
        .execution_options(scope="viewer")
    )


def _counting(conditions: list[ColumnElement[bool]]) -> Select[int]:
    return (
        select(func.count())
        .select_from(Registration)
        .where(*conditions)
        .execution_options(scope="viewer")
        .correlate(None)
    )


def _state_order() -> ColumnElement[int]:
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
    return first, _state_order()


def _order(sort: Sort, descending: bool = False) -> tuple[Any, ...]:
    first: tuple[Any, ...] = {
        Sort.WAITING: _waiting_order(),
        Sort.STATE: (_state_order(),),
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


def _by_name(
    conditions: list[ColumnElement[bool]], wanted: str | None, sort: Sort, descending: bool
) -> list[str]:
    """The ids of all that are found, ordered; what is compared is opened for that alone."""
    statement = (
        select(Registration.id, Registration.person_id, Registration.unit)
        .join(Person, Person.id == Registration.person_id)
        .where(*conditions)
        .execution_options(scope="viewer")
    )
    if sort is not Sort.NAME:
        statement = statement.order_by(*_order(sort, descending))
    part = folded(wanted) if wanted else ""
    kept = []
    for one in reading.words_among(statement, mails=bool(part)):
        name, unit = folded(one.name), folded(_unit(one.key, *one.more)) if part else ""
        if not part or finds(part, name, folded(one.mail), unit):
            kept.append((one.key, name))
    if sort is Sort.NAME:
        kept.sort(key=lambda one: (one[1], one[0]), reverse=descending)
    return [key for key, _ in kept]


def found_by_words(
    viewer: Viewer, permission: Permission, course: Course, filters: Filters
) -> list[str]:
    """The ids of all whose name, email address or unit holds the words, within the filters."""
    conditions = filter_queries.conditions(viewer, permission, course, filters)
    return _by_name(conditions, filters.words, Sort.NUMBER, False)


def _unit(key: str, value: bytes | None) -> str:
    return sealed.unseal(value, f"registration|unit|{key}") if value else ""


def _shown(viewer: Viewer, found: list[Found[Any]], purpose: str) -> tuple[Row, ...]:
    people = reading.open([row.person_id for row in found], by=viewer.account_id, purpose=purpose)
    return tuple(_row(row, people[row.person_id]) for row in found)


def _row(row: Found[Any], person: Identity) -> Row:
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
        reserve_no=row.place,
        sex=row.sex,
        unit=_unit(row.id, row.unit),
    )
