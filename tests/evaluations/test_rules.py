"""The questionnaire: what is asked, when, and what the answers come to."""

from __future__ import annotations

from datetime import date

import pytest

from tests.evaluations.evaluating import answers
from trainings.core.text import TextRefused
from trainings.evaluations import rules
from trainings.evaluations.rules import Answers, Question, Statement
from trainings.registrations.rules import State

LAST = date(2027, 2, 4)


@pytest.mark.parametrize("state", [State.CONFIRMED, State.ATTENDED])
def test_it_opens_on_the_last_day_and_stays_open(state: State) -> None:
    with pytest.raises(rules.NotYet):
        rules.check_open(True, state, LAST, date(2027, 2, 3))
    rules.check_open(True, state, LAST, LAST)
    rules.check_open(True, state, LAST, date(2028, 1, 1))


@pytest.mark.parametrize("state", sorted(set(State) - {State.CONFIRMED, State.ATTENDED}))
def test_only_who_takes_part_gives_one(state: State) -> None:
    with pytest.raises(rules.NotOfTheCourse):
        rules.check_open(True, state, LAST, LAST)


def test_a_course_that_asks_for_none_has_none() -> None:
    with pytest.raises(rules.NotAsked):
        rules.check_open(False, State.ATTENDED, LAST, LAST)


@pytest.mark.parametrize("statement", list(Statement))
@pytest.mark.parametrize("rating", [None, 0, 6, -1])
def test_each_statement_is_rated_from_one_to_five(statement: Statement, rating: int | None) -> None:
    given = dict(answers().ratings)
    if rating is None:
        del given[statement]
    else:
        given[statement] = rating
    with pytest.raises(rules.RatingMissing) as caught:
        rules.checked(Answers(given))
    assert caught.value.field == statement


def test_texts_are_cleaned_and_empty_ones_left_out() -> None:
    kept = rules.checked(answers(3, "  The  map \r\n of routes ", "   "))
    assert kept.texts == {Question.FIRST_USE: "The map\nof routes"}
    assert set(kept.ratings.values()) == {3}


def test_a_text_that_does_not_fit_is_refused_at_its_field() -> None:
    with pytest.raises(TextRefused) as caught:
        rules.checked(answers(3, change="x" * (rules.LONGEST + 1)))
    assert caught.value.field == "change"


def test_ratings_come_to_counts_and_a_mean() -> None:
    given = [answers(rating) for rating in (1, 4, 4, 5, 5)]
    found = rules.summary(given)
    for tally in found.tallies:
        assert list(tally.counts) == [1, 0, 0, 2, 2]
        assert tally.total == 5
        assert tally.mean == pytest.approx(3.8)
    assert found.mean == pytest.approx(3.8) and found.of(Statement.LEVEL).points == 19
    nothing = rules.summary([])
    assert [tally.mean for tally in nothing.tallies] == [None] * len(Statement)
    assert nothing.mean is None and nothing.shown == 0


def test_summaries_add_up_to_that_of_all() -> None:
    given = [
        rules.checked(answers(1 + place % 5, "x" * (place % 2), "y" * (place % 3)))
        for place in range(13)
    ]
    found = rules.together(rules.summary(given[:5]), rules.summary(given[5:]))
    assert found == rules.summary(given)
    assert found.wrote == {Question.FIRST_USE: 6, Question.CHANGE: 8}


def test_the_order_of_what_people_wrote_says_nothing() -> None:
    given = [answers(3, text) for text in ("routes", "Banks", "", "archives")]
    texts = rules.sayings([rules.checked(one) for one in given], Question.FIRST_USE)
    assert texts == ["archives", "Banks", "routes"]
    assert rules.sayings([rules.checked(one) for one in given], Question.CHANGE) == []


def test_everything_that_is_asked_has_its_words() -> None:
    words = [str(one.label) for one in [*Statement, *Question]]
    assert len(set(words)) == len(Statement) + len(Question)
    assert all(words)
