"""Asks the solver: who should be taken, which minima conflict, what would have to change."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import combinations

from msgspec.structs import replace

from trainings.seats.placing_rules import Block, Cell
from trainings.selection_proposals.choice_rules import Choice, settled
from trainings.selection_proposals.program_rules import Choosing
from trainings.selection_proposals.rules import (
    BEST,
    MIDDLE,
    MOST,
    PLACE,
    SCORE,
    SEAT,
    UNIT,
    UNRANKED,
    YEARS,
    Amount,
    Change,
    Eligible,
    Found,
    Impossible,
    NothingFound,
    Problem,
)
from trainings.solving import solver

SEED = 1
MORE_OF_UNIT = 3  # so many more of a unit are tried


def choose(problem: Problem, seconds: float, seed: int = SEED) -> Found | None:
    """The best choice under seats and minima; none if the minima cannot all be kept.

    Whatever the solver says, the choice is looked at again. Raises ``NothingFound``.
    """
    asked = Choosing(problem)
    if not asked.columns:
        return Found(frozenset()) if not Choice(problem, ()).broken() else None
    solved = solver.solve(asked.program, seconds, seed)
    if not solved.values:
        if solved.by_clock:
            raise NothingFound
        return None
    taken = asked.read(solved.values)
    wrong = Choice(problem, taken).broken()
    if wrong:
        raise RuntimeError(f"the solver broke {wrong}")
    return Found(settled(problem, taken), solved.by_clock)


def conflict(problem: Problem, seconds: float) -> list[Impossible]:
    """A smallest set of minima that cannot be kept together, and how far each would have to go.

    None of them can be left out of it: what is left can be kept.
    """
    until = time.monotonic() + seconds

    def possible(minima: dict[str, Amount]) -> bool:
        asked = replace(problem, minima=minima)
        return choose(asked, max(until - time.monotonic(), 0.5)) is not None

    for size in range(1, len(problem.minima) + 1):
        for names in combinations(problem.minima, size):
            together = {what: problem.minima[what] for what in names}
            if not possible(together):
                return [
                    Impossible(what, asked, _nearest(together, what, possible))
                    for what, asked in together.items()
                ]
    return []


def _nearest(
    minima: dict[str, Amount], what: str, possible: Callable[[dict[str, Amount]], bool]
) -> Amount | None:
    """The amount nearest to what is asked that can be kept beside the others."""
    asked = minima[what]

    def holds(number: int) -> bool:
        return possible({**minima, what: asked._replace(number=number)})

    rest = {other: amount for other, amount in minima.items() if other != what}
    if not possible(rest) or what == YEARS:
        return None
    if what == UNIT:
        least = next((number for number in range(asked.number + 1, 100) if holds(number)), None)
        return None if least is None else Amount(least)
    return asked._replace(number=_largest(0, asked.number, holds))


def _largest(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """A number from ``low``, for which it holds, up to ``high``, for which it does not.

    It does not hold for the next one.
    """
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def changes(problem: Problem, who: str, seconds: float) -> list[Change]:
    """What would have to be otherwise, one thing alone, so that somebody were taken.

    Each is found by solving again; of a number, as near as can be to what it is now.
    """
    until = time.monotonic() + seconds
    one = next(one for one in problem.eligible if one.id == who)

    def takes(changed: Problem) -> bool:
        try:
            found = choose(changed, max(until - time.monotonic(), 0.5))
        except NothingFound:
            return False
        return found is not None and who in found.taken

    return [
        *_of_minima(problem, takes),
        *_of_seats(problem, one, takes),
        *_of_place(problem, one, takes),
        *_of_score(problem, one, takes),
    ]


Takes = Callable[[Problem], bool]


def _with(problem: Problem, what: str, asked: Amount | None) -> Problem:
    minima = {other: one for other, one in problem.minima.items() if other != what}
    return replace(problem, minima=minima if asked is None else {**minima, what: asked})


def _of_minima(problem: Problem, takes: Takes) -> Iterator[Change]:
    for what, asked in problem.minima.items():
        if what in MOST:
            further = range(asked.number + 1, asked.number + 1 + MORE_OF_UNIT * (what == UNIT))
            for number in further:
                if takes(_with(problem, what, Amount(number))):
                    yield Change(what, Amount(number))
                    break
            else:
                if takes(_with(problem, what, None)):
                    yield Change(what)
        elif takes(_with(problem, what, asked._replace(number=0))):

            def holds(number: int, what: str = what, asked: Amount = asked) -> bool:
                return takes(_with(problem, what, asked._replace(number=number)))

            yield Change(what, asked._replace(number=_largest(0, asked.number, holds)))


def _of_seats(problem: Problem, one: Eligible, takes: Takes) -> Iterator[Change]:
    """One more seat kept for their country and function."""
    cell = Cell(one.country, one.function)
    blocks = list(problem.blocks)
    own = next((block for block in blocks if block.cell == cell), None)
    if own is None:
        blocks.append(Block("+", *cell, seats=1))
    else:
        blocks[blocks.index(own)] = replace(own, seats=own.seats + 1)
    if takes(replace(problem, blocks=tuple(blocks))):
        yield Change(SEAT)


def _of_place(problem: Problem, one: Eligible, takes: Takes) -> Iterator[Change]:
    """A better place in their country's list; the others keep theirs."""

    def holds(place: int) -> bool:
        moved = replace(one, place=place)
        others = (moved if other is one else other for other in problem.eligible)
        return takes(replace(problem, eligible=tuple(others)))

    now = min(one.place or UNRANKED, UNRANKED)
    if now > 1 and holds(1):
        yield Change(PLACE, Amount(_largest(1, now, holds)))


def _of_score(problem: Problem, one: Eligible, takes: Takes) -> Iterator[Change]:
    """Better scores from the readers, where scores count; those of the others stay."""
    if all(other.score is None for other in problem.eligible):
        return

    def holds(less: int) -> bool:
        moved = replace(one, score=BEST - less)
        others = (moved if other is one else other for other in problem.eligible)
        return takes(replace(problem, eligible=tuple(others)))

    missing = BEST - (MIDDLE if one.score is None else one.score)
    if missing and holds(0):
        yield Change(SCORE, Amount(BEST - _largest(0, missing, holds)))
