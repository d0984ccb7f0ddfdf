"""Where a network is drawn: groups on a circle, lines as thick as there are contacts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import cos, pi, sin
from typing import NamedTuple

from trainings.networks.count_rules import Network

SIDE = 360
_CENTRE, _RADIUS = SIDE // 2, SIDE // 2 - 26
_BENT = _CENTRE * 3 // 5  # lines bend towards the middle, so that those of neighbours are seen
WIDTHS = (1.0, 2.5, 4.5, 7.0, 10.0)  # from few contacts to most


class Spot(NamedTuple):
    """A group in the picture; ``own``: how thick its ring is, for contacts inside it."""

    number: int
    x: int
    y: int
    own: float
    alone: bool


class Strand(NamedTuple):
    """All lines of one thickness, drawn as one path."""

    width: float
    path: str
    new: bool


@dataclass(frozen=True)
class Picture:
    """A network from above."""

    spots: tuple[Spot, ...]
    strands: tuple[Strand, ...]


def most(network: Network) -> int:
    """The most contacts between two groups, or in one: what the thickest line stands for."""
    size = range(len(network.blocks))
    return max((network.between(a, b) for a in size for b in size if a <= b), default=0)


def width(contacts: int, thickest: int) -> float:
    """How thick a line is drawn; none without contacts."""
    if not contacts or not thickest:
        return 0.0
    return WIDTHS[min(int(len(WIDTHS) * contacts / (thickest + 1)), len(WIDTHS) - 1)]


def drawn(
    network: Network, thickest: int, new: Collection[tuple[int, int]] = frozenset()
) -> Picture:
    """The picture of a network; ``new``: the pairs of groups whose lines are marked.

    ``thickest``: the contacts of the thickest line, the same for pictures side by side.
    """
    size = len(network.blocks)
    places = [_place(number, size) for number in range(size)]
    marked, alone = frozenset(new), frozenset(network.isolated)
    widths = [width(contacts, thickest) for contacts in range(thickest + 1)]
    paths: dict[tuple[bool, float], list[str]] = {}
    for one, (x, y) in enumerate(places):
        for other in range(one + 1, size):
            thick = widths[network.between(one, other)]
            if thick:
                x2, y2 = places[other]
                line = f"M{x} {y}Q{_BENT + (x + x2) // 5} {_BENT + (y + y2) // 5} {x2} {y2}"
                paths.setdefault(((one, other) in marked, thick), []).append(line)
    spots = tuple(
        Spot(
            number + 1,
            *places[number],
            width(network.between(number, number), thickest),
            number in alone,
        )
        for number in range(size)
    )
    strands = tuple(
        Strand(thick, "".join(lines), is_new) for (is_new, thick), lines in sorted(paths.items())
    )
    return Picture(spots, strands)


def _place(number: int, size: int) -> tuple[int, int]:
    turn = 2 * pi * number / max(size, 1) - pi / 2
    return round(_CENTRE + _RADIUS * cos(turn)), round(_CENTRE + _RADIUS * sin(turn))
