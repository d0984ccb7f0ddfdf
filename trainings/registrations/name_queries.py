"""Pages of people in order of name, which the database cannot know: names are sealed.

Up to so many people, all their names are opened in memory to put them in order; beyond that, they
are in order of number, and found by name. See docs/decisions/2026-11-29-any-size.md.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from trainings.core import paging
from trainings.core.db import db
from trainings.core.names import folded
from trainings.people import reading
from trainings.people.models import Person
from trainings.registrations.listing_rules import Filters, finds
from trainings.registrations.models import Registration

BY_NAME = 1000  # people whose names are opened to put them in order
SIZE = 100  # people on a page; a usual course fits on one


@dataclass(frozen=True)
class Cut:
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
    conditions: Sequence[ColumnElement[bool]],
    page: int,
    words: str = "",
    among: Collection[str] | None = None,
    size: int = SIZE,
) -> Cut:
    """A page of the registrations that these conditions find, within the viewer's scope.

    ``words``: part of a name, address or number. ``among``: only these registrations. No name
    leaves: whoever shows any opens it, which logs the read.
    """
    typed = Filters(text=words)
    conditions = list(conditions)
    if typed.number is not None:
        conditions.append(Registration.number.startswith(typed.number, autoescape=True))
    counting = select(func.count()).select_from(Registration).where(*conditions)
    total = db.session.scalar(counting.execution_options(scope="count")) or 0
    if typed.words is None and total > BY_NAME:
        return _by_number(conditions, page, total, words, among, size)
    statement = (
        select(Registration.id, Registration.person_id, Registration.number)
        .join(Person, Person.id == Registration.person_id)
        .where(*conditions)
    )
    wanted = folded(typed.words) if typed.words else ""
    found = [
        (name, one.more[0], one.key)
        for one in reading.words_among(statement)
        if among is None or one.key in among
        for name in (folded(one.name),)
        if not wanted or finds(wanted, name, folded(one.mail))
    ]
    found.sort()
    page = paging.within(page, len(found), size)
    keys = [key for _name, _number, key in found[(page - 1) * size : page * size]]
    return Cut(keys, len(found), page, True, words, size)


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
