"""Where a network is drawn: groups, or one's own contacts, on a circle, and lines between them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby
from math import cos, pi, sin
from typing import NamedTuple

from msgspec import Struct

from trainings.networks.count_rules import Network

SIDE = 360
_CENTRE, _RADIUS = SIDE // 2, SIDE // 2 - 26
_AROUND, _EDGE = _RADIUS - 26, _RADIUS + 10  # the people of one's own picture; their countries
_APART = 16  # people of a country stand a 16th of the circle apart at most
_BENT = _CENTRE * 3 // 5  # lines bend towards the middle, so that those of neighbours are seen
WIDTHS = (1.0, 2.5, 4.5, 7.0, 10.0)  # from few contacts to most


class Spot(NamedTuple):
    """A group in the picture; ``own``: how thick its ring is, for contacts inside it.

    In a picture of one's own contacts it is a person, and number 0 is oneself.
    """

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


class Mark(NamedTuple):
    """A country's code at the edge of a picture, beside its people."""

    words: str
    x: int
    y: int


RADIUS = 13  # of a spot where there is room


class Picture(Struct, frozen=True):
    """A network from above."""

    spots: tuple[Spot, ...]
    strands: tuple[Strand, ...]
    marks: tuple[Mark, ...] = ()
    radius: int = RADIUS  # of a spot


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


def drawn_around(countries: Sequence[str]) -> Picture:
    """Somebody in the middle, and whom they are in contact with around them, by country.

    ``countries``: the country's code of each of these, those of one country side by side. Spot n
    is the nth of them.
    """
    groups = [len(list(people)) for _code, people in groupby(countries)]
    gap = 0.5 if len(groups) > 1 else 0.0  # between countries, in places
    size = len(countries) + gap * len(groups)
    beside = min(1.0, size / _APART)  # few people of a country stand close together
    spots, lines, marks = [Spot(0, _CENTRE, _CENTRE, 0.0, alone=False)], "", []
    place = 0.0
    for people in groups:
        middle = place + (people - 1) / 2
        marks.append(Mark(countries[len(spots) - 1], *_place(middle, size, _EDGE)))
        for number in range(people):
            x, y = _place(middle + (number - (people - 1) / 2) * beside, size, _AROUND)
            spots.append(Spot(len(spots), x, y, 0.0, alone=False))
            lines += f"M{_CENTRE} {_CENTRE}L{x} {y}"
        place += people + gap
    strands = (Strand(WIDTHS[1], lines, new=False),) if lines else ()
    radius = min(RADIUS, int(pi * _AROUND / max(size, 1)) - 1)
    return Picture(tuple(spots), strands, tuple(marks), radius)


def _place(number: float, size: float, radius: int = _RADIUS) -> tuple[int, int]:
    turn = 2 * pi * number / max(size, 1) - pi / 2
    return round(_CENTRE + radius * cos(turn)), round(_CENTRE + radius * sin(turn))
