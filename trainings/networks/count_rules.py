"""Counts a wave once, when it closes, and reads what was counted: sums over whole groups.

What is kept of a wave is this count alone; the answers are deleted. So nothing that is shown later
can change by one person's answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec import Struct

from trainings.networks.group_rules import (
    OTHERS,
    Block,
    Division,
    as_blocks,
    as_plain,
    divided,
    joined,
)
from trainings.networks.rules import Cell, ContactOutcome, Contacts, ContactWay, Often


class Reply(NamedTuple):
    """One person's answer, with where they belong; without who they are."""

    cell: Cell
    contacts: Contacts


class Sums(NamedTuple):
    """What rests on all answers of a wave together."""

    answered: int
    total: int  # contacts: a person and a group of others that they named
    borders: int  # of these, with another country
    functions: int  # of these, with another function
    possible: int  # contacts if everybody had named every group
    often: Mapping[str, int]
    ways: Mapping[str, int]  # people
    outcomes: Mapping[str, int]  # people


class Network(Struct, frozen=True):
    """The contacts between groups, as one reader sees them."""

    blocks: tuple[Block, ...]
    people: tuple[int, ...]  # who answered
    contacts: tuple[tuple[int, ...], ...]  # row: who named; column: who was named
    sums: Sums

    def between(self, one: int, other: int) -> int:
        """The contacts between two groups, or inside one."""
        if one == other:
            return self.contacts[one][one]
        return self.contacts[one][other] + self.contacts[other][one]

    def possible(self, one: int, other: int) -> int:
        """How many there would be if everybody had named every group there, but their own."""
        if one == other:
            return self.people[one] * (len(self.blocks[one]) - 1)
        return self.people[one] * len(self.blocks[other]) + self.people[other] * len(
            self.blocks[one]
        )

    def share(self, one: int, other: int) -> float:
        """The contacts between two groups as a part of those that are possible."""
        most = self.possible(one, other)
        return self.between(one, other) / most if most else 0.0

    @property
    def isolated(self) -> list[int]:
        """The groups that have no contact with any other."""
        size = range(len(self.blocks))
        return [
            one
            for one in size
            if not any(self.between(one, other) for other in size if one != other)
        ]

    def merged_to(self, blocks: Sequence[Block]) -> Network:
        """The same network between larger groups; each must hold whole groups of this one."""
        at = [
            next(place for place, large in enumerate(blocks) if one <= large) for one in self.blocks
        ]
        people = [0] * len(blocks)
        contacts = [[0] * len(blocks) for _ in blocks]
        for row, to in enumerate(at):
            people[to] += self.people[row]
            for column, other in enumerate(at):
                contacts[to][other] += self.contacts[row][column]
        return Network(tuple(blocks), tuple(people), tuple(map(tuple, contacts)), self.sums)


def counted(
    replies: Sequence[Reply], cells: Collection[Cell], before: Division | None
) -> dict[str, Any]:
    """What is kept of a wave: how many answered, and sums over groups of at least five.

    ``cells``: the groups that could be named; ``before``: the groups decided for the course.
    """
    numbers = Counter(one.cell for one in replies)
    known = {*cells, *numbers}
    division = divided({cell: numbers[cell] for cell in known}, before)
    if not division.narrow:
        return {"answered": len(replies)}
    at = {cell: place for place, block in enumerate(division.narrow) for cell in block}
    size = len(division.narrow)
    people, contacts = [0] * size, [[0] * size for _ in range(size)]
    borders = functions = 0
    often, ways, outcomes = Counter[str](), Counter[str](), Counter[str]()
    for cell, said in replies:
        people[at[cell]] += 1
        ways.update(map(str, said.ways))
        outcomes.update(map(str, said.outcomes))
        for other, how_often in said.named.items():
            if other == cell or other not in known:
                continue
            contacts[at[cell]][at[other]] += 1
            borders += cell[0] != other[0]
            functions += cell[1] != other[1]
            often[str(how_often)] += 1
    return {
        "answered": len(replies),
        "blocks": as_plain(division.narrow),
        "wide": as_plain(division.wide),
        "people": people,
        "contacts": contacts,
        "borders": borders,
        "functions": functions,
        "possible": len(replies) * (len(known) - 1),
        "often": dict(often),
        "ways": dict(ways),
        "outcomes": dict(outcomes),
    }


def division_of(kept: Iterable[Mapping[str, Any] | None]) -> Division | None:
    """The groups decided for a course by its counted waves, the first of which decided."""
    there = [one for one in kept if one and one.get("blocks")]
    if not there:
        return None
    wide: list[Any] = next((one["wide"] for one in there if one["wide"]), [])
    return Division(as_blocks(there[0]["blocks"]), as_blocks(wide))


def network_of(kept: Mapping[str, Any] | None, k: int) -> Network | None:
    """The network of a counted wave for readers who see groups of k; None where too few answered.

    Organisers see the groups as counted; all others whole groups of these.
    """
    if not kept or not kept.get("blocks"):
        return None
    sums = Sums(
        kept["answered"],
        sum(map(sum, kept["contacts"])),
        kept["borders"],
        kept["functions"],
        kept["possible"],
        {str(one): kept["often"].get(one, 0) for one in Often},
        {str(one): kept["ways"].get(one, 0) for one in ContactWay},
        {str(one): kept["outcomes"].get(one, 0) for one in ContactOutcome},
    )
    found = Network(
        as_blocks(kept["blocks"]), tuple(kept["people"]), tuple(map(tuple, kept["contacts"])), sums
    )
    if k < OTHERS:
        return found
    wide = as_blocks(kept["wide"])
    return found.merged_to(wide) if wide else None


class BeforeAfter(NamedTuple):
    """Two waves between the same groups: the coarsest that both have."""

    before: Network
    after: Network

    @property
    def gained(self) -> list[tuple[int, int]]:
        """The pairs of groups that had no contact before and have some after."""
        return [pair for pair in self._pairs() if self._new(self.before, self.after, pair)]

    @property
    def lost(self) -> list[tuple[int, int]]:
        """The pairs of groups that had some contact before and have none after."""
        return [pair for pair in self._pairs() if self._new(self.after, self.before, pair)]

    def _pairs(self) -> list[tuple[int, int]]:
        size = len(self.before.blocks)
        return [(one, other) for one in range(size) for other in range(one + 1, size)]

    @staticmethod
    def _new(without: Network, having: Network, pair: tuple[int, int]) -> bool:
        return not without.between(*pair) and bool(having.between(*pair))


def compared(before: Network, after: Network) -> BeforeAfter:
    """Two waves side by side."""
    blocks = joined(before.blocks, after.blocks)
    places = {cell: place for place, one in enumerate(after.blocks) for cell in one}
    blocks.sort(key=lambda one: min(places.get(cell, len(places)) for cell in one))
    return BeforeAfter(before.merged_to(blocks), after.merged_to(blocks))
