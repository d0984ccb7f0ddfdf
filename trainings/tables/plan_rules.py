"""The plan of a table seen from above: where each place is drawn."""

from __future__ import annotations

from collections.abc import Collection
from math import cos, pi, sin
from typing import NamedTuple

from msgspec import Struct

ROUND_UP_TO = 12  # places; a larger table has two sides
_CHAIR = 24  # from one place to the next at a long table


class Chair(NamedTuple):
    """Where a place is drawn, and whether somebody sits there."""

    number: int
    x: float
    y: float
    taken: bool


class Plan(Struct, frozen=True):
    """A table from above: round, or long with two sides."""

    round: bool
    width: int
    height: int
    chairs: tuple[Chair, ...]


def plan(places: int, taken: Collection[int]) -> Plan:
    """The places of a table, clockwise: a round one from the top, a long one from the left."""
    if places <= ROUND_UP_TO:
        turns = [2 * pi * place / places - pi / 2 for place in range(places)]
        spots = [(60 + 47 * cos(turn), 60 + 47 * sin(turn)) for turn in turns]
        width = height = 120
    else:
        side = -(-places // 2)
        above = [(_CHAIR * (place + 0.5), 12.0) for place in range(side)]
        spots = [*above, *((x, 76.0) for x, _y in reversed(above[: places - side]))]
        width, height = _CHAIR * side, 88
    chairs = tuple(
        Chair(number, round(x, 1), round(y, 1), number in taken)
        for number, (x, y) in enumerate(spots, 1)
    )
    return Plan(places <= ROUND_UP_TO, width, height, chairs)
