"""What follows from a choice: who sits where, whose seat somebody could have, which rule breaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from msgspec.structs import replace

from trainings.seats.placing_rules import Block, Group, Held, after_placing, place
from trainings.selection_proposals.rules import UNIT, YEARS, Eligible, Problem


def blocks_for(problem: Problem, groups: Iterable[Group]) -> tuple[Block, ...]:
    """The blocks once these people take the seats that are held for their groups."""
    left, sizes = Counter(groups), Counter[str]()
    for group, block in problem.vacancies:
        if left[group] > 0:
            left[group] -= 1
            sizes[block] += 1
    return tuple(replace(one, seats=one.seats + sizes[one.id]) for one in problem.blocks)


def seated(problem: Problem, groups: Collection[Group]) -> tuple[tuple[Block, ...], Held] | None:
    """Blocks and counts once these people sit there too; none if one of them finds no seat."""
    blocks = blocks_for(problem, groups)
    held: Held = problem.held
    for group in groups:
        placement = place(blocks, held, *group)
        if placement is None:
            return None
        held = after_placing(held, placement, group)
    return blocks, held


class Choice:
    """Some of the eligible taken."""

    def __init__(self, problem: Problem, taken: Collection[str]) -> None:
        self.problem = problem
        self.taken = [one for one in problem.eligible if one.id in taken]
        self.others = [one for one in problem.eligible if one.id not in taken]
        everyone = [*problem.seated, *self.taken]
        self.number = len(everyone)
        self.counted = {
            what: sum(one.counts(what) for one in everyone) for what, _asked in problem.least
        }
        self.teams = Counter(one.team for one in everyone if one.team)
        self._groups = Counter(one.group for one in self.taken)
        self._admits: dict[Group, bool] = {}
        self._reach: dict[Group, frozenset[Group]] = {}
        self._instead: dict[Group, list[Eligible]] = {}
        self.fits = seated(problem, [*self._groups.elements()])

    def broken(self) -> list[str]:
        """The rules that the choice itself breaks; ``seats`` where somebody finds none."""
        found = [] if self.fits else ["seats"]
        for what, _asked in self.problem.least:
            if self._lacks(what, self.counted[what], self.number):
                found.append(what)
        most = self.problem.of_unit
        if most is not None and any(self.teams[one.team] > most for one in self.taken if one.team):
            found.append(UNIT)
        if any(self.problem.left_out(one) for one in self.taken):
            found.append(YEARS)
        return found

    def _lacks(self, what: str, counted: int, number: int) -> bool:
        return self.problem.minima[what].lacks(counted, number)

    def broken_by(self, comes: Eligible, goes: Eligible | None = None) -> list[str]:
        """The rules that break if somebody is taken, instead of somebody else or besides."""
        found = []
        number = self.number + (goes is None)
        for what, _asked in self.problem.least:
            counted = self.counted[what] + comes.counts(what)
            if self._lacks(what, counted - (goes is not None and goes.counts(what)), number):
                found.append(what)
        most = self.problem.of_unit
        stays = goes is not None and goes.team == comes.team  # as many of the unit as before
        if most is not None and comes.team and not stays and self.teams[comes.team] >= most:
            found.append(UNIT)
        if self.problem.left_out(comes):
            found.append(YEARS)
        return found

    def admits(self, group: Group) -> bool:
        """Whether one more of a group would find a seat."""
        if group not in self._admits:
            self._admits[group] = self._seats_one(group)
        return self._admits[group]

    def _seats_one(self, group: Group) -> bool:
        if self.fits is None:
            return False
        if self.problem.vacancies:  # the newcomer may free a seat that is held for the group
            return seated(self.problem, [*self._groups.elements(), group]) is not None
        return place(*self.fits, *group) is not None

    def reach(self, group: Group) -> frozenset[Group]:
        """The groups of which one taken would have to go, so that one of this group had a seat."""
        if group not in self._reach:
            trial = bool(self.problem.vacancies)
            self._reach[group] = self._by_trial(group) if trial else self._by_paths(group)
        return self._reach[group]

    def _by_trial(self, group: Group) -> frozenset[Group]:
        """By trying each: who leaves may take a seat along that was held for their group."""

        def sits(other: Group) -> bool:
            groups = self._groups - Counter([other]) + Counter([group])
            return seated(self.problem, [*groups.elements()]) is not None

        return frozenset(other for other in self._groups if sits(other))

    def _by_paths(self, group: Group) -> frozenset[Group]:
        """By following who sits where, and where those could sit instead."""
        blocks, held = self.fits or ((), {})
        sitting: dict[str, set[Group]] = {}
        for (block, country, function), count in held.items():
            if count > 0:
                sitting.setdefault(block, set()).add(Group(country, function))
        walk = [one for one in blocks if one.fits(group)]
        seen, found = {one.id for one in walk}, set[Group]()
        for here in walk:  # it grows while it is walked
            for there in sitting.get(here.id, ()):
                found.add(there)
                further = [one for one in blocks if one.id not in seen and one.fits(there)]
                seen.update(one.id for one in further)
                walk += further
        return frozenset(found & set(self._groups))

    def instead_of(self, comes: Eligible) -> list[Eligible]:
        """Those taken in whose place somebody would have a seat, the best first."""
        if comes.group not in self._instead:
            groups = self.reach(comes.group)
            found = (one for one in self.taken if one.group in groups)
            self._instead[comes.group] = sorted(found, key=lambda one: one.key)
        return self._instead[comes.group]


def settled(problem: Problem, taken: Collection[str]) -> frozenset[str]:
    """A choice in which nobody can be put in the place of somebody who comes after them.

    A solver finds one of several choices that are worth the same: among equals, who was
    registered earlier is taken.
    """
    choice = Choice(problem, taken)
    while (better := _better(choice)) is not None:
        choice = Choice(problem, better)
    return frozenset(one.id for one in choice.taken)


def _better(choice: Choice) -> set[str] | None:
    taken = {one.id for one in choice.taken}
    for comes in sorted(choice.others, key=lambda one: one.key):
        if choice.admits(comes.group) and not choice.broken_by(comes):
            return taken | {comes.id}
        for goes in reversed(choice.instead_of(comes)):
            if goes.key < comes.key:
                break
            if not choice.broken_by(comes, goes):
                return (taken | {comes.id}) - {goes.id}
    return None
