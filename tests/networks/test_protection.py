"""From all that a reader is shown, nothing about fewer than k people can be worked out.

Each number shown is a sum over answers. What follows from several numbers is what they add up to
with any weights: a vector in the space that they span. If such a vector rests on the answers of
fewer than k people, these people are exposed. It is looked for by comparing ranks, without knowing
how the numbers are made: each possible contact is put in alone, and what is shown is read off.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import combinations
from typing import Any

import pytest

from trainings.networks import count_rules, group_rules
from trainings.networks.count_rules import Reply, compared, counted, division_of, network_of
from trainings.networks.group_rules import ORGANISERS, OTHERS, Division
from trainings.networks.rules import Cell, ContactOutcome, Contacts, Often

PRIME = 1_000_003
COUNTRIES, FUNCTIONS = ("AR", "BO", "MX", "PE"), ("judge", "police", "prosecutor")
CELLS = [(country, function) for country in COUNTRIES for function in FUNCTIONS]
Column = tuple[int, Cell, Any]  # wave, where somebody belongs, what they say


def rank(rows: Sequence[Sequence[int]]) -> int:
    """The rank of a matrix, modulo a prime."""
    left, found = [[one % PRIME for one in row] for row in rows], 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((row for row in range(found, len(left)) if left[row][column]), None)
        if pivot is None:
            continue
        left[found], left[pivot] = left[pivot], left[found]
        inverse = pow(left[found][column], -1, PRIME)
        for row in range(found + 1, len(left)):
            if factor := left[row][column] * inverse % PRIME:
                left[row] = [
                    (a - factor * b) % PRIME for a, b in zip(left[row], left[found], strict=True)
                ]
        found += 1
    return found


def numbers(kept: Sequence[dict[str, Any]], k: int) -> list[int]:
    """All numbers that a reader of k is shown of all waves, alone and side by side."""
    viewed = [OTHERS] if k == OTHERS else [ORGANISERS, OTHERS]  # organisers see both
    found: list[int] = []
    for fewest in viewed:
        networks = [one for each in kept if (one := network_of(each, fewest)) is not None]
        pairs = [compared(a, b) for a, b in combinations(networks, 2)]
        for one in [*networks, *(each for pair in pairs for each in pair)]:
            size = range(len(one.blocks))
            found += [one.between(a, b) for a in size for b in size]
            found += [number for row in one.contacts for number in row]  # more than is shown
            sums = one.sums
            found += [sums.total, sums.borders, sums.functions, *sums.often.values()]
            found += [*sums.outcomes.values(), *sums.ways.values()]
    return found


def counted_waves(waves: Sequence[Sequence[Cell]], said: dict[int, dict[int, Contacts]]) -> Any:
    """Waves answered by these people, who say nothing but what is given by wave and person."""
    kept: list[dict[str, Any]] = []
    for number, people in enumerate(waves):
        spoken = said.get(number, {})
        replies = [
            Reply(cell, spoken.get(place, Contacts({}))) for place, cell in enumerate(people)
        ]
        kept.append(counted(replies, CELLS, division_of(kept)))
    return kept


def shown_of(waves: Sequence[Sequence[Cell]], k: int) -> dict[Column, list[int]]:
    """What each thing that somebody may say adds to the numbers shown."""
    found: dict[Column, list[int]] = {}
    for wave, people in enumerate(waves):
        for cell in sorted(set(people)):
            place = people.index(cell)
            sayings: list[tuple[Any, Contacts]] = [
                (other, Contacts({other: Often.ONCE})) for other in CELLS if other != cell
            ]
            sayings.append(("came", Contacts({}, outcomes=frozenset({ContactOutcome.CASE}))))
            for what, said in sayings:
                kept = counted_waves(waves, {wave: {place: said}})
                found[wave, cell, what] = numbers(kept, k)
    return found


def exposed(
    columns: dict[Column, list[int]], waves: Sequence[Sequence[Cell]], k: int
) -> list[tuple[int, Collection[Cell]]]:
    """The groups of fewer than k people of one wave about whom something can be worked out."""
    whole = rank(_rows(columns.values()))
    found = []
    for wave, people in enumerate(waves):
        for some in _small(Counter(people), k):
            rest = [
                values for one, values in columns.items() if one[0] != wave or one[1] not in some
            ]
            if rank(_rows(rest)) < whole:
                found.append((wave, some))
    return found


def _rows(columns: Collection[list[int]]) -> list[tuple[int, ...]]:
    """The matrix by rows, each row and each column once: neither changes the rank."""
    return sorted({*zip(*sorted({tuple(one) for one in columns}), strict=True)})


def _small(numbers: Counter[Cell], k: int) -> list[frozenset[Cell]]:
    """The largest sets of cells in which fewer than k people answered."""
    sets = [
        frozenset(some)
        for size in range(1, len(numbers) + 1)
        for some in combinations(sorted(numbers), size)
        if sum(numbers[one] for one in some) < k
    ]
    return [one for one in sets if not any(one < other for other in sets)]


def crowd(seed: int, people: int) -> list[Cell]:
    """People of some countries and functions, of some far more than of others."""
    chance = random.Random(seed)
    cells = chance.sample(CELLS, chance.randint(3, 8))
    weights = [chance.random() ** 2 + 0.05 for _ in cells]
    return sorted(chance.choices(cells, weights, k=people))


@pytest.fixture(autouse=True)
def the_same_people_are_divided_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what people say differs from column to column."""
    known: dict[Any, Division] = {}

    def divided(numbers: dict[Cell, int], before: Division | None) -> Division:
        key = (tuple(sorted(numbers.items())), before)
        if key not in known:
            known[key] = group_rules.divided(numbers, before)
        return known[key]

    monkeypatch.setattr(count_rules, "divided", divided)


@pytest.mark.parametrize("k", [ORGANISERS, OTHERS])
@pytest.mark.parametrize("seed", range(16))
def test_nobody_can_work_out_a_small_group(seed: int, k: int) -> None:
    chance = random.Random(seed)
    everybody = crowd(seed, chance.choice((11, 17, 26, 40)))
    waves = [everybody, sorted(chance.sample(everybody, max(len(everybody) * 2 // 3, 6)))]
    assert exposed(shown_of(waves, k), waves, k) == []


@pytest.mark.parametrize("k", [ORGANISERS, OTHERS])
@pytest.mark.parametrize("seed", range(8))
def test_nor_who_takes_for_granted_that_everybody_said_the_same_again(seed: int, k: int) -> None:
    """The same people in three waves, and the reader knows that nothing changed."""
    everybody = crowd(100 + seed, (12, 19, 28)[seed % 3])
    waves = [everybody] * 3
    columns = shown_of(waves, k)
    same: dict[Column, list[int]] = {}
    for (_wave, cell, what), values in columns.items():
        before = same.get((0, cell, what), [0] * len(values))
        same[0, cell, what] = [a + b for a, b in zip(before, values, strict=True)]
    assert exposed(same, [everybody], k) == []


def test_the_look_for_small_groups_finds_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shown by country and function as they are, two people are exposed; by sums at odds, too."""
    everybody: list[Cell] = [("AR", "judge")] * 2 + [("BO", "judge")] * 6 + [("BO", "police")] * 5
    everybody = sorted(everybody)
    plain = Division(tuple(frozenset({one}) for one in CELLS))
    monkeypatch.setattr(count_rules, "divided", lambda *_given: plain)
    assert exposed(shown_of([everybody], ORGANISERS), [everybody], ORGANISERS)
    one = (frozenset({("AR", "judge"), ("BO", "judge")}), frozenset({("BO", "police")}))
    other = (frozenset({("BO", "judge")}), frozenset({("AR", "judge"), ("BO", "police")}))
    rest = frozenset(CELLS) - {("AR", "judge"), ("BO", "judge"), ("BO", "police")}
    turns = iter([Division((*one, rest)), Division((*other, rest))] * 1000)
    monkeypatch.setattr(count_rules, "divided", lambda *_given: next(turns))
    waves = [everybody] * 2
    columns = shown_of(waves, ORGANISERS)
    same: dict[Column, list[int]] = {}
    for (_wave, cell, what), values in columns.items():
        before = same.get((0, cell, what), [0] * len(values))
        same[0, cell, what] = [a + b for a, b in zip(before, values, strict=True)]
    assert exposed(same, [everybody], ORGANISERS), "sums that overlap give the two away"
