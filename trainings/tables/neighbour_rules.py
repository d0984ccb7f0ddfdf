"""Who sits next to whom at one table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple


class Guest(NamedTuple):
    """A person to be seated."""

    id: str
    country: str
    function: str


def round_the_table(there: Iterable[Guest]) -> list[Guest]:
    """The order of people at a table: neighbours differ in function, then in country.

    No two of one function sit side by side, unless one function has more than half the table.
    """
    them = list(there)
    sizes = Counter(one.function for one in them)
    them.sort(key=lambda one: (-sizes[one.function], one.function, one.country, one.id))
    order: list[Guest] = [*them]
    order[0::2] = them[: -(-len(them) // 2)]
    order[1::2] = them[-(-len(them) // 2) :]
    if len(order) < 4:
        return order
    price, better = _unlike(order), True
    while better:
        better = False
        for a, b in combinations(range(len(order)), 2):
            if order[a][1:] == order[b][1:]:
                continue
            order[a], order[b] = order[b], order[a]
            if (now := _unlike(order)) < price:
                price, better = now, True
            else:
                order[a], order[b] = order[b], order[a]
    return order


def _unlike(order: Sequence[Guest]) -> int:
    """How alike neighbours are: functions first, then countries."""
    pairs = list(zip(order, [*order[1:], order[0]], strict=True))
    functions = sum(one.function == other.function for one, other in pairs)
    countries = sum(one.country == other.country for one, other in pairs)
    return functions * (len(order) + 1) + countries
