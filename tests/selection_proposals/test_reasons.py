"""A sentence for each person, from what binds; and what would have to change, by solving again."""

from __future__ import annotations

import pytest
from flask import Flask
from msgspec.structs import replace

from tests.selection_proposals.problems import course, judges, open_seats
from trainings.seats.placing_rules import Block, Group, Holders
from trainings.selection_proposals import choice_solver, reason_rules
from trainings.selection_proposals.choice_rules import Choice
from trainings.selection_proposals.reason_rules import Why, reason_from
from trainings.selection_proposals.rules import (
    PLACE,
    SCORE,
    SEAT,
    UNIT,
    WOMEN,
    YEARS,
    Amount,
    Change,
    Eligible,
    Impossible,
    Problem,
    Traits,
)

FUNCTIONS = {"police": "Police", "judge": "Judge"}


@pytest.fixture(autouse=True)
def speaking(app: Flask) -> None:
    """Sentences need a language."""


def said(problem: Problem) -> dict[str, str]:
    found = choice_solver.choose(problem, 20)
    assert found is not None
    why = reason_rules.reasons(Choice(problem, found.taken))
    kept = {key: reason_from(one.plain) for key, one in why.items()}
    assert kept == why, "a reason is kept as plain values"
    return {key: reason_rules.words(one, FUNCTIONS) for key, one in why.items()}


def test_seats_of_a_country_go_to_its_first() -> None:
    blocks = (Block("j", "BO", "judge", 2), Block("p", "BO", "police", 1))
    told = said(Problem(judges(3), blocks))
    assert told["BO3"] == (
        "No. 3 on the list of Bolivia. "
        "The 2 seats that they could have went to no. 1 and no. 2 of the same list."
    )
    assert told["BO1"] == (
        "No. 1 on the list of Bolivia. Nobody with a better place could have this seat."
    )


def test_open_seats_go_to_better_places_of_other_lists() -> None:
    told = said(Problem((*judges(2), *judges(2, "BR")), open_seats(2)))
    assert told["BO2"].endswith(
        "The 2 seats that they could have went to places that are better or were registered "
        "earlier (Bolivia: no. 1; Brazil: no. 1)."
    )
    many = said(Problem(judges(9), open_seats(8)))
    assert many["BO9"].endswith(
        "The 8 seats that they could have went to places that are better or were registered "
        "earlier."
    )


def test_a_free_seat_that_a_minimum_keeps_free() -> None:
    women = tuple(
        Eligible("BO", "police", True, id=f"w{n}", place=n + 20, order=n) for n in range(5)
    )
    men = judges(9)
    problem = Problem((*men, *women), open_seats(13), minima={WOMEN: Amount(40, percent=True)})
    told = said(problem)
    assert told["BO8"].endswith(
        "A seat is free, but with them this would not hold: women: at least 40%."
    )
    assert told["w0"].endswith("Nobody else waits for this seat.")
    assert choice_solver.changes(problem, "BO8", 20)[0] == Change(WOMEN, Amount(38, percent=True))
    assert (
        reason_rules.change_words(
            Change(WOMEN, Amount(38, percent=True)), Group("BO", "judge"), problem.minima, FUNCTIONS
        )
        == "Would be taken if the rule were: women: at least 38%."
    )


def test_worse_places_come_first_because_of_a_minimum() -> None:
    woman = Eligible("BO", "judge", woman=True, id="w", place=9, order=9)
    problem = Problem((*judges(2), woman), open_seats(2), minima={WOMEN: Amount(1)})
    told = said(problem)
    assert told["BO2"].endswith("Others further down come first because of: women: at least 1.")
    assert told["w"].endswith("Comes before better places because of: women: at least 1.")
    assert [one.what for one in choice_solver.changes(problem, "BO2", 20)] == [WOMEN, SEAT]


def test_what_keeps_somebody_out_whatever_the_others_do() -> None:
    people = (
        Eligible("BO", "judge", id="again", place=1, again=True),
        Eligible("AR", "judge", id="nowhere", place=1),
        Eligible("BO", "police", id="full", place=None),
        *(Eligible("BO", "judge", id=f"u{n}", place=n, order=n, unit="court") for n in (2, 3)),
    )
    blocks = (Block("j", "BO", "judge", 5), Block("p", "BO", "police", 1))
    held = {Holders("p", "BO", "police"): 1}
    minima = {YEARS: Amount(2), UNIT: Amount(1)}
    problem = Problem(people, blocks, held, (Traits("BO", "police"),), minima=minima)
    told = said(problem)
    assert "Takes part in another course in these years: nobody twice in 2 years." in told["again"]
    assert "No seat of the course is for their country and function." in told["nowhere"]
    assert told["full"] == (
        "Not ranked on the list of Bolivia. "
        "The seats that they could have are offered, confirmed or held already."
    )
    assert "As many of their unit as may be have a seat: at most one of a unit." in told["u3"]
    assert choice_solver.changes(problem, "again", 20) == [Change(YEARS)]
    assert Change(UNIT, Amount(2)) in choice_solver.changes(problem, "u3", 20)
    assert choice_solver.changes(problem, "full", 20) == [Change(SEAT)]


def test_each_change_is_enough_and_one_step_less_is_not() -> None:
    problem = course(0, candidates=60, seats=20)
    found = choice_solver.choose(problem, 20)
    assert found is not None
    why = reason_rules.reasons(Choice(problem, found.taken))
    tried = 0
    for key in [key for key, one in why.items() if WOMEN in dict(one.rules)][:4]:
        for change in choice_solver.changes(problem, key, 20):
            if change.what != WOMEN or change.asked is None or key in found.taken:
                continue
            tried += 1
            for amount, taken in ((change.asked, True), (_more(change.asked), False)):
                asked = replace(problem, minima={**problem.minima, WOMEN: amount})
                again = choice_solver.choose(asked, 20)
                assert again is not None and (key in again.taken) is taken
    assert tried


def _more(amount: Amount) -> Amount:
    return amount._replace(number=amount.number + 1)


def test_changes_and_conflicts_in_words() -> None:
    minima = {YEARS: Amount(2), WOMEN: Amount(40, percent=True)}

    def words(one: Change) -> str:
        return reason_rules.change_words(one, Group("BO", "judge"), minima, FUNCTIONS)

    assert words(Change(SEAT)) == ("Would be taken if one more seat were kept for Bolivia, Judge.")
    assert words(Change(PLACE, Amount(2))) == "Would be taken as no. 2 on the list of Bolivia."
    assert words(Change(SCORE, Amount(9))) == "Would be taken if the readers gave: score 4.5."
    assert words(Change(YEARS)) == "Would be taken without the rule: nobody twice in 2 years."
    impossible = Impossible("judge", Amount(12), Amount(10))
    assert reason_rules.impossible_words(impossible, FUNCTIONS) == (
        "Judge: at least 12. Possible: Judge: at least 10"
    )
    assert reason_rules.impossible_words(impossible._replace(possible=None), FUNCTIONS) == (
        "Judge: at least 12"
    )


def test_there_is_a_reason_for_everyone_in_a_large_course() -> None:
    problem = course(5, candidates=300, seats=60)
    found = choice_solver.choose(problem, 20)
    assert found is not None
    why = reason_rules.reasons(Choice(problem, found.taken))
    assert len(why) == 300
    empty = [
        key for key, one in why.items() if one.why in (Why.RULES, Why.BEHIND) and not one.rules
    ]
    assert empty == []
