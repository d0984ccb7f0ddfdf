"""Which groups are shown: so large that nobody can be told apart, and nested for all readers.

People belong to a cell, their country and function. Cells of fewer than k people who answered are
merged along one of two trees: within a country, then with other countries of the region; or within
a function, with countries of the region. Every reader sees sums over whole groups of one such
division, so that nothing smaller follows from them.

See docs/decisions/2026-11-29-networks.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from trainings.core.i18n import country_name
from trainings.networks.rules import Cell

ORGANISERS, OTHERS = 5, 10  # who answered behind each group, by who looks

Block = frozenset[Cell]

# The sub-regions of the United Nations (M 49), whose names CLDR has.
_REGIONS = """
005 AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE
013 BZ CR GT HN MX NI PA SV
021 BM CA GL PM US
029 AG AI AW BB BL BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI
011 BF BJ CI CV GH GM GN GW LR ML MR NE NG SH SL SN TG
014 BI DJ ER ET IO KE KM MG MU MW MZ RE RW SC SO SS TF TZ UG YT ZM ZW
015 DZ EG EH LY MA SD TN
017 AO CD CF CG CM GA GQ ST TD
018 BW LS NA SZ ZA
030 CN HK JP KP KR MN MO TW
034 AF BD BT IN IR LK MV NP PK
035 BN ID KH LA MM MY PH SG TH TL VN
143 KG KZ TJ TM UZ
145 AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE
039 AD AL BA ES GI GR HR IT ME MK MT PT RS SI SM VA XK
151 BG BY CZ HU MD PL RO RU SK UA
154 AX DK EE FI FO GB GG IE IM IS JE LT LV NO SE SJ
155 AT BE CH DE FR LI LU MC NL
053 AU CC CX HM NF NZ
054 FJ NC PG SB VU
057 FM GU KI MH MP NR PW UM
061 AS CK NU PF PN TK TO TV WF WS
"""
REGION_OF: Mapping[str, str] = {
    country: line[:3] for line in _REGIONS.split("\n") if line for country in line[4:].split()
}


class Tree(NamedTuple):
    """One way to merge: the path of a cell from the top, and where several groups may result."""

    path: Callable[[Cell], tuple[str, ...]]
    clustered: frozenset[int]  # depths at which what is small becomes several groups


def _by_country(cell: Cell) -> tuple[str, ...]:
    country, function = cell
    return (REGION_OF.get(country, ""), country, function)


def _by_function(cell: Cell) -> tuple[str, ...]:
    country, function = cell
    return (function, REGION_OF.get(country, ""), country)


TREES = (Tree(_by_country, frozenset({0, 1})), Tree(_by_function, frozenset({1, 2})))


def _common(paths: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """What paths have in common from the top."""
    first, *rest = paths
    for depth, key in enumerate(first):
        if any(path[depth] != key for path in rest):
            return first[:depth]
    return first


def merged(units: Mapping[Block, int], k: int, tree: Tree) -> list[Block]:
    """The units merged until each group has k people who answered; none where all have fewer."""
    now = {one: (_common(map(tree.path, one)), number) for one, number in units.items()}
    deepest = max((len(path) for path, _number in now.values()), default=0)
    for depth in range(deepest, -1, -1):
        together: dict[tuple[str, ...], list[Block]] = defaultdict(list)
        for one, (path, _number) in now.items():
            if len(path) >= depth:
                together[path[:depth]].append(one)
        for prefix, some in together.items():
            if len(some) > 1 and any(now[one][1] < k for one in some):
                for group in _pooled(some, now, k, clustered=depth in tree.clustered):
                    number = sum(now[one][1] for one in group)
                    for one in group:
                        del now[one]
                    now[frozenset().union(*group)] = (prefix, number)
    found = [one for one, (_path, number) in now.items() if number >= k]
    return sorted(found, key=_order(tree)) if len(found) == len(now) else []


def _pooled(
    some: Collection[Block],
    now: Mapping[Block, tuple[tuple[str, ...], int]],
    k: int,
    *,
    clustered: bool,
) -> list[list[Block]]:
    """Which of these become one group each; what is large enough alone stays as it is."""
    small = sorted((one for one in some if now[one][1] < k), key=sorted)
    groups: list[list[Block]] = [[]]
    for one in small:
        if clustered and sum(now[each][1] for each in groups[-1]) >= k:
            groups.append([])
        groups[-1].append(one)
    if sum(now[each][1] for each in groups[-1]) < k:
        if len(groups) > 1:
            rest = groups.pop()
            groups[-1] += rest
        else:
            large = [one for one in some if now[one][1] >= k]
            if large:
                groups[-1].append(min(large, key=lambda one: (now[one][1], sorted(one))))
    return [group for group in groups if len(group) > 1]


def _order(tree: Tree) -> Callable[[Block], list[tuple[str, ...]]]:
    return lambda one: sorted(map(tree.path, one))


class Division(NamedTuple):
    """The groups of one wave: those that organisers see, and what all others see of these."""

    narrow: tuple[Block, ...] = ()
    wide: tuple[Block, ...] = ()


def divided(numbers: Mapping[Cell, int], before: Division | None = None) -> Division:
    """The groups of a wave, by who answered; coarser than those of the course's first wave.

    Of both trees that one is taken that leaves most groups of one country, or of one function.
    ``before``: what was decided for the course; cells that are new since are merged into it.
    """
    units = _units(numbers, before.narrow if before else ())
    found = [(_both(units, tree, before), -place) for place, tree in enumerate(TREES)]
    return max(found, key=lambda one: (_plain(one[0], numbers), len(one[0].narrow), one[1]))[0]


def _plain(division: Division, cells: Collection[Cell]) -> int:
    """How many groups are of one country, or are all that there are of one function."""
    return sum(
        len({country for country, _function in one}) == 1
        or any(one == {cell for cell in cells if cell[1] == code} for code in {c[1] for c in one})
        for one in division.narrow
    )


def _units(numbers: Mapping[Cell, int], kept: Iterable[Block]) -> dict[Block, int]:
    known = list(kept)
    placed = frozenset().union(*known)
    known += [frozenset({cell}) for cell in numbers if cell not in placed]
    return {one: sum(numbers.get(cell, 0) for cell in one) for one in known}


def _both(units: Mapping[Block, int], tree: Tree, before: Division | None) -> Division:
    narrow = merged(units, ORGANISERS, tree)
    number = {
        one: sum(count for unit, count in units.items() if unit <= one)
        for one in joined(narrow, before.wide if before else ())
    }
    return Division(tuple(narrow), tuple(merged(number, OTHERS, tree)))


def joined(first: Iterable[Block], second: Iterable[Block]) -> list[Block]:
    """The coarsest common groups of two divisions: those that share a cell become one."""
    found: list[Block] = []
    for one in [*first, *second]:
        apart = [each for each in found if not each & one]
        found = [*apart, frozenset(one).union(*(each for each in found if each & one))]
    return sorted(found, key=sorted)


def label(block: Block, functions: Mapping[str, str], everything: Collection[str]) -> str:
    """A group in words: its countries, and the functions where it has not all of them.

    ``functions``: their names by code; ``everything``: all functions that the course asks about.
    """
    of: dict[str, set[str]] = defaultdict(set)
    for country, function in block:
        of[country].add(function)
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for country in sorted(of, key=country_name):
        whole = of[country] >= set(everything)
        names = sorted(functions.get(one, one) for one in of[country])
        alike[() if whole else tuple(names)].append(country_name(country))
    parts = []
    for of_these, some in alike.items():
        there = ", ".join(some)
        parts.append(f"{there} ({', '.join(of_these)})" if of_these else there)
    return "; ".join(parts)


def as_plain(blocks: Sequence[Block]) -> list[list[list[str]]]:
    """Groups as JSON keeps them."""
    return [[list(cell) for cell in sorted(one)] for one in blocks]


def as_blocks(plain: Iterable[Iterable[Sequence[str]]]) -> tuple[Block, ...]:
    """Groups as JSON kept them."""
    return tuple(frozenset((cell[0], cell[1]) for cell in one) for one in plain)
