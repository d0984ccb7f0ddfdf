"""Who knows whom already: strangers are brought to one table, without unmixing the tables.

What is known comes as sums over groups of people that everybody may see (networks): the seats hang
at the door. Two people change tables only where each table keeps its fair share of countries and
functions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from trainings.tables.neighbour_rules import Guest

_PATIENCE = 40_000  # exchanges to be weighed; a room of sixty needs a tenth
_Kind = tuple[str, str]  # country and function


class Known(NamedTuple):
    """How likely two people know each other, by the groups to which their kinds belong."""

    groups: Mapping[_Kind, int]
    shares: Sequence[Sequence[float]]  # of the possible contacts between two groups

    def likely(self, one: Guest, other: Guest) -> float:
        """How likely these two know each other; 0 where nothing is known."""
        a = self.groups.get((one.country, one.function))
        b = self.groups.get((other.country, other.function))
        return 0.0 if a is None or b is None else self.shares[a][b]


def acquainted(tables: Iterable[Sequence[Guest]], known: Known) -> float:
    """The share of the pairs at one table who know each other, as far as can be told."""
    pairs, found = 0, 0.0
    for there in tables:
        for one, other in combinations(there, 2):
            pairs, found = pairs + 1, found + known.likely(one, other)
    return found / pairs if pairs else 0.0


def by_lot(guests: Iterable[Guest], known: Known) -> float:
    """The share of all pairs who know each other: what tables drawn by lot would have."""
    kinds = sorted(Counter(Guest("", one.country, one.function) for one in guests).items())
    pairs, found = 0, 0.0
    for place, (one, number) in enumerate(kinds):
        for other, more in kinds[place:]:
            both = number * more if other != one else number * (number - 1) // 2
            pairs, found = pairs + both, found + both * known.likely(one, other)
    return found / pairs if pairs else 0.0


class _Fair:
    """The numbers that each table may have of each country, function and kind."""

    def __init__(self, tables: Sequence[Sequence[Guest]]) -> None:
        everyone = [one for there in tables for one in there]
        self._tables = len(tables)
        self._all = [Counter(key(one) for one in everyone) for key in _KEYS]

    def allows(self, there: Sequence[Guest], out: Guest, to: Guest) -> bool:
        """Whether one may leave a table and another join it."""
        for key, of_all in zip(_KEYS, self._all, strict=True):
            left, joins = key(out), key(to)
            if left == joins:
                continue
            here = Counter(map(key, there))
            if here[left] - 1 < of_all[left] // self._tables:
                return False
            if here[joins] + 1 > -(-of_all[joins] // self._tables):
                return False
        countries = {one.country for one in there}
        after = {one.country for one in there if one is not out} | {to.country}
        return len(countries) == len(after)


_KEYS: tuple[Callable[[Guest], object], ...] = (
    lambda one: one.country,
    lambda one: one.function,
    lambda one: (one.country, one.function),
)


def parted(tables: Sequence[Sequence[Guest]], known: Known) -> list[list[Guest]]:
    """The same tables after exchanges by which fewer know each other, as long as there are any."""
    found = [list(there) for there in tables]
    fair, weighed, better = _Fair(found), 0, True
    while better:
        better = False
        for a, b in combinations(range(len(found)), 2):
            for x, y in [(x, y) for x in range(len(found[a])) for y in range(len(found[b]))]:
                weighed += 1
                if weighed > _PATIENCE:
                    return found
                one, other = found[a][x], found[b][y]
                if _gain(found[a], found[b], one, other, known) <= 1e-9:
                    continue
                if fair.allows(found[a], one, other) and fair.allows(found[b], other, one):
                    found[a][x], found[b][y] = other, one
                    better = True
    return found


def _gain(
    here: Sequence[Guest], there: Sequence[Guest], one: Guest, other: Guest, known: Known
) -> float:
    """How many acquaintances less there are at two tables if two people change."""
    if one[1:] == other[1:]:
        return 0.0
    before = _of(one, here, one, known) + _of(other, there, other, known)
    return before - _of(other, here, one, known) - _of(one, there, other, known)


def _of(who: Guest, table: Sequence[Guest], but: Guest, known: Known) -> float:
    return sum(known.likely(who, each) for each in table if each is not but)
