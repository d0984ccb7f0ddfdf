"""Who gets which seat: blocks, placing along an augmenting path, the release.

Everything here works with counts per (country, function), not with people. Placing people one after
another this way seats as many as any arrangement could: nobody waits while a seat they could have
stays free.

See docs/decisions/2026-11-24-seats-and-people.md.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import Counted, _l


class Group(NamedTuple):
    """People who fit the same blocks: one country, one function."""

    country: str
    function: str


class Cell(NamedTuple):
    """The group a block is kept for; ``None`` is open to all."""

    country: str | None
    function: str | None


class Holders(NamedTuple):
    """The number of one group in one block; a plain (block, country, function) equals it."""

    block: str
    country: str
    function: str


Held = Mapping[Holders, int] | Mapping[tuple[str, str, str], int]


class Block(Struct, frozen=True):
    """Seats kept for a country, a function, both, or nobody in particular."""

    id: str
    country: str | None
    function: str | None
    seats: int

    def fits(self, group: Group) -> bool:
        """Whether someone of this group may sit here."""
        return self.country in (None, group.country) and self.function in (None, group.function)

    @property
    def cell(self) -> Cell:
        """The group it is kept for."""
        return Cell(self.country, self.function)

    @property
    def width(self) -> tuple[int, str]:
        """Its place in the order: (country, function), (country, –), (–, function), (–, –)."""
        country, function = self.country is not None, self.function is not None
        rank = {(True, True): 0, (True, False): 1, (False, True): 2, (False, False): 3}
        return rank[country, function], self.id


class SeatChange(Struct, frozen=True):
    """Someone of a group moves from one block to another."""

    source: str
    target: str
    group: Group


class Placement(Struct, frozen=True):
    """A seat found: its block, and the moves that free it, in the order to make them."""

    block: str
    moves: tuple[SeatChange, ...] = ()


def place(blocks: Sequence[Block], held: Held, country: str, function: str) -> Placement | None:
    """Find a seat for one more person of this country and function, or ``None``.

    The most specific fitting block with a free seat; failing that, the fewest moves of seated
    people between blocks they fit that free one (a breadth-first search, so the first found is
    the shortest).
    """
    order = sorted(blocks, key=lambda block: block.width)
    seated = _by_block(held)
    free = {block.id: block.seats - sum(seated.get(block.id, {}).values()) for block in order}
    arriving = Group(country, function)
    came_from: dict[str, SeatChange | None] = {}
    waiting: deque[str] = deque()
    for block in order:
        if block.fits(arriving):
            if free[block.id] > 0:
                return Placement(block.id)
            came_from[block.id] = None
            waiting.append(block.id)
    while waiting:
        source = waiting.popleft()
        for group in sorted(seated.get(source, {})):
            for block in order:
                if block.id in came_from or not block.fits(group):
                    continue
                came_from[block.id] = SeatChange(source, block.id, group)
                if free[block.id] > 0:
                    return _walk_back(block.id, came_from)
                waiting.append(block.id)
    return None


def _by_block(held: Held) -> dict[str, dict[Group, int]]:
    seated: dict[str, dict[Group, int]] = {}
    for (block, country, function), count in held.items():
        if count > 0:
            seated.setdefault(block, {})[Group(country, function)] = count
    return seated


def _walk_back(block: str, came_from: Mapping[str, SeatChange | None]) -> Placement:
    moves: list[SeatChange] = []
    while (move := came_from[block]) is not None:
        moves.append(move)
        block = move.source
    return Placement(block, tuple(moves))


def after_placing(held: Held, placement: Placement, group: Group) -> dict[Holders, int]:
    """The counts after a placement has been made."""
    after = {Holders(*key): count for key, count in held.items()}
    for move in placement.moves:
        after[Holders(move.source, *move.group)] -= 1
        target = Holders(move.target, *move.group)
        after[target] = after.get(target, 0) + 1
    seat = Holders(placement.block, *group)
    after[seat] = after.get(seat, 0) + 1
    return after


def free_seat_number(taken: Container[int], first: int = 1) -> int:
    """The number of the next seat in a block: the lowest one not taken, from the first on."""
    return next(number for number in itertools.count(first) if number not in taken)


# The release


class Given(Struct, frozen=True):
    """Seats that a country's block gave to the open seats; the log records where they came from."""

    block: str
    cell: Cell
    seats: int


class Release(Struct, frozen=True):
    """The effect of the release: new sizes by block, including the open block's if it exists."""

    sizes: dict[str, int]
    given: tuple[Given, ...]
    open_seats: int  # the size of the open block afterwards, also if it has yet to be created


def release(blocks: Sequence[Block], held: Held) -> Release:
    """Move the free seats of country blocks to the open block.

    Repeating it changes nothing more, so it also handles a seat that becomes free after the release
    date: release again, then offer.
    """
    used: dict[str, int] = {}
    for key, count in held.items():
        used[key[0]] = used.get(key[0], 0) + count
    given = tuple(
        Given(block.id, block.cell, block.seats - used.get(block.id, 0))
        for block in sorted(blocks, key=lambda block: block.width)
        if block.country is not None and block.seats > used.get(block.id, 0)
    )
    open_blocks = [block for block in blocks if block.country is None and block.function is None]
    total = sum(one.seats for one in given)
    open_seats = sum(block.seats for block in open_blocks) + total
    sizes = {one.block: used.get(one.block, 0) for one in given}
    if open_blocks and given:
        first = min(open_blocks, key=lambda block: block.id)
        sizes[first.id] = first.seats + total
    return Release(sizes, given, open_seats)


# Editing the seats


class SeatsRefused(Refusal):
    """The seats cannot be distributed like this."""

    field = "seats"


class SeatsNegative(SeatsRefused):
    """A block has a negative number of seats."""

    sentence = _l("A number of seats cannot be below 0.")


class SeatsDoNotAddUp(SeatsRefused):
    """The blocks do not add up to the capacity."""

    sentence = _l("The seats add up to %(total)s, but the course has room for %(capacity)s.")


class BlockBelowHolders(SeatsRefused):
    """A block would be smaller than the number of people seated in it."""

    sentence = Counted(
        "%(holders)s seat of this block is taken, so it cannot be reduced to %(seats)s.",
        "%(holders)s seats of this block are taken, so it cannot be reduced to %(seats)s.",
        "holders",
    )

    def __init__(self, cell: Cell, holders: int, seats: int) -> None:
        super().__init__(holders=holders, seats=seats)
        self.cell = cell


class CapacityMissing(SeatsRefused):
    """The course has no seats at all."""

    sentence = _l("A course needs at least one seat.")
    field = "capacity"


def check_seats(
    seats: Mapping[Cell, int] | Mapping[tuple[str | None, str | None], int],
    capacity: int,
    holders: Mapping[Cell, int] | Mapping[tuple[str | None, str | None], int],
) -> None:
    """Check that the edited seats of a course may be saved; raises the first refusal.

    ``seats`` is the whole table as edited, ``holders`` the current seats held; a block that is left
    out counts as none.
    """
    if capacity < 1:
        raise CapacityMissing
    wanted = {Cell(*key): count for key, count in seats.items()}
    taken = {Cell(*key): count for key, count in holders.items() if count > 0}
    if any(count < 0 for count in wanted.values()):
        raise SeatsNegative
    for cell, count in taken.items():
        if wanted.get(cell, 0) < count:
            raise BlockBelowHolders(cell, count, wanted.get(cell, 0))
    total = sum(wanted.values())
    if total != capacity:
        raise SeatsDoNotAddUp(total=total, capacity=capacity)


def with_rest(seats: Mapping[Cell, int], cell: Cell, capacity: int) -> dict[Cell, int]:
    """The table with one cell filled with what the others leave of the capacity; never below 0."""
    others = {key: count for key, count in seats.items() if key != cell}
    return {**others, cell: max(capacity - sum(others.values()), 0)}
