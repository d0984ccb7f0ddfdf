"""What has to be so before a course moves on."""

from datetime import date

import pytest
from msgspec.structs import replace

from trainings.core.conditions import all_met
from trainings.courses.rules import CourseMove, CourseState, MoveRefused
from trainings.desk.checklist_rules import ConditionsUnmet, CourseFacts, check_course, checklist

EVE, FIRST, LAST = date(2026, 5, 3), date(2026, 5, 4), date(2026, 5, 7)
READY = CourseFacts(
    today=FIRST,
    starts_on=FIRST,
    ends_on=LAST,
    registration_closes_on=date(2026, 5, 1),
    has_title=True,
    has_place=True,
    capacity=60,
    seats_in_blocks=60,
    confirmed=58,
    sessions=12,
)
SOON = replace(READY, today=date(2026, 3, 1))
DONE = replace(READY, today=LAST)

GOOD = {
    CourseMove.PUBLISH: (CourseState.DRAFT, SOON),
    CourseMove.CLOSE_REGISTRATION: (CourseState.PUBLISHED, READY),
    CourseMove.REOPEN_REGISTRATION: (CourseState.REGISTRATION_CLOSED, SOON),
    CourseMove.START: (CourseState.REGISTRATION_CLOSED, READY),
    CourseMove.COMPLETE: (CourseState.RUNNING, DONE),
    CourseMove.REOPEN: (CourseState.COMPLETED, DONE),
    CourseMove.CANCEL: (CourseState.PUBLISHED, SOON),
}


@pytest.mark.parametrize("move", CourseMove)
def test_with_everything_in_place_each_move_is_free(move):
    state, facts = GOOD[move]
    assert all(one.met and one.advice == "" for one in checklist(move, facts))
    assert check_course(move, state, facts) is not state


BAD = [
    (CourseMove.PUBLISH, {"has_title": False}),
    (CourseMove.PUBLISH, {"has_place": False}),
    (CourseMove.PUBLISH, {"starts_on": None}),
    (CourseMove.PUBLISH, {"ends_on": None}),
    (CourseMove.PUBLISH, {"today": date(2026, 5, 5), "registration_closes_on": None}),
    (CourseMove.PUBLISH, {"seats_in_blocks": 59}),
    (CourseMove.PUBLISH, {"seats_in_blocks": 61}),
    (CourseMove.PUBLISH, {"seats_in_blocks": 0, "capacity": 0}),
    (CourseMove.PUBLISH, {"registration_closes_on": date(2026, 2, 28)}),
    (CourseMove.REOPEN_REGISTRATION, {"registration_closes_on": date(2026, 2, 28)}),
    (CourseMove.REOPEN_REGISTRATION, {"today": FIRST, "registration_closes_on": LAST}),
    (CourseMove.START, {"today": EVE}),
    (CourseMove.START, {"starts_on": None}),
    (CourseMove.START, {"confirmed": 0}),
    (CourseMove.START, {"sessions": 0}),
    (CourseMove.COMPLETE, {"today": date(2026, 5, 6)}),
    (CourseMove.COMPLETE, {"sessions_unmarked": 1}),
    (CourseMove.COMPLETE, {"open_offers": 1}),
    (CourseMove.REOPEN, {"certificates": 1}),
    (CourseMove.CANCEL, {"certificates": 1}),
    (CourseMove.CANCEL, {"has_reason": False}),
]


@pytest.mark.parametrize(("move", "change"), BAD)
def test_one_thing_missing_holds_the_course_back_and_says_what(move, change):
    state, facts = GOOD[move]
    facts = replace(facts, **change)
    conditions = checklist(move, facts)
    unmet = [one for one in conditions if one.binding and not one.met]
    assert len(unmet) == 1
    with pytest.raises(ConditionsUnmet) as refused:
        check_course(move, state, facts)
    assert unmet[0].advice
    assert unmet[0].advice in str(refused.value)
    assert "%(" not in str(refused.value)


ADVICE = [
    (CourseMove.PUBLISH, {"sessions": 0}),
    (CourseMove.CLOSE_REGISTRATION, {"registration_closes_on": LAST}),
    (CourseMove.START, {"clashes": 2}),
    (CourseMove.START, {"sessions_without_trainer": 2}),
    (CourseMove.START, {"undecided": 2}),
    (CourseMove.START, {"open_offers": 2}),
    (CourseMove.START, {"asks_test": True}),
    (CourseMove.COMPLETE, {"asks_test": True}),
    (CourseMove.COMPLETE, {"asks_test": True, "tests": 1, "results_missing": 3}),
]


@pytest.mark.parametrize(("move", "change"), ADVICE)
def test_what_is_only_worth_a_look_does_not_hold_the_course_back(move, change):
    state, facts = GOOD[move]
    facts = replace(facts, **change)
    conditions = checklist(move, facts)
    assert sum(not one.met for one in conditions) == 1
    assert all_met(conditions)
    check_course(move, state, facts)


def test_the_last_day_of_registration_itself_is_not_past():
    facts = replace(SOON, registration_closes_on=SOON.today)
    assert all_met(checklist(CourseMove.PUBLISH, facts))


def test_a_wrong_state_is_refused_even_with_everything_in_place():
    with pytest.raises(MoveRefused):
        check_course(CourseMove.COMPLETE, CourseState.PUBLISHED, DONE)


def test_the_numbers_stand_in_the_sentence():
    seats = checklist(CourseMove.PUBLISH, replace(SOON, seats_in_blocks=59))[3]
    assert "59 of 60" in seats.text
    assert "59" in seats.advice
