"""When: which session stands in which place, so that rooms and trainers for all are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from trainings.agenda.rules import SessionKind
from trainings.proposals.rules import Placed, Problem, Teacher, Wanted, Wish, able, free, possible
from trainings.solving.rules import Program

Terms = list[tuple[int, float]]


class Slots:
    """The program of the places, and where its answers stand."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.program = problem, Program()
        self.stands: dict[tuple[int, int], int] = {}  # session and place: column
        self.nowhere: list[int] = []
        self.zero = self.program.column(high=0)
        for number, wanted in enumerate(problem.wanted):
            self._session(number, wanted)
        self._beside()
        self._trainers()
        self._order()
        self._days()

    def read(self, values: Sequence[float]) -> list[Placed]:
        """What the solver's numbers say; sessions that share a place follow each other in it."""
        found = []
        for number, place in enumerate(self.problem.places):
            here = [
                wanted
                for session, wanted in enumerate(self.problem.wanted)
                if values[self.stands.get((session, number), self.zero)] > 0.5
            ]
            inside = sum(one.minutes for one in here) <= place.minutes
            start = place.start
            for one in here:
                found.append(Placed(one, start))
                start += timedelta(minutes=one.minutes if inside else 0)
        return found

    def _session(self, number: int, wanted: Wanted) -> None:
        """One place, or none."""
        program = self.program
        columns = []
        for place in possible(self.problem, wanted):
            column = program.choice(self._cost(number, place))
            self.stands[number, place] = column
            columns.append(column)
        self.nowhere.append(program.column(self.problem.cost(Wish.PLACED)))
        program.row([(one, 1.0) for one in (*columns, self.nowhere[-1])], 1, 1)

    def _cost(self, number: int, place: int) -> float:
        """Of a session in a place: away from its share of the course, or against what is kept."""
        problem = self.problem
        wanted, where = problem.wanted[number], problem.places[place]
        cost = place / 1000  # of two that are alike the earlier
        if wanted.kind is SessionKind.TEST and not where.morning:
            cost += problem.cost(Wish.MORNING)
        if wanted.position is None:
            return cost
        share = (number + 0.5) / len(problem.wanted) * len(problem.places)
        cost += problem.cost(Wish.ORDER) * abs(place + 0.5 - share) / 80
        for one in problem.kept:
            other = one.wanted.position
            if other is None or other == wanted.position:
                continue
            if (other < wanted.position) == (where.start < one.start):
                cost += problem.cost(Wish.ORDER)
        return cost

    def _at(self, place: int, sessions: Iterator[int] | Sequence[int]) -> Terms:
        found = ((one, self.stands.get((one, place))) for one in sessions)
        return [(column, 1.0) for _one, column in found if column is not None]

    def _beside(self) -> None:
        """Sessions follow each other in a place where they fit; else few stand beside each other.

        Never more than there are free rooms.
        """
        problem, program = self.problem, self.program
        everyone = range(len(problem.wanted))
        for number, place in enumerate(problem.places):
            here = self._at(number, everyone)
            rooms = [one for one in problem.halls if free(one.taken, place.stretch)]
            most = max(len(rooms), 1) if problem.halls else len(here)
            beside = program.column(problem.cost(Wish.ALONE), max(most - 1, 0))
            many = place.minutes // min((one.minutes for one in problem.wanted), default=1)
            follow = program.choice() if problem.shared(place) else self.zero
            program.row([*here, (beside, -1.0), (follow, -float(many))], high=1)
            if follow != self.zero:
                self._follow(number, follow, most)
            for room in rooms:
                fixed = [one for one in everyone if problem.wanted[one].room == room.id]
                program.row(self._at(number, fixed), high=1)

    def _follow(self, number: int, follow: int, most: int) -> None:
        """Sessions that follow each other fit into their place together."""
        wanted, place = self.problem.wanted, self.problem.places[number]
        spare = float(place.minutes * most)
        terms = [
            (self.stands[one, number], float(wanted[one].minutes))
            for one in range(len(wanted))
            if (one, number) in self.stands
        ]
        self.program.row([*terms, (follow, spare)], high=place.minutes + spare)

    def _trainers(self) -> None:
        """For each session somebody who may give it and is free, though not yet who."""
        problem, program = self.problem, self.program
        groups: dict[tuple[str, ...], list[int]] = {}
        fixed: dict[str, list[int]] = {}
        for number, wanted in enumerate(problem.wanted):
            for one in wanted.trainers:
                fixed.setdefault(one, []).append(number)
            if wanted.counted and not wanted.giving and problem.teachers:
                group = tuple(one.id for one in able(problem, wanted))
                groups.setdefault(group, []).append(number)
        for number, place in enumerate(problem.places):
            there: dict[str, Teacher] = {
                one.id: one for one in problem.teachers if free(one.taken, place.stretch)
            }
            busy = {one: self._at(number, fixed.get(one, [])) for one in there}
            for group, sessions in groups.items():
                givers = [one for one in group if one in there]
                gives = [program.column() for _one in givers]
                nobody = program.column(problem.cost(Wish.TRAINER), len(sessions))
                here = [(column, -1.0) for column, _factor in self._at(number, sessions)]
                program.row([*here, *((one, 1.0) for one in (*gives, nobody))], 0, 0)
                for one, column in zip(givers, gives, strict=True):
                    busy[one].append((column, 1.0))
            for terms in busy.values():
                program.row(terms, high=1)

    def _order(self) -> None:
        """One module after the other, and what is left of one module piece by piece."""
        problem = self.problem
        ordered = [
            (wanted.position, number)
            for number, wanted in enumerate(problem.wanted)
            if wanted.position is not None
        ]
        ordered.sort()
        for (before, one), (after, other) in pairwise(ordered):
            alike = before == after
            self._after(one, other, strict=alike, forced=alike and self._same(one, other))

    def _same(self, one: int, other: int) -> bool:
        first, second = self.problem.wanted[one], self.problem.wanted[other]
        return (first.minutes, first.room, first.trainers, first.key, second.key) == (
            second.minutes,
            second.room,
            second.trainers,
            None,
            None,
        )

    def _after(self, one: int, other: int, *, strict: bool, forced: bool) -> None:
        """A session not before (``strict``: after) another; it may cost, unless it is forced."""
        program = self.program
        slack: Terms = [] if forced else [(self.nowhere[one], -1.0)]
        if not forced:
            slack.append((program.column(self.problem.cost(Wish.ORDER)), -1.0))
        for place in range(len(self.problem.places)):
            until = self._until(other, place)
            since = self._until(one, place - strict)
            if until:
                minus = [(column, -factor) for column, factor in since]
                program.row([*until, *minus, *slack], high=0)

    def _until(self, session: int, place: int) -> Terms:
        return [term for number in range(place + 1) for term in self._at(number, [session])]

    def _days(self) -> None:
        """As much on one day as on another."""
        problem = self.problem
        sums = []
        for day in problem.days:
            terms = [
                (column, problem.wanted[session].minutes / 60)
                for (session, place), column in self.stands.items()
                if problem.places[place].start.date() == day and problem.wanted[session].counted
            ]
            had = sum(
                one.wanted.minutes
                for one in problem.kept
                if one.start.date() == day and one.wanted.counted
            )
            sums.append((had / 60, terms))
        self.program.span(sums, problem.cost(Wish.DAYS))
