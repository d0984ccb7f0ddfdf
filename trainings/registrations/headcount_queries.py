"""How many people of a course are in which state, country, function and block of seats.

They are counted once after each act. A worker keeps these numbers, which name nobody, with the last
entry of the course's trail; whatever changes a registration, a block or a held seat adds an entry
in the same transaction. See docs/decisions/2026-11-30-headcounts.md.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import cast, func, null, select, union_all

from trainings.audit import queries as audit
from trainings.core.db import Choice, UTCDateTime, db, read_for_page
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


@dataclass(frozen=True)
class Headcount:
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


class _Kept(NamedTuple):
    """What was counted, after which entry of the trail."""

    entry: str
    found: Headcount

    @property
    def size(self) -> int:
        return 1 + len(self.found.people) + len(self.found.blocks) + len(self.found.held)


_kept: OrderedDict[str, _Kept] = OrderedDict()  # by course; the last used is last
_turn = Lock()


def headcount(course_id: str) -> Headcount:
    """The people of a course in numbers; inside a transaction always counted."""
    return headcounts([course_id])[course_id]


def headcounts(course_ids: Collection[str]) -> dict[str, Headcount]:
    """The same for several courses, in at most two statements for all of them."""
    read = read_for_page("headcounts")
    if read is None:
        return _counted(course_ids)
    asked = [key for key in course_ids if key not in read]
    if asked:
        read.update(_after(audit.last_of(asked), asked))
    return {key: read[key] for key in course_ids}


def forget() -> None:
    """Forget all numbers; only speed depends on them."""
    with _turn:
        _kept.clear()


def _after(entries: dict[str, str], course_ids: Collection[str]) -> dict[str, Headcount]:
    """What is kept of these courses since their last entries; what is not is counted."""
    found: dict[str, Headcount] = {}
    with _turn:
        for key in course_ids:
            kept = _kept.get(key)
            if kept is not None and kept.entry == entries.get(key):
                _kept.move_to_end(key)
                found[key] = kept.found
    missing = [key for key in course_ids if key not in found]
    if missing:
        # counted after the entries were read: so these are of the entry, or of a later one
        counted = _counted(missing)
        found |= counted
        _keep({key: _Kept(entries[key], counted[key]) for key in missing if key in entries})
    return found


def _keep(fresh: dict[str, _Kept]) -> None:
    with _turn:
        for key, kept in fresh.items():
            _kept[key] = kept
            _kept.move_to_end(key)
        while len(_kept) > 1 and sum(one.size for one in _kept.values()) > MOST:
            _kept.popitem(last=False)


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
