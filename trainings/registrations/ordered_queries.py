"""Lists that people put in order by hand: the reserve list, and a country's candidates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy import Row as Found

from trainings.core import paging
from trainings.core.db import db
from trainings.core.permissions import Permission, Viewer
from trainings.courses.models import Course
from trainings.registrations import filter_queries, place_queries, queries
from trainings.registrations.listing_queries import counting, rows_of, shown, state_order
from trainings.registrations.listing_rules import PAGE, UNDECIDED, Filters, ListPage, Row
from trainings.registrations.models import Registration
from trainings.registrations.rules import State

_PRIORITY = (Registration.priority.is_(None), Registration.priority)
_RANKED = (*_PRIORITY, state_order(), Registration.created_at, Registration.number)


def in_reserve(
    viewer: Viewer, course: Course, page: int = 1, *, permission: Permission
) -> ListPage:
    """A page of the reserve list of a course in its order, with identities; logged."""
    conditions = filter_queries.conditions(viewer, permission, course, Filters(state=State.RESERVE))
    order = place_queries.reserve_key_of(Registration)
    total = db.session.scalar(counting(conditions)) or 0
    page = paging.within(page, total, PAGE)
    found = _cut(conditions, order, page)
    return ListPage(shown(viewer, found, "registrations.reserve"), total, page, PAGE)


@dataclass(frozen=True)
class Nominations:
    """A focal point's candidates: a page of those to decide on, and one of the others."""

    waiting: ListPage
    totals: Mapping[str, int]  # of those to decide on, by country
    after: str | None  # the number of whoever comes first on the next page
    decided: ListPage

    @property
    def ranks(self) -> dict[str, list[tuple[int, Row]]]:
        """Those to decide on with the ranks that they are shown, by country."""
        found: dict[str, list[tuple[int, Row]]] = {}
        before, begins = 0, {}
        for country, number in self.totals.items():
            begins[country], before = before, before + number
        for place, row in enumerate(self.waiting.rows, self.waiting.first):
            found.setdefault(row.country, []).append((place - begins[row.country], row))
        return found


def nominations(viewer: Viewer, course: Course, page: int, decided: int) -> Nominations:
    """A page of each list of the viewer's countries, in their orders; the read is logged."""
    mine = filter_queries.conditions(viewer, Permission.REGISTRATION_NOMINATE, course, Filters())
    undecided = Registration.state.in_(sorted(UNDECIDED))
    rows = db.session.execute(
        select(Registration.country, func.count().filter(undecided), func.count())
        .where(*mine)
        .group_by(Registration.country)
        .order_by(Registration.country)
        .execution_options(scope="count")
    ).all()
    totals = {country: int(waiting) for country, waiting, _all in rows if waiting}
    waiting, rest = sum(totals.values()), sum(row[2] for row in rows) - sum(totals.values())
    page, decided = paging.within(page, waiting, PAGE), paging.within(decided, rest, PAGE)
    order = (Registration.country, *_RANKED)
    ranked = _cut([*mine, undecided], order, page, 1)  # one more: whoever comes first after it
    others = _cut(
        [*mine, ~undecided],
        (state_order(), *_PRIORITY, Registration.created_at, Registration.number),
        decided,
    )
    after = ranked[PAGE].number if len(ranked) > PAGE else None
    ranked = ranked[:PAGE]
    known = {row.id: row for row in shown(viewer, [*ranked, *others], "registrations.nominations")}
    return Nominations(
        ListPage(tuple(known[row.id] for row in ranked), waiting, page, PAGE),
        totals,
        after,
        ListPage(tuple(known[row.id] for row in others), rest, decided, PAGE),
    )


def _cut(
    conditions: list[ColumnElement[bool]], order: tuple[Any, ...], page: int, more: int = 0
) -> list[Found[Any]]:
    """The rows of a page, and ``more`` of the next."""
    cut = (
        select(Registration.id)
        .where(*conditions)
        .order_by(*order)
        .limit(PAGE + more)
        .offset((page - 1) * PAGE)
    )
    return list(db.session.execute(rows_of([Registration.id.in_(cut)]).order_by(*order)))


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
        .order_by(*_RANKED)
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
