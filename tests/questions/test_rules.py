"""Questions and answers in plain values: what may be written, changed, answered, and is said."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.questions.asking import OPTIONS, asking
from trainings.core.errors import Refusal
from trainings.courses.rules import CourseState
from trainings.questions import change_rules, rules
from trainings.questions.answer_rules import Typed, as_typed, choices_in, kept, said
from trainings.questions.rules import AskedOf, KeptFor, Option, QuestionKind, SeenBy
from trainings.questions.usual_rules import SETS, WORDINGS, Usual
from trainings.registrations.rules import State

K = QuestionKind


def changed(answered: int = 3, chosen: dict[str, int] | None = None, **values: Any) -> None:
    """Change a question of two options, of the selected, seen by organisers, kept for a month."""
    fits = values.pop("fits", False)
    before, after = asking(K.ONE), asking(K.ONE, **values)
    change_rules.check_change(before, after, answered, chosen or {}, fits=fits)


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"asked_of": AskedOf.CANDIDATE}, change_rules.KindFixed),
        ({"seen_by": SeenBy.FOCAL_POINTS}, change_rules.SeenPromised),
        ({"kept_for": KeptFor.YEAR}, change_rules.KeptPromised),
        ({"titles": {"en": "Something else"}}, change_rules.WordsAnswered),
        ({"options": OPTIONS[:1], "chosen": {"2": 1}}, change_rules.OptionChosen),
    ],
)
def test_what_people_were_told_and_answered_holds(
    values: dict[str, Any], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        changed(**values)
    changed(0, **{name: value for name, value in values.items() if name != "chosen"})


@pytest.mark.parametrize(
    "values",
    [
        {"seen_by": SeenBy.LEAD},
        {"kept_for": KeptFor.COURSE},
        {"required": False},
        {"going_on": False},
        {"hints": {"en": "A better hint"}},
        {"titles": {"en": "Better words"}, "fits": True},
        {"options": OPTIONS[:1], "chosen": {"1": 2}, "fits": True},
    ],
)
def test_fewer_eyes_a_shorter_time_and_better_words_are_allowed(values: dict[str, Any]) -> None:
    changed(**values)


def test_a_question_needs_words_and_a_focal_point_sends_no_file() -> None:
    with pytest.raises(change_rules.TitleMissing):
        change_rules.check_whole(asking(titles={}))
    with pytest.raises(change_rules.FileOfFocalPoint):
        change_rules.check_whole(asking(K.FILE, asked_of=AskedOf.FOCAL_POINT))
    change_rules.check_whole(asking(K.FILE))


def test_an_option_keeps_its_code_as_long_as_it_keeps_its_words_in_one_language() -> None:
    lines = {"en": ["Middle", "Window seat", "Aisle"], "es": ["Medio", "Ventana", "Pasillo"]}
    found = change_rules.options_from(lines, OPTIONS)
    assert [one.code for one in found] == ["3", "1", "2"]
    assert found[1].texts == {"en": "Window seat", "es": "Ventana"}


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        ({}, change_rules.OptionsMissing),
        ({"en": ["Only one"]}, change_rules.OptionsMissing),
        ({"en": [str(one) for one in range(41)]}, change_rules.TooManyOptions),
        ({"en": ["A", "B"], "es": ["A"]}, change_rules.OptionsDisagree),
        ({"en": ["A", "a"]}, change_rules.OptionTwice),
    ],
)
def test_options_that_cannot_be_chosen_from(
    lines: dict[str, list[str]], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        change_rules.options_from(lines)


@given(st.lists(st.text(min_size=1, max_size=5), min_size=2, max_size=9, unique_by=str.casefold))
def test_no_two_options_share_a_code(texts: list[str]) -> None:
    try:
        found = change_rules.options_from({"en": texts}, OPTIONS)
    except Refusal:
        return
    assert len({one.code for one in found}) == len(found)


@pytest.mark.parametrize(
    ("kind", "typed", "value", "words"),
    [
        (K.SHORT, Typed("  A bus "), "A bus", "A bus"),
        (K.SHORT, Typed(" "), None, ""),
        (K.LONG, Typed("One\r\nTwo"), "One\nTwo", "One\nTwo"),
        (K.NUMBER, Typed(0), 0, "0"),
        (K.NUMBER, Typed(None), None, ""),
        (K.DATE, Typed(date(2027, 2, 1)), "2027-02-01", "1 February 2027"),
        (K.ONE, Typed("1"), "1", "Window"),
        (K.ONE, Typed("9"), None, ""),
        (K.SEVERAL, Typed(["2", "9", "1"]), ["2", "1"], "Window, Aisle"),
        (K.SEVERAL, Typed([]), None, ""),
        (K.YES_NO, Typed("no", "left over"), {"yes": False, "more": ""}, "No"),
        (K.YES_NO, Typed("yes", "A ramp"), {"yes": True, "more": "A ramp"}, "Yes: A ramp"),
        (K.YES_NO, Typed(""), None, ""),
    ],
)
def test_what_is_kept_of_an_answer_and_how_it_is_said(
    app: Any, kind: K, typed: Typed, value: Any, words: str
) -> None:
    question = asking(kind)
    assert kept(question, typed) == value
    assert said(question, value) == words
    if value is not None:
        assert kept(question, as_typed(question, value)) == value


def test_yes_has_to_be_followed_up(app: Any) -> None:
    with pytest.raises(rules.FollowUpMissing) as told:
        kept(asking(K.YES_NO), Typed("yes", " "))
    assert "What exactly?" in str(told.value)
    assert kept(asking(K.YES_NO, follow_ups={}), Typed("yes")) == {"yes": True, "more": ""}


def test_answers_are_filtered_by_what_was_chosen() -> None:
    assert choices_in(asking(K.ONE), "2") == ["2"]
    assert choices_in(asking(K.SEVERAL), ["1", "2"]) == ["1", "2"]
    assert choices_in(asking(K.YES_NO), {"yes": True, "more": "A ramp"}) == ["yes"]
    assert choices_in(asking(K.SHORT), "words") == []


@pytest.mark.parametrize(
    ("state", "candidate", "selected"),
    [
        (State.NOMINATED, True, False),
        (State.OFFERED, True, False),
        (State.CONFIRMED, True, True),
        (State.REJECTED, False, False),
        (State.WITHDRAWN, False, False),
        (State.ATTENDED, False, False),
    ],
)
def test_who_is_asked_when(state: State, candidate: bool, selected: bool) -> None:
    for of, asked in ((AskedOf.CANDIDATE, candidate), (AskedOf.SELECTED, selected)):
        if asked:
            rules.check_asked(asking(asked_of=of), state, CourseState.PUBLISHED, False)
        else:
            with pytest.raises(rules.NotAsked):
                rules.check_asked(asking(asked_of=of), state, CourseState.PUBLISHED, False)


def test_nothing_is_answered_after_the_course_or_once_it_is_not_asked() -> None:
    with pytest.raises(rules.CourseIsOver):
        rules.check_asked(asking(), State.CONFIRMED, CourseState.RUNNING, True)
    with pytest.raises(rules.CourseIsOver):
        rules.check_asked(asking(), State.CONFIRMED, CourseState.CANCELLED, False)
    with pytest.raises(rules.NotAsked):
        rules.check_asked(asking(going_on=False), State.CONFIRMED, CourseState.PUBLISHED, False)


@pytest.mark.parametrize(
    ("seen_by", "lead", "co", "focal"),
    [
        (SeenBy.LEAD, True, False, False),
        (SeenBy.ORGANISERS, True, True, False),
        (SeenBy.FOCAL_POINTS, True, True, True),
    ],
)
def test_who_sees_an_answer(seen_by: SeenBy, lead: bool, co: bool, focal: bool) -> None:
    assert rules.sees(seen_by, lead=True, focal_point=False) is lead
    assert rules.sees(seen_by, lead=False, focal_point=False) is co
    assert rules.sees(seen_by, lead=False, focal_point=True) is focal


def test_answers_are_erased_so_many_days_after_the_course() -> None:
    last = date(2027, 2, 4)
    assert rules.erased_on(KeptFor.COURSE, last) == date(2027, 2, 5)
    assert rules.erased_on(KeptFor.MONTH, last) == date(2027, 3, 6)


def test_each_usual_question_stands_in_one_set_and_passports_are_seen_by_the_lead_alone() -> None:
    together = [one for usual in SETS.values() for one in usual]
    assert sorted(together) == sorted(Usual) and set(WORDINGS) == set(Usual)
    for one in (Usual.PASSPORT, Usual.PASSPORT_UNTIL, Usual.EMERGENCY, Usual.EMERGENCY_PHONE):
        assert WORDINGS[one].seen_by is SeenBy.LEAD
        assert WORDINGS[one].kept_for is KeptFor.COURSE


def test_details_of_who_no_longer_comes_are_not_needed() -> None:
    gone = {one for one in State if rules.no_longer_comes(one)}
    ended = {State.REJECTED, State.DECLINED, State.EXPIRED, State.WITHDRAWN, State.CANCELLED}
    assert gone == ended | {State.NO_SHOW}


def test_options_are_said_in_any_language_there_is(app: Any) -> None:
    question = asking(K.ONE, options=(Option("1", {"es": "Ventana"}), Option("2", {"en": "B"})))
    assert said(question, "1") == "Ventana"
