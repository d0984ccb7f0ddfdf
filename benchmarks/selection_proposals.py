"""A selection among 1,000 candidates: proposed, told with a reason each, one question answered."""

import random
import statistics
import time
from collections.abc import Callable, Iterator

from benchmarks.rows import Row
from tests.selection_proposals.problems import course
from trainings.selection_proposals import choice_solver, reason_rules
from trainings.selection_proposals.choice_rules import Choice
from trainings.selection_proposals.rules import Problem

TITLE = "Proposed selections: 1,000 candidates of nine countries, women ≥ 40 %, two of a unit"
COURSES = 7


def rows() -> Iterator[Row]:
    """Seconds for courses made at random, with few seats and with many."""
    seed = random.SystemRandom().randrange(10**6)
    choice_solver.choose(course(seed, candidates=30, seats=10), 20)  # loads the solver
    yield Row(f"each of {COURSES} courses", f"seed {seed}")
    for seats in (60, 300):
        problems = [course(seed + number, seats=seats) for number in range(COURSES)]
        found = [_timed(lambda one=one: choice_solver.choose(one, 20)) for one in problems]
        yield Row(f"proposed, {seats} seats", _shown([spent for spent, _found in found]), "≤ 3 s")
        assert all(one is not None and not one.by_clock for _spent, one in found)
        told = [
            _timed(lambda one=one, taken=taken.taken: reason_rules.reasons(Choice(one, taken)))[0]
            for one, (_spent, taken) in zip(problems, found, strict=True)
        ]
        yield Row(f"a reason for each, {seats} seats", _shown(told))
        asked = [
            _question(one, taken.taken)
            for one, (_spent, taken) in zip(problems, found, strict=True)
        ]
        yield Row(f"what would have to change for one, {seats} seats", _shown(asked))


def _question(problem: Problem, taken: frozenset[str]) -> float:
    who = next(one.id for one in problem.eligible if one.id not in taken and not one.again)
    return _timed(lambda: choice_solver.changes(problem, who, 20))[0]


def _timed(act: Callable[[], object]) -> tuple[float, object]:
    begun = time.perf_counter()
    found = act()
    return time.perf_counter() - begun, found


def _shown(times: list[float]) -> str:
    return f"{statistics.median(times):.2f} s, at most {max(times):.2f} s"
