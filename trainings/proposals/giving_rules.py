"""Where and by whom: a room and a trainer for each session whose time is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import inf

from trainings.proposals.rules import Placed, Problem, Teacher, Wish, able, free, speaks
from trainings.solving.rules import Program

Columns = dict[tuple[int, str], int]  # session, and room or trainer
Terms = list[tuple[int, float]]


def _once(program: Program, placed: Sequence[Placed], columns: Columns) -> None:
    """Nobody and no room twice at a time: at no session's start are two of theirs going on."""
    for who in dict.fromkeys(one for _number, one in columns):
        mine = [number for number in range(len(placed)) if (number, who) in columns]
        for start in sorted({placed[number].start for number in mine}):
            there = [
                (columns[number, who], 1.0)
                for number in mine
                if placed[number].start <= start < placed[number].stretch.ends
            ]
            program.row(there, high=1)


class Rooms:
    """The program of the rooms, and where its answers stand."""

    def __init__(self, problem: Problem, placed: Sequence[Placed]) -> None:
        self.problem, self.placed = problem, placed
        self.program = Program()
        self.columns: Columns = {}
        for number, one in enumerate(placed):
            self._session(number, one)
        _once(self.program, placed, self.columns)
        self._changes()

    def read(self, values: Sequence[float]) -> list[Placed]:
        """The sessions with their rooms."""
        rooms = {
            session: room
            for (session, room), column in self.columns.items()
            if values[column] > 0.5
        }
        return [one._replace(room=rooms.get(number)) for number, one in enumerate(self.placed)]

    def _session(self, number: int, one: Placed) -> None:
        problem, program = self.problem, self.program
        terms: Terms = []
        for place, hall in enumerate(problem.halls):
            if one.wanted.room not in (None, hall.id) or not free(hall.taken, one.stretch):
                continue
            small = 0 < hall.seats < problem.people
            cost = problem.cost(Wish.SEATS) if small else 0.0
            column = program.choice(cost + place / 1000)
            self.columns[number, hall.id] = column
            terms.append((column, 1.0))
        if terms:
            # a room that is named goes before one that is chosen
            lacking = Wish.PLACED if one.wanted.room else Wish.ROOM
            terms.append((program.column(problem.cost(lacking)), 1.0))
            program.row(terms, 1, 1)

    def _changes(self) -> None:
        """A session in another room than the one before it on its day costs."""
        program, cost = self.program, self.problem.cost(Wish.ROOM_CHANGES)
        times = sorted(
            {one.start for one in self.placed} | {one.start for one in self.problem.kept}
        )
        for number, one in enumerate(self.placed):
            earlier = [at for at in times if at < one.start and at.date() == one.start.date()]
            before = [
                other for other, that in enumerate(self.placed) if earlier[-1:] == [that.start]
            ]
            kept = {
                that.wanted.room for that in self.problem.kept if earlier[-1:] == [that.start]
            } - {None}
            if not before and not kept:
                continue
            change = program.column(cost)
            for hall in self.problem.halls:
                column = self.columns.get((number, hall.id))
                if column is None or hall.id in kept:
                    continue
                were = [self.columns.get((other, hall.id)) for other in before]
                minus = [(that, -1.0) for that in were if that is not None]
                program.row([(column, 1.0), *minus, (change, -1.0)], high=0)


class Trainers:
    """The program of the trainers, and where its answers stand."""

    def __init__(self, problem: Problem, placed: Sequence[Placed]) -> None:
        self.problem, self.placed = problem, placed
        self.program = Program()
        self.columns: Columns = {}
        self.hours: defaultdict[str, Terms] = defaultdict(list)
        for number, one in enumerate(placed):
            self._session(number, one)
        _once(self.program, placed, self.columns)
        self._balance()

    def read(self, values: Sequence[float]) -> list[Placed]:
        """The sessions with their trainers."""
        found: defaultdict[int, list[str]] = defaultdict(list)
        for (session, who), column in self.columns.items():
            if values[column] > 0.5:
                found[session].append(who)
        return [
            one._replace(trainers=tuple(sorted(found[number])))
            for number, one in enumerate(self.placed)
        ]

    def _session(self, number: int, one: Placed) -> None:
        wanted, fixed = one.wanted, one.wanted.trainers
        if fixed:
            there = [giver for giver in self.problem.teachers if giver.id in fixed]
            self._choose(number, one, there, len(fixed), Wish.PLACED)
        if wanted.counted and not wanted.giving:
            others = [giver for giver in able(self.problem, wanted) if giver.id not in fixed]
            self._choose(number, one, others, 1, Wish.TRAINER)

    def _choose(
        self, number: int, one: Placed, givers: Sequence[Teacher], many: int, lacking: Wish
    ) -> None:
        """So many of these take part in a session, or it costs as much as the wish that lacks."""
        problem, program, terms = self.problem, self.program, Terms()
        for giver in givers:
            if not free(giver.taken, one.stretch):
                continue
            gives = giver.id not in one.wanted.observers
            mute = gives and not speaks(giver, one.wanted)
            column = program.choice(
                (problem.cost(Wish.LANGUAGE) if mute else 0.0) + (0 if giver.accepted else 1)
            )
            self.columns[number, giver.id] = column
            if gives:
                self.hours[giver.id].append((column, one.wanted.minutes / 60))
            terms.append((column, 1.0))
        if terms:
            terms.append((program.column(problem.cost(lacking), inf), 1.0))
            program.row(terms, many, many)

    def _balance(self) -> None:
        """As many hours from one agency as from another, and no trainer with far more."""
        problem, program = self.problem, self.program
        had: defaultdict[str, float] = defaultdict(float)
        for one in problem.kept:
            for who in one.wanted.giving:
                had[who] += one.wanted.minutes / 60
        agencies: defaultdict[str, list[str]] = defaultdict(list)
        for giver in problem.teachers:
            agencies[giver.agency].append(giver.id)
        sums = [
            (sum(had[who] for who in group), [term for who in group for term in self.hours[who]])
            for group in agencies.values()
        ]
        if len(sums) > 1:
            program.span(sums, problem.cost(Wish.AGENCIES))
        most = program.column(1, inf)
        for giver in problem.teachers:
            program.row([*self.hours[giver.id], (most, -1.0)], high=-had[giver.id])
