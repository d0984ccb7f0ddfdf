"""How the readers' scores weigh beside the countries' lists, and how the reasons say it."""

from __future__ import annotations

import random

import pytest
from flask import Flask
from msgspec.structs import replace

from tests import factories
from tests.registrations import acting
from tests.selection_proposals.desk import Desk
from tests.selection_proposals.problems import judges, open_seats
from trainings.candidate_reviews.models import CandidateReview
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Role
from trainings.seats.placing_rules import Block
from trainings.selection_proposals import choice_solver, operations, queries, reason_rules
from trainings.selection_proposals.choice_rules import Choice
from trainings.selection_proposals.reason_rules import Reason, Why, reason_from
from trainings.selection_proposals.rules import SCORE, WOMEN, Amount, Eligible, Outdated, Problem

TWO = (Block("j", "BO", "judge", 2),)


@pytest.fixture(autouse=True)
def speaking(app: Flask) -> None:
    """Sentences need a language."""


def scored(*scores: int | None, country: str = "BO") -> tuple[Eligible, ...]:
    """Judges in the order of their list, with both readers' scores added."""
    made = zip(judges(len(scores), country), scores, strict=True)
    return tuple(replace(one, score=score) for one, score in made)


def taken(problem: Problem) -> set[str]:
    found = choice_solver.choose(problem, 20)
    assert found is not None
    return set(found.taken)


def said(problem: Problem) -> dict[str, str]:
    why = reason_rules.reasons(Choice(problem, taken(problem)))
    assert {key: reason_from(one.plain) for key, one in why.items()} == why
    return {key: reason_rules.words(one, {}) for key, one in why.items()}


def test_one_point_of_the_mean_weighs_as_two_places() -> None:
    one = Block("j", "BO", "judge", 1)
    assert taken(Problem(scored(6, 6, 7), (one,))) == {"BO1"}
    assert taken(Problem(scored(6, 6, 8), (one,))) == {"BO1"}, "among equals the better place"
    assert taken(Problem(scored(6, 6, 9), (one,))) == {"BO3"}
    assert taken(Problem(scored(5, 6, 6), (one,))) == {"BO1"}
    assert taken(Problem(scored(4, 6, 7), (one,))) == {"BO2"}


def test_the_order_of_a_list_is_not_inverted_without_a_score_that_does_it() -> None:
    chance = random.Random(random.SystemRandom().randrange(10**6))
    for _round in range(40):
        scores = [chance.choice((2, 4, 6, 8, 10)) for _one in range(5)]
        people = scored(*scores)
        found = taken(Problem(people, TWO))
        for one in people:
            for other in people:
                if other.id in found and one.id not in found and one.standing < other.standing:
                    gained = (other.score or 0) - (one.score or 0)
                    assert gained > other.standing - one.standing, scores
    assert taken(Problem(scored(None, None, None), TWO)) == {"BO1", "BO2"}
    assert taken(Problem(scored(2, 2, 2), TWO)) == {"BO1", "BO2"}


def test_a_score_never_outweighs_a_person_more() -> None:
    blocks = (Block("a", "BO", "judge", 1), Block("b", "PE", "judge", 1))
    problem = Problem((*scored(2), *scored(10, 10, country="PE")), blocks)
    assert taken(problem) == {"BO1", "PE1"}


def test_the_sentences_say_what_the_scores_did() -> None:
    told = said(Problem(scored(4, 6, 10), TWO))
    assert told["BO3"] == (
        "No. 3 on the list of Bolivia, score 5. Comes before a better place because of the "
        "readers' scores: one point of the mean weighs as two places."
    )
    assert told["BO1"] == (
        "No. 1 on the list of Bolivia, score 2. The 2 seats that they could have went to no. 3 "
        "(score 5) and no. 2 (score 3) of the same list. One point of the mean score weighs as two "
        "places."
    )
    told = said(Problem((*scored(7), *scored(8, country="BR")), open_seats(1)))
    assert told["BO1"] == (
        "No. 1 on the list of Bolivia, score 3.5. The one seat that they could have went to a "
        "place that is better, scores weighed in, or was registered earlier (Brazil: no. 1 (score "
        "4)). One point of the mean score weighs as two places."
    )
    many = said(Problem((*scored(2), *scored(*[10] * 8, country="BR")), open_seats(8)))
    assert many["BO1"].startswith("No. 1 on the list of Bolivia, score 1. The 8 seats")


def test_minima_and_scores_are_told_apart() -> None:
    woman = replace(scored(2)[0], id="w", place=3, woman=True)
    problem = Problem((*scored(8, 9), woman), TWO, minima={WOMEN: Amount(1)})
    told = said(problem)
    assert told["w"].endswith(
        "Comes before others who are placed better, scores weighed in, because of: "
        "women: at least 1."
    )
    assert told["BO2"].endswith(
        "Others who are placed worse, scores weighed in, come first because of: women: at least 1."
    )


def test_a_reason_of_before_there_were_scores_is_read() -> None:
    kept = ["places", "BO", 3, [], 2, [["BO", 1], ["BO", 2]]]
    found = reason_from(kept)
    assert found == Reason(Why.PLACES, "BO", 3, (), 2, (("BO", 1, None), ("BO", 2, None)))
    assert reason_rules.words(found, {}).endswith("went to no. 1 and no. 2 of the same list.")


def _score(desk: Desk, readers: list[str], **scores: tuple[int, int]) -> None:
    found = {name: acting.registration(desk.numbers[name]).id for name in scores}
    with transaction() as session:
        for name, both in scores.items():
            for account_id, score in zip(readers, both, strict=True):
                session.add(
                    CandidateReview(
                        id=new_key(),
                        course_id=desk.course,
                        registration_id=found[name],
                        account_id=account_id,
                        score=score,
                    )
                )


def test_scores_weigh_once_a_whole_list_was_read(each_app: Flask, desk: Desk) -> None:
    readers = [
        factories.account(Role.ORGANISER, agency="IOM").account_id or "" for _one in range(2)
    ]
    _score(desk, readers, first=(1, 1), second=(3, 3), officer=(5, 5), colleague=(5, 5))
    desk.propose()
    assert desk.taken() == {"first", "second", "officer"}, "the third was not read yet"
    _score(desk, readers, third=(5, 4))
    db.session.close()
    with pytest.raises(Outdated):
        operations.accept(desk.course, desk.by)
    desk.propose()
    assert desk.taken() == {"third", "second", "officer"}
    operations.accept(desk.course, desk.by)
    (decision,) = queries.decisions(desk.course)
    rows = {one.number: one.reason for one in queries.decided(decision)}
    assert rows[desk.numbers["third"]].why is Why.SCORED
    assert rows[desk.numbers["third"]].score == 9


def test_a_better_score_that_is_enough_is_told_and_one_less_is_not() -> None:
    problem = Problem(scored(6, 6, 3), TWO)
    changes = choice_solver.changes(problem, "BO3", 20)
    (score,) = [one.asked for one in changes if one.what == SCORE]
    assert score is not None
    for number, is_taken in ((score.number, True), (score.number - 1, False)):
        people = (*scored(6, 6), replace(scored(6, 6, number)[2]))
        assert ("BO3" in taken(Problem(people, TWO))) is is_taken, number
    unread = Problem(scored(6, 6, None), TWO)
    assert SCORE in [one.what for one in choice_solver.changes(unread, "BO3", 20)]
    without = Problem(scored(None, None, None), TWO)
    assert SCORE not in [one.what for one in choice_solver.changes(without, "BO3", 20)]


def test_who_is_scored_as_well_as_can_be_is_told_of_no_better_score() -> None:
    problem = Problem((*scored(10, 10), *judges(12, "BR")[11:]), open_seats(1))
    assert SCORE not in [one.what for one in choice_solver.changes(problem, "BO2", 20)]
