"""What the dense table of candidates needs, added up by the database: one page, and the ticked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, select
from sqlalchemy.orm import aliased

from trainings.candidate_reviews import queries as reviews
from trainings.core import paging
from trainings.core.db import db, those_of
from trainings.core.i18n import country_name
from trainings.core.names import folded
from trainings.core.permissions import Permission, Viewer
from trainings.courses.models import Course
from trainings.registrations import filter_queries
from trainings.registrations import queries as registrations
from trainings.registrations.headcount_queries import headcount
from trainings.registrations.listing_rules import Filters
from trainings.registrations.models import Registration
from trainings.registrations.rules import HOLDS_SEAT, LIVE, TAKES_PART, State
from trainings.seats.placing_rules import Group
from trainings.selection_proposals.balance_rules import Tally
from trainings.selection_proposals.rules import FIRST, UNIT, WOMEN, TableSort, Traits

SELECT = Permission.REGISTRATION_SELECT
_HERE = aliased(Registration)
FEW = 1000  # people of whom everything is counted, where no minimum asks for it


class Listed(NamedTuple):
    """A page of the table: the numbers of its candidates in order; which page, and of how many."""

    numbers: list[str]
    total: int
    page: int
    pages: int


def listed(course: Course, by: Viewer, filters: Filters, sort: str, page: int, size: int) -> Listed:
    """A page of those who may still take part, within the viewer's scope and the filters.

    The endorsed come first. No name is opened.
    """
    conditions = [
        *filter_queries.conditions(by, SELECT, course, filters),
        Registration.state.in_(sorted(LIVE)),
    ]
    groups = _groups(course, by, filters, conditions)
    total = sum(number for _group, number in groups)
    page = paging.within(page, total, size)
    begin = (page - 1) * size
    statement = select(Registration.number)
    if sort:
        totals = reviews.totals(course.id).subquery()
        statement = statement.outerjoin(totals, totals.c.registration_id == Registration.id)
        first: tuple[ColumnElement[Any], ...] = (totals.c.total.is_(None), totals.c.total.desc())
        if sort == TableSort.FAR:
            first = (totals.c.far.is_not(True), *first)
        if sort == TableSort.UNREAD:
            first = (totals.c.total.is_not(None),)
        statement = statement.order_by(_DECIDED, *first, *_usual(course))
    else:
        here, begin = paging.reached(groups, page, size)
        conditions.append(or_(false(), *(and_(*_of_group(*one)) for one in here)))
        statement = statement.order_by(_DECIDED, *_usual(course))
    cut = statement.where(*conditions).limit(size).offset(begin)
    numbers = list(db.session.scalars(cut.execution_options(scope="viewer")))
    return Listed(numbers, total, page, paging.pages(total, size))


_DECIDED = Registration.state != State.ENDORSED
_Line = tuple[bool, str]  # in the table's order: whether a state is another than endorsed; country


def _groups(
    course: Course, by: Viewer, filters: Filters, conditions: Sequence[ColumnElement[bool]]
) -> list[tuple[_Line, int]]:
    """How many of each country are endorsed, and how many are not, in the order of the table."""
    groups: Iterable[tuple[State, str, int]]
    counted = filter_queries.alike(by, SELECT, course, filters)
    if counted is not None:
        groups = ((one.state, one.country, one.number) for one in counted if one.state in LIVE)
    else:
        rows = db.session.execute(
            select(Registration.state, Registration.country, func.count())
            .where(*conditions)
            .group_by(Registration.state, Registration.country)
            .execution_options(scope="count")
        )
        groups = (row._tuple() for row in rows)
    numbers = Counter[_Line]()
    for state, country, number in groups:
        numbers[state is not State.ENDORSED, country] += number
    order = _order(course)
    return sorted(
        numbers.items(), key=lambda one: (one[0][0], order.get(one[0][1], len(order)), one[0][1])
    )


def _of_group(decided: bool, country: str) -> list[ColumnElement[bool]]:
    states = LIVE - {State.ENDORSED} if decided else {State.ENDORSED}
    return [Registration.state.in_(sorted(states)), Registration.country == country]


def _order(course: Course) -> dict[str, int]:
    """The place of each of the course's countries by its name."""
    return {code: place for place, code in enumerate(sorted(course.countries, key=country_name))}


def _usual(course: Course) -> tuple[Any, ...]:
    """By the country's name, then as the country ranked them."""
    order = _order(course)
    named = [case(order, value=Registration.country, else_=len(order))] if order else []
    ranked = (Registration.priority.is_(None), Registration.priority, Registration.number)
    return (*named, Registration.country, *ranked)


class Ticked(NamedTuple):
    """An endorsed candidate who is ticked."""

    number: str
    traits: Traits


def ticked(
    course: Course, by: Viewer, numbers: Collection[str] = (), ids: Collection[str] = ()
) -> list[Ticked]:
    """The endorsed with these numbers or ids, within the viewer's scope; by place in their list."""
    if not numbers and not ids:
        return []
    keys = select(Registration.id).where(
        registrations.within_course(by, SELECT, course.id),
        Registration.state == State.ENDORSED,
        Registration.number.in_(list(numbers)) if numbers else Registration.id.in_(list(ids)),
    )
    rows = db.session.execute(
        select(
            _HERE.id,
            _HERE.number,
            _HERE.country,
            _HERE.function,
            _HERE.sex,
            _HERE.unit,
            _before(course, by).label("before"),
        )
        .where(_HERE.id.in_(keys))
        .order_by(_HERE.priority.is_(None), _HERE.priority, _HERE.created_at, _HERE.id)
        .execution_options(scope="viewer")
    ).all()
    units = registrations.units((row.id, row.unit) for row in rows)
    return [
        Ticked(
            row.number,
            Traits(
                row.country,
                row.function,
                row.sex == "F",
                not row.before,
                " ".join(folded(units[row.id]).split()),
            ),
        )
        for row in rows
    ]


def first_timers(course: Course, by: Viewer, keys: Collection[str]) -> set[str]:
    """Who of these registrations takes part for the first time, as far as the viewer may see."""
    rows = db.session.scalars(
        select(_HERE.id)
        .where(those_of(_HERE.course_id, course.id, _HERE.id, keys), ~_before(course, by))
        .execution_options(scope="viewer")
    )
    return set(rows)


def _before(course: Course, by: Viewer) -> ColumnElement[bool]:
    """Whether somebody took part in an earlier course whose participants the viewer may see."""
    return (
        select(Registration.course_id)  # what the index holds: no row of theirs is read
        .join(Course, Course.id == Registration.course_id)
        .where(*_earlier(course, by), Registration.person_id == _HERE.person_id)
        .correlate(_HERE)
        .exists()
    )


def _earlier(course: Course, by: Viewer) -> list[ColumnElement[bool]]:
    return [
        Registration.course_id != course.id,
        Registration.state.in_(sorted(TAKES_PART)),
        Course.starts_on < course.starts_on,
        registrations.within(by, Permission.REGISTRATION_READ),
    ]


def seated(course: Course, by: Viewer, more: int, asked: Collection[str] = ()) -> Tally:
    """Who has a seat now, counted within the viewer's scope.

    Who takes part for the first time, and the most of one unit, are counted where they and the
    ``more`` who are ticked are few, and else only where they are ``asked`` for: the earlier courses
    of each have to be looked at, and each unit opened.
    """
    few = headcount(course.id).number(HOLDS_SEAT) + more <= FEW
    first = few or FIRST in asked
    rows = db.session.execute(
        select(
            _HERE.country,
            _HERE.function,
            func.count(),
            func.count().filter(_HERE.sex == "F"),
            func.count().filter(_before(course, by)) if first else literal(0),
        )
        .where(
            registrations.within_course(by, SELECT, course.id, _HERE),
            _HERE.state.in_(sorted(HOLDS_SEAT)),
        )
        # by state as well, as the index has them, so that nothing is sorted
        .group_by(_HERE.state, _HERE.country, _HERE.function)
        .execution_options(scope="count")
    )
    groups, women, before = Counter[Group](), 0, 0
    for country, function, number, of_women, of_before in rows:
        groups[Group(country, function)] += number
        women += of_women
        before += of_before
    teams: Counter[tuple[str, str]] | None = None
    if few or UNIT in asked:
        teams = _teams(
            [
                registrations.within_course(by, SELECT, course.id),
                Registration.state.in_(sorted(HOLDS_SEAT)),
            ]
        )
    traits = {WOMEN: women} | ({FIRST: groups.total() - before} if first else {})
    return Tally(groups, traits, teams)


def _teams(conditions: Sequence[ColumnElement[bool]]) -> Counter[tuple[str, str]]:
    statement = select(Registration.id, Registration.country, Registration.unit).where(
        *conditions, Registration.unit.is_not(None)
    )
    rows = db.session.execute(statement.execution_options(scope="viewer")).all()
    units = registrations.units((row.id, row.unit) for row in rows)
    named = ((row.country, " ".join(folded(units[row.id]).split())) for row in rows)
    return Counter(one for one in named if one[1])
