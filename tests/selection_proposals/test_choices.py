"""The solver's choices: the best that is possible, checked by trying all; what conflicts."""

from __future__ import annotations

import random
from datetime import date
from itertools import combinations

import pytest
from msgspec.structs import replace

from tests.selection_proposals.problems import best, course, judges, open_seats, small, value
from trainings.seats.placing_rules import Block, Group, Holders
from trainings.selection_proposals import choice_solver
from trainings.selection_proposals.choice_rules import Choice
from trainings.selection_proposals.rules import (
    FIRST,
    UNIT,
    WOMEN,
    YEARS,
    Amount,
    Eligible,
    MinimumUnread,
    Problem,
    Traits,
    amount,
    near,
)

CASES = 80


def taken(problem: Problem) -> set[str]:
    found = choice_solver.choose(problem, 20)
    assert found is not None and not found.by_clock
    return set(found.taken)


def test_the_best_of_all_choices_is_found() -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    conflicts = 0
    for number in range(seed, seed + CASES):
        problem = small(number)
        most, found = best(problem), choice_solver.choose(problem, 20)
        assert (most is None) == (found is None), number
        if found is None:
            conflicts += 1
            continue
        chosen = [one for one in problem.eligible if one.id in found.taken]
        assert value(chosen) == most, number
        assert Choice(problem, found.taken).broken() == [], number
    assert 0 < conflicts < CASES, "both kinds are tried"


def test_a_conflict_is_a_smallest_one() -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    tried = 0
    for number in range(seed, seed + CASES):
        problem = small(number)
        if best(problem) is not None:
            continue
        tried += 1
        found = choice_solver.conflict(problem, 20)
        names = [one.what for one in found]
        minima = problem.minima
        assert best(replace(problem, minima={what: minima[what] for what in names})) is None
        for smaller in combinations(minima, len(names) - 1):
            asked = {what: minima[what] for what in smaller}
            assert best(replace(problem, minima=asked)) is not None, number
        for one in found:
            if one.possible is not None and one.what != UNIT:
                asked = {what: minima[what] for what in names}
                assert best(replace(problem, minima={**asked, one.what: one.possible})) is not None
                more = one.possible._replace(number=one.possible.number + 1)
                assert best(replace(problem, minima={**asked, one.what: more})) is None
    assert tried


def test_nobody_is_left_who_could_be_put_in_the_place_of_somebody_later() -> None:
    problem = course(7, candidates=200, seats=60)
    choice = Choice(problem, taken(problem))
    assert choice.number > 50 and not choice.broken()
    for one in choice.others:
        assert not choice.admits(one.group) or choice.broken_by(one)
        for other in choice.instead_of(one):
            assert other.key < one.key or choice.broken_by(one, other)


def test_the_same_problem_gets_the_same_choice() -> None:
    problem = course(3, candidates=150, seats=60)
    assert taken(problem) == taken(problem)


def test_among_equals_who_was_registered_earlier_is_taken() -> None:
    eligible = tuple(Eligible("BO", "judge", id=str(n), place=1, order=9 - n) for n in range(5))
    assert taken(Problem(eligible, open_seats(2))) == {"4", "3"}


def test_who_sits_already_moves_to_make_room() -> None:
    """A judge on the open seat can sit on the judges' own: then a police officer has a seat."""
    blocks = (Block("j", None, "judge", 1), *open_seats(1))
    held = {Holders("open", "BO", "judge"): 1}
    officer = Eligible("BO", "police", id="p", place=5)
    problem = Problem((officer,), blocks, held, (Traits("BO", "judge"),))
    assert taken(problem) == {"p"}


def test_a_seat_held_for_a_group_frees_a_seat_for_another() -> None:
    """A judge for whom a seat is held sits on the judges' own seat; then the held one is free."""
    blocks = (Block("j", "BO", "judge", 1), *open_seats(0))
    held_for = ((Group("BO", "judge"), "open"),)
    officer = Eligible("AR", "police", id="p", place=1)
    assert taken(Problem((officer,), blocks, vacancies=held_for)) == set()
    problem = Problem((officer, *judges(1)), blocks, vacancies=held_for)
    assert taken(problem) == {"p", "BO1"}


def test_as_many_as_can_be_go_before_the_best_places() -> None:
    """The second judge and the officer, rather than the first judge alone."""
    blocks = (Block("b", "BO", None, 2),)
    people = (
        Eligible("BO", "judge", id="first", place=1, order=1, unit="court"),
        Eligible("BO", "judge", id="second", place=50, order=2, unit="court"),
        Eligible("BO", "police", id="officer", place=90, order=3, woman=True),
    )
    minima = {WOMEN: Amount(50, percent=True)}
    assert taken(Problem(people, blocks, minima=minima)) == {"first", "officer"}


def test_who_took_part_lately_and_who_is_one_too_many_of_a_unit_is_left_out() -> None:
    people = (
        Eligible("BO", "judge", id="again", place=1, again=True),
        Eligible("BO", "judge", id="a", place=2, unit="court"),
        Eligible("BO", "judge", id="b", place=3, unit="court"),
        Eligible("AR", "judge", id="c", place=9, unit="court"),  # of another country: another unit
    )
    problem = Problem(people, open_seats(9))
    assert taken(problem) == {"again", "a", "b", "c"}
    asked = {YEARS: Amount(2), UNIT: Amount(1)}
    assert taken(replace(problem, minima=asked)) == {"a", "c"}


def test_minima_that_cannot_be_kept_say_which_and_how_far() -> None:
    problem = Problem(judges(3), open_seats(3), minima={WOMEN: Amount(40, percent=True)})
    (one,) = choice_solver.conflict(problem, 20)
    assert one.what == WOMEN and one.possible == Amount(0, percent=True)
    women = (Eligible("BO", "police", id="w", woman=True), *judges(3))
    both = {WOMEN: Amount(50, percent=True), "judge": Amount(2), FIRST: Amount(0)}
    found = choice_solver.conflict(Problem(women, open_seats(3), minima=both), 20)
    assert [(one.what, str(one.possible)) for one in found] == [(WOMEN, "33%"), ("judge", "1")]


def test_nobody_to_take_is_no_conflict() -> None:
    assert taken(Problem(judges(2), open_seats(0))) == set()
    assert taken(Problem((), open_seats(2))) == set()
    women = {WOMEN: Amount(40, percent=True)}
    assert taken(Problem(judges(2), open_seats(0), minima=women)) == set()


@pytest.mark.parametrize("typed", ["", "x", "40 % x", "-1", "101%", "1e3", "12345", "½"])
def test_what_is_no_minimum_is_refused(typed: str) -> None:
    with pytest.raises(MinimumUnread):
        amount(WOMEN, typed)


def test_minima_are_read_as_people_write_them() -> None:
    assert amount(WOMEN, " 40 % ") == Amount(40, percent=True) and amount("judge", "12") == (
        12,
        False,
    )
    for what, typed in ((UNIT, "0"), (UNIT, "50%"), (YEARS, "11")):
        with pytest.raises(MinimumUnread):
            amount(what, typed)


def test_years_between_courses() -> None:
    start = date(2027, 2, 1)
    assert near(start, date(2025, 2, 2), 2) and not near(start, date(2025, 1, 31), 2)
    assert near(start, date(2028, 2, 1), 2) and not near(start, start, 0)


def test_the_solver_says_nothing_where_commands_print(capfd: pytest.CaptureFixture[str]) -> None:
    """The library prints a line for some programs, whatever it is told; here it is seen or not."""
    for number in range(40):
        choice_solver.choose(small(number), 20)
    assert capfd.readouterr().out == ""
