"""Where the seats lie that are held for a country and function after somebody left them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from trainings.core.i18n import _l
from trainings.seats.placing_rules import (
    Block,
    Cell,
    Group,
    Holders,
    SeatsRefused,
    after_placing,
    place,
)


class HeldSeat(Struct, frozen=True):
    """A seat that is held: for whom, in which block, until which day."""

    id: str
    group: Group
    cell: Cell
    whom: str = ""  # the group in words
    until: date | None = None


class HeldSeatLost(SeatsRefused):
    """No block that fits a held seat would have room for it."""

    sentence = _l(
        "A seat is held for %(whom)s until %(until)s. Leave a seat for it, in its own block or in "
        "one that is open to them."
    )


def rehoused(
    seats: Mapping[Cell, int], taken: Mapping[Cell, int], held: Sequence[HeldSeat]
) -> dict[str, Cell]:
    """The block of each held seat in an edited table: its own, or one it fits.

    ``taken``: the seats that people sit on, by block; they stay where they are. Raises
    :class:`HeldSeatLost` if there is no arrangement with room for all.
    """
    cells = {str(number): cell for number, cell in enumerate(sorted(seats, key=str))}
    names = {cell: name for name, cell in cells.items()}
    room = [
        Block(name, *cell, seats=seats[cell] - taken.get(cell, 0)) for name, cell in cells.items()
    ]
    left = {block.cell: block.seats for block in room}
    lying: dict[Holders, int] = {}
    homeless = []
    for one in held:
        if left.get(one.cell, 0) > 0:
            left[one.cell] -= 1
            own = Holders(names[one.cell], *one.group)
            lying[own] = lying.get(own, 0) + 1
        else:
            homeless.append(one)
    for one in homeless:
        placement = place(room, lying, *one.group)
        if placement is None:
            raise HeldSeatLost(whom=one.whom, until=one.until)
        lying = after_placing(lying, placement, one.group)
    return _shared_out(lying, cells, held)


def _shared_out(
    lying: Mapping[Holders, int], cells: Mapping[str, Cell], held: Sequence[HeldSeat]
) -> dict[str, Cell]:
    """Which held seat lies where, by these counts: each in its own block if that is one of them."""
    left = dict(lying)
    own = {cell: name for name, cell in cells.items()}
    homes: dict[str, Cell] = {}
    for one in held:
        key = Holders(own.get(one.cell, ""), *one.group)
        if left.get(key, 0) > 0:
            left[key] -= 1
            homes[one.id] = one.cell
    for one in held:
        if one.id not in homes:
            key = next(k for k, count in left.items() if count > 0 and k[1:] == one.group)
            left[key] -= 1
            homes[one.id] = cells[key.block]
    return homes
