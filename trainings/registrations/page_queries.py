"""Pages of people: in order of name, of a reserve list, and of a country's candidates.

The database cannot know the order of names: they are sealed. Up to so many people, all their names
are opened in memory to put them in order; beyond that, they are in order of number, and found by
name. See docs/decisions/2026-11-29-any-size.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy import Row as Found

from trainings.core import paging
from trainings.core.db import db
from trainings.core.names import folded
from trainings.core.permissions import Permission, Viewer
from trainings.courses.models import Course
from trainings.people import order_queries, reading
from trainings.people.models import Person
from trainings.registrations import filter_queries, queries
from trainings.registrations.listing_queries import (
    counting,
    rows_of,
    shown,
    state_order,
    with_names,
)
from trainings.registrations.listing_rules import PAGE, UNDECIDED, Filters, ListPage, Row, finds
from trainings.registrations.models import Registration
from trainings.registrations.rules import State

BY_NAME = 1000  # people whose names are opened to put them in order
SIZE = 100  # people on a page; a usual course fits on one


class Cut(Struct, frozen=True):
    """One page of the people of a list: the ids of their registrations, in order."""

    keys: Sequence[str]
    total: int
    page: int
    by_name: bool  # or else by number
    words: str = ""  # what was searched for
    size: int = SIZE

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return paging.pages(self.total, self.size)

    @property
    def first(self) -> int:
        """The number of the first line shown."""
        return (self.page - 1) * self.size + 1

    @property
    def last(self) -> int:
        """The number of the last line shown."""
        return self.first + len(self.keys) - 1

    @property
    def long(self) -> bool:
        """Whether somebody has to be looked for: the list goes on, or was searched."""
        return self.pages > 1 or bool(self.words)


def cut(
    course_id: str,
    conditions: Sequence[ColumnElement[bool]],
    page: int,
    words: str = "",
    among: Collection[str] | None = None,
    size: int = SIZE,
    total: int | None = None,
) -> Cut:
    """A page of the registrations of a course that these conditions find, in the viewer's scope.

    ``words``: part of a name, address or number. ``among``: only these registrations.
    ``total``: how many the conditions find, where that is known. No name leaves: whoever shows any
    opens it, which logs the read.
    """
    typed = Filters(text=words)
    conditions = [Registration.course_id == course_id, *conditions]
    if typed.number is not None:
        conditions.append(Registration.number.startswith(typed.number, autoescape=True))
        total = None
    if typed.words is None:
        number = _number(conditions) if total is None else total
        if number > BY_NAME:
            return _by_number(conditions, page, number, words, among, size)
    people = select(Registration.id, Registration.person_id).where(*conditions)
    if typed.words is None:
        ordered = order_queries.of_course(people, course_id)
        found = [key for key in ordered if among is None or key in among]
    else:
        found = _with_words(people, folded(typed.words), among)
    page = paging.within(page, len(found), size)
    return Cut(found[(page - 1) * size : page * size], len(found), page, True, words, size)


def _number(conditions: list[ColumnElement[bool]]) -> int:
    statement = select(func.count()).select_from(Registration).where(*conditions)
    return db.session.scalar(statement.execution_options(scope="count")) or 0


def _with_words(people: Select[str, str], wanted: str, among: Collection[str] | None) -> list[str]:
    """In whose name or address the words are found, in order of name."""
    named = people.join(Person, Person.id == Registration.person_id)
    found = [
        (name, one.key)
        for one in reading.words_among(named)
        if among is None or one.key in among
        for name in (folded(one.name),)
        if finds(wanted, name, folded(one.mail))
    ]
    return [key for _name, key in sorted(found)]


def _by_number(
    conditions: list[ColumnElement[bool]],
    page: int,
    total: int,
    words: str,
    among: Collection[str] | None,
    size: int,
) -> Cut:
    statement = select(Registration.id).where(*conditions).order_by(Registration.number)
    if among is None:
        page = paging.within(page, total, size)
        statement = statement.limit(size).offset((page - 1) * size)
    keys = list(db.session.scalars(statement.execution_options(scope="viewer")))
    if among is not None:
        keys = [key for key in keys if key in among]
        total, page = len(keys), paging.within(page, len(keys), size)
        keys = keys[(page - 1) * size : page * size]
    return Cut(keys, total, page, False, words, size)


_PRIORITY = (Registration.priority.is_(None), Registration.priority)
_RANKED = (*_PRIORITY, state_order(), Registration.created_at, Registration.number)


def in_reserve(
    viewer: Viewer, course: Course, page: int = 1, *, permission: Permission
) -> ListPage:
    """A page of the reserve list of a course in its order, with identities; logged.

    The viewer reaches all of it: the place of each among their group is counted from its top.
    """
    conditions = filter_queries.conditions(viewer, permission, course, Filters(state=State.RESERVE))
    order = filter_queries.reserve_key_of(Registration)
    total = db.session.scalar(counting(conditions)) or 0
    page = paging.within(page, total, PAGE)
    found = _part(conditions, order, page)
    # places are counted in each group; so many of it stand on the pages before
    numbers, places = _before(conditions, order, (page - 1) * PAGE), {}
    for row in found:
        numbers[row.country, row.function] += 1
        places[row.id] = numbers[row.country, row.function]
    rows = with_names(viewer, found, "registrations.reserve", places)
    return ListPage(rows, total, page, PAGE)


def _before(
    conditions: list[ColumnElement[bool]], order: tuple[Any, ...], number: int
) -> Counter[tuple[str, str]]:
    """How many of each country and function are among the first of a list."""
    if not number:
        return Counter()
    first = (
        select(Registration.country, Registration.function)
        .where(*conditions)
        .order_by(*order)
        .limit(number)
        .subquery()
    )
    groups = select(first.c.country, first.c.function, func.count()).group_by(
        first.c.country, first.c.function
    )
    rows = db.session.execute(groups.execution_options(scope="viewer"))
    return Counter({(country, function): count for country, function, count in rows})


class Nominations(Struct, frozen=True):
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
    others = Registration.state.in_(sorted(set(State) - UNDECIDED))
    rows = db.session.execute(
        select(Registration.country, func.count().filter(undecided), func.count())
        .where(*mine, Registration.state.in_(sorted(State)))  # all, said for an index by state
        .group_by(Registration.country)
        .order_by(Registration.country)
        .execution_options(scope="count")
    ).all()
    totals = {country: int(waiting) for country, waiting, _all in rows if waiting}
    waiting, rest = sum(totals.values()), sum(row[2] for row in rows) - sum(totals.values())
    page, decided = paging.within(page, waiting, PAGE), paging.within(decided, rest, PAGE)
    order = (Registration.country, *_RANKED)
    ranked = _part([*mine, undecided], order, page, 1)  # one more: whoever comes first after it
    rest_shown = _part(
        [*mine, others],
        (state_order(), *_PRIORITY, Registration.created_at, Registration.number),
        decided,
    )
    after = ranked[PAGE].number if len(ranked) > PAGE else None
    ranked = ranked[:PAGE]
    known = {
        row.id: row for row in shown(viewer, [*ranked, *rest_shown], "registrations.nominations")
    }
    return Nominations(
        ListPage(tuple(known[row.id] for row in ranked), waiting, page, PAGE),
        totals,
        after,
        ListPage(tuple(known[row.id] for row in rest_shown), rest, decided, PAGE),
    )


def _part(
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
