"""Proposes a timetable; nothing of the agenda changes."""

from __future__ import annotations

import time

from trainings.proposals import reason_rules, solver
from trainings.proposals.giving_rules import Rooms, Trainers
from trainings.proposals.rules import Ended, NothingFound, Placed, Problem, Proposal
from trainings.proposals.slot_rules import Slots

SEED = 1


def propose(problem: Problem, seconds: float, seed: int = SEED) -> Proposal:
    """Put what is wanted into places, then into rooms, then to trainers.

    In steps, because the times decide whether rooms and trainers suffice at all, and are chosen
    so that they do; which of them is then a choice of its own. Raises ``NothingFound``.
    """
    until = time.monotonic() + seconds
    placed: list[Placed] = []
    by_clock = False
    steps = (
        lambda: Slots(problem),
        lambda: Rooms(problem, placed),
        lambda: Trainers(problem, placed),
    )
    for make in steps:
        step = make()
        left = max(until - time.monotonic(), 0.5)
        solved = solver.solve(step.program, left * (0.8 if isinstance(step, Slots) else 1), seed)
        if step.program.costs and not solved.values:
            raise NothingFound
        placed = sorted(step.read(solved.values), key=lambda one: (one.start, one.wanted.title))
        by_clock = by_clock or solved.by_clock
    ended = Ended.CLOCK if by_clock else Ended.ITSELF
    return Proposal(tuple(placed), ended, tuple(reason_rules.unmet(problem, placed)))
