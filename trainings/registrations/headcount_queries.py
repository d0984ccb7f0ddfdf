"""How many people of a course are in which state, country, function and block of seats.

They are counted once after each act; see docs/decisions/2026-11-30-headcounts.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from msgspec import Struct, field
from sqlalchemy import cast, func, null, select, union_all

from trainings.audit.kept_queries import KeptNumbers
from trainings.core.db import Choice, UTCDateTime, db
from trainings.registrations.models import Registration, SeatBlock, Vacancy
from trainings.registrations.rules import State

MOST = 20_000  # groups of people, in all courses together, that a worker keeps


class Alike(NamedTuple):
    """People of a course who are alike in what is counted, and how many they are."""

    state: State
    country: str
    function: str
    block_id: str | None
    number: int


class BlockSize(NamedTuple):
    """A block of seats and its number of seats."""

    id: str
    country: str | None
    function: str | None
    seats: int


class HeldSeats(NamedTuple):
    """Seats of a block that are held for a country and function until a moment."""

    block_id: str
    country: str
    function: str
    until: datetime
    number: int


class Headcount(Struct, frozen=True, dict=True):
    """The people of a course in numbers, its blocks of seats, and the seats held after somebody."""

    people: list[Alike] = field(default_factory=list)
    blocks: list[BlockSize] = field(default_factory=list)
    held: list[HeldSeats] = field(default_factory=list)

    @cached_property
    def by_state(self) -> Counter[State]:
        """How many there are in each state."""
        found = Counter[State]()
        for one in self.people:
            found[one.state] += one.number
        return found

    @property
    def total(self) -> int:
        """How many there are, in whatever state."""
        return self.by_state.total()

    @property
    def seats(self) -> int | None:
        """The seats of all blocks; None if the seats were not distributed yet."""
        return sum(block.seats for block in self.blocks) if self.blocks else None

    def number(
        self,
        states: Collection[State],
        countries: Collection[str] = (),
        functions: Collection[str] = (),
    ) -> int:
        """How many are in any of these states, and of these countries and functions if given."""
        if not countries and not functions:
            return sum(self.by_state[state] for state in states)
        return sum(
            one.number
            for one in self.people
            if one.state in states
            and (not countries or one.country in countries)
            and (not functions or one.function in functions)
        )

    def by_country(self, states: Collection[State]) -> Counter[str]:
        """How many are in any of these states, of each country that has candidates at all."""
        found = Counter[str]()
        for one in self.people:
            found[one.country] += one.number if one.state in states else 0
        return found


def headcount(course_id: str) -> Headcount:
    """The people of a course in numbers."""
    return headcounts([course_id])[course_id]


def headcounts(course_ids: Collection[str]) -> dict[str, Headcount]:
    """The same for several courses, in at most two statements for all of them."""
    return KEPT.of(course_ids)


def _counted(course_ids: Collection[str]) -> dict[str, Headcount]:
    found = {key: Headcount() for key in course_ids}
    if not found:
        return found
    for course_id, block, country, function, state, until, number in _rows(list(found)):
        here = found[course_id]
        if state is not None:
            here.people.append(Alike(state, country, function, block, number))
        elif until is not None:
            here.held.append(HeldSeats(block, country, function, until, number))
        else:
            here.blocks.append(BlockSize(block, country, function, number))
    return found


def _rows(course_ids: list[str]) -> Any:
    """Blocks, people and held seats of courses, in one statement."""
    no_state = cast(null(), Choice(State, 12)).label("state")
    no_moment = cast(null(), UTCDateTime).label("until")
    blocks = select(
        SeatBlock.course_id,
        SeatBlock.id,
        SeatBlock.country,
        SeatBlock.function,
        no_state,
        no_moment,
        SeatBlock.seats,
    ).where(SeatBlock.course_id.in_(course_ids))
    people = (
        select(
            Registration.course_id,
            Registration.block_id,
            Registration.country,
            Registration.function,
            Registration.state,
            no_moment,
            func.count(),
        )
        .where(Registration.course_id.in_(course_ids))
        .group_by(  # as an index has them, so that nothing is sorted
            Registration.course_id,
            Registration.state,
            Registration.country,
            Registration.function,
            Registration.block_id,
        )
    )
    held = (
        select(
            Vacancy.course_id,
            Vacancy.block_id,
            Vacancy.country,
            Vacancy.function,
            no_state,
            Vacancy.until,
            func.count(),
        )
        .where(Vacancy.course_id.in_(course_ids))
        .group_by(
            Vacancy.course_id, Vacancy.block_id, Vacancy.country, Vacancy.function, Vacancy.until
        )
    )
    both: Any = union_all(blocks, people, held)
    return db.session.execute(both.execution_options(scope="count"))


def _size(found: Headcount) -> int:
    return 1 + len(found.people) + len(found.blocks) + len(found.held)


KEPT = KeptNumbers("headcounts", _counted, MOST, _size)
