"""A selection among 1,000 candidates: proposed, told with a reason each, one question answered."""

import random
from collections.abc import Callable, Iterator

from benchmarks.rows import Row
from benchmarks.turns import LOOP, compared, in_turns, loop
from tests.selection_proposals.problems import course
from trainings.selection_proposals import choice_solver, reason_rules
from trainings.selection_proposals.choice_rules import Choice
from trainings.selection_proposals.choice_solver import Found
from trainings.selection_proposals.rules import Problem

TITLE = "Proposed selections: 1,000 candidates of nine countries, women ≥ 40 %, two of a unit"
COURSES = 7


def rows() -> Iterator[Row]:
    """Milliseconds for courses made at random, few seats and many, in turns with a plain loop."""
    seed = random.SystemRandom().randrange(10**6)
    choice_solver.choose(course(seed, candidates=30, seats=10), 20)  # loads the solver
    yield Row(f"each of {COURSES} courses", f"seed {seed}")
    for seats in (60, 300):
        problems = [course(seed + number, seats=seats) for number in range(COURSES + 1)]
        found: list[Found] = []

        def propose(found: list[Found] = found, problems: list[Problem] = problems) -> None:
            one = choice_solver.choose(problems[len(found)], 20)
            assert one is not None and not one.by_clock
            found.append(one)

        yield _each(f"proposed, {seats} seats", propose, 25, "≤ 3 s")
        pairs = list(zip(problems, found, strict=True))
        tell = iter(pairs)
        yield _each(f"a reason for each, {seats} seats", lambda tell=tell: _tell(next(tell)), 28)
        ask = iter(pairs)
        what = f"what would have to change for one, {seats} seats"
        yield _each(what, lambda ask=ask: _question(next(ask)), 420)


def _each(what: str, act: Callable[[], object], most: float, aim: str = "") -> Row:
    """One turn for each course, the first of which warms up."""
    taken, plainly = in_turns(act, loop, turns=COURSES, each=1)
    return compared(what, taken, plainly, LOOP, most, aim)


def _tell(pair: tuple[Problem, Found]) -> None:
    problem, found = pair
    reason_rules.reasons(Choice(problem, found.taken))


def _question(pair: tuple[Problem, Found]) -> None:
    problem, found = pair
    who = next(one.id for one in problem.eligible if one.id not in found.taken and not one.again)
    choice_solver.changes(problem, who, 20)
