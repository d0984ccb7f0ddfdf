"""The mixed-integer program of a selection: who is taken, on which seats, under which minima."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import inf

from trainings.seats.placing_rules import Group
from trainings.selection_proposals.choice_rules import seated
from trainings.selection_proposals.rules import MOST_WORTH, Eligible, Problem
from trainings.solving.rules import Program

Terms = list[tuple[int, float]]


class Choosing:
    """The program, and where its answers stand.

    As many as can be are taken; among choices of as many, the one whose places and scores are best
    in sum.
    People of one country and function fit the same seats, so that seats are counted by group.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem, self.program = problem, Program()
        self.columns: dict[str, int] = {}
        able = [one for one in problem.eligible if self._able(one)]
        # what all places and scores together can be worth never outweighs one person more
        more = 1 + MOST_WORTH * min(len(able), sum(one.seats for one in problem.blocks) + 1)
        for one in able:
            self.columns[one.id] = self.program.choice(-float(more + one.worth))
        self._by_group: defaultdict[Group, Terms] = defaultdict(list)
        for one in able:
            self._by_group[one.group].append((self.columns[one.id], 1.0))
        self._seats()
        self._minima(able)
        self._units(able)
        if any(seated(problem, [group]) for group in self._by_group):
            self.program.row([(column, 1.0) for column in self.columns.values()], low=1)

    def read(self, values: Sequence[float]) -> frozenset[str]:
        """Who is taken."""
        return frozenset(key for key, column in self.columns.items() if values[column] > 0.5)

    def _able(self, one: Eligible) -> bool:
        fitting = (block.fits(one.group) for block in self.problem.blocks)
        return any(fitting) and not self.problem.left_out(one)

    def _seats(self) -> None:
        """Everyone in a block that fits, those who sit already too: they may change blocks."""
        problem, program = self.problem, self.program
        sitting: Counter[Group] = Counter()
        for (_block, country, function), count in problem.held.items():
            sitting[Group(country, function)] += count
        inside: defaultdict[str, Terms] = defaultdict(list)
        for group in {*sitting, *self._by_group}:
            terms: Terms = [(column, -1.0) for column, _one in self._by_group.get(group, ())]
            for block in problem.blocks:
                if block.fits(group):
                    column = program.column(high=inf)
                    terms.append((column, 1.0))
                    inside[block.id].append((column, 1.0))
            program.row(terms, sitting[group], sitting[group])
        for key, column in self._freed():
            inside[key].append((column, -1.0))
        for block in problem.blocks:
            if inside[block.id]:
                program.row(inside[block.id], high=block.seats)

    def _freed(self) -> list[tuple[str, int]]:
        """The held seats that are given up, in their order, one for each taken of their group."""
        found: list[tuple[str, int]] = []
        before: dict[Group, Terms] = {}
        for group, block in self.problem.vacancies:
            taken = self._by_group.get(group)
            if not taken:
                continue
            column = self.program.choice()
            found.append((block, column))
            if group in before:
                self.program.row([(column, 1.0), (before[group][-1][0], -1.0)], high=0)
            before.setdefault(group, []).append((column, 1.0))
        for group, freed in before.items():
            minus = [(column, -1.0) for column, _one in self._by_group[group]]
            self.program.row([*freed, *minus], high=0)
        return found

    def _minima(self, able: Sequence[Eligible]) -> None:
        problem = self.problem
        for what, asked in problem.least:
            had = sum(one.counts(what) for one in problem.seated)
            if not asked.percent:
                terms = [(self.columns[one.id], 1.0) for one in able if one.counts(what)]
                self.program.row(terms, low=asked.number - had)
                continue
            shares = [
                (self.columns[one.id], 100.0 * one.counts(what) - asked.number) for one in able
            ]
            self.program.row(shares, low=asked.number * len(problem.seated) - 100 * had)

    def _units(self, able: Sequence[Eligible]) -> None:
        most = self.problem.of_unit
        if most is None:
            return
        had = Counter(one.team for one in self.problem.seated)
        teams: defaultdict[tuple[str, str], Terms] = defaultdict(list)
        for one in able:
            if one.team:
                teams[one.team].append((self.columns[one.id], 1.0))
        for team, terms in teams.items():
            if had[team] + len(terms) > most:
                self.program.row(terms, high=max(0, most - had[team]))
