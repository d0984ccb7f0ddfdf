"""What the dense table of candidates needs, added up by the database: one page, and the ticked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func, select
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
from trainings.registrations.listing_queries import counting
from trainings.registrations.listing_rules import Filters
from trainings.registrations.models import Registration
from trainings.registrations.rules import HOLDS_SEAT, LIVE, TAKES_PART, State
from trainings.seats.placing_rules import Group
from trainings.selection_proposals.balance_rules import Tally
from trainings.selection_proposals.rules import FIRST, WOMEN, TableSort, Traits

SELECT = Permission.REGISTRATION_SELECT
_HERE = aliased(Registration)
UNITS = 1000  # people whose units are opened to count them, where no minimum asks for it


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
    total = db.session.scalar(counting(conditions)) or 0
    page = paging.within(page, total, size)
    decided = Registration.state != State.ENDORSED
    statement = select(Registration.number).where(*conditions)
    if sort:
        totals = reviews.totals(course.id).subquery()
        statement = statement.outerjoin(totals, totals.c.registration_id == Registration.id)
        first: tuple[ColumnElement[Any], ...] = (totals.c.total.is_(None), totals.c.total.desc())
        if sort == TableSort.FAR:
            first = (totals.c.far.is_not(True), *first)
        if sort == TableSort.UNREAD:
            first = (totals.c.total.is_not(None),)
        statement = statement.order_by(decided, *first, *_usual(course))
    else:
        statement = statement.order_by(decided, *_usual(course))
    cut = statement.limit(size).offset((page - 1) * size).execution_options(scope="viewer")
    return Listed(list(db.session.scalars(cut)), total, page, paging.pages(total, size))


def _usual(course: Course) -> tuple[Any, ...]:
    """By the country's name, then as the country ranked them."""
    order = {code: place for place, code in enumerate(sorted(course.countries, key=country_name))}
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
        select(Registration.id)
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


def seated(course: Course, by: Viewer, more: int, *, units: bool) -> Tally:
    """Who has a seat now, counted within the viewer's scope.

    ``units``: those of one unit are counted however many people there are; else only where they
    and the ``more`` who are ticked are few, for each unit has to be opened for it.
    """
    here = [
        registrations.within_course(by, SELECT, course.id),
        Registration.state.in_(sorted(HOLDS_SEAT)),
    ]
    rows = db.session.execute(
        select(
            Registration.country,
            Registration.function,
            func.count(),
            func.count().filter(Registration.sex == "F"),
        )
        .where(*here)
        .group_by(Registration.country, Registration.function)
        .execution_options(scope="count")
    )
    groups, women = Counter[Group](), 0
    for country, function, number, of_women in rows:
        groups[Group(country, function)] = number
        women += of_women
    first = groups.total() - _how_many_before(course, by)
    teams: Counter[tuple[str, str]] | None = None
    if units or groups.total() + more <= UNITS:
        teams = _teams(here)
    return Tally(groups, {WOMEN: women, FIRST: first}, teams)


def _how_many_before(course: Course, by: Viewer) -> int:
    """How many of those who have a seat took part in an earlier course."""
    found = (
        select(func.count())
        .select_from(_HERE)
        .where(
            _HERE.course_id == course.id, _HERE.state.in_(sorted(HOLDS_SEAT)), _before(course, by)
        )
    )
    return db.session.scalar(found.execution_options(scope="count")) or 0


def _teams(conditions: Sequence[ColumnElement[bool]]) -> Counter[tuple[str, str]]:
    statement = select(Registration.id, Registration.country, Registration.unit).where(
        *conditions, Registration.unit.is_not(None)
    )
    rows = db.session.execute(statement.execution_options(scope="viewer")).all()
    units = registrations.units((row.id, row.unit) for row in rows)
    named = ((row.country, " ".join(folded(units[row.id]).split())) for row in rows)
    return Counter(one for one in named if one[1])
