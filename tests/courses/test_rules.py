"""A course: its states and moves, its days, its deadlines, its code."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from trainings.courses import rules
from trainings.courses.rules import CourseDates, CourseMove, CourseState, check_move

ALLOWED = {
    ("publish", "draft"): "published",
    ("close_registration", "published"): "registration_closed",
    ("reopen_registration", "registration_closed"): "published",
    ("start", "registration_closed"): "running",
    ("complete", "running"): "completed",
    ("reopen", "completed"): "running",
    ("cancel", "draft"): "cancelled",
    ("cancel", "published"): "cancelled",
    ("cancel", "registration_closed"): "cancelled",
    ("cancel", "running"): "cancelled",
}


@pytest.mark.parametrize("move", CourseMove)
@pytest.mark.parametrize("state", CourseState)
def test_a_move_leads_on_only_from_its_states(move, state):
    expected = ALLOWED.get((move, state))
    assert (move in rules.moves_from(state)) is (expected is not None)
    if expected is None:
        with pytest.raises(rules.MoveRefused) as refused:
            check_move(move, state)
        assert str(state.label) in str(refused.value)
    else:
        assert check_move(move, state) == expected


def test_everything_that_is_shown_has_its_own_words():
    for enum in (CourseState, CourseMove, rules.Visibility, rules.Placing):
        labels = [str(one.label) for one in enum]
        assert len(set(labels)) == len(labels)
        assert not {one.value for one in enum} & set(labels)


DATES = CourseDates(
    starts_on=date(2026, 5, 4),
    ends_on=date(2026, 5, 7),
    registration_opens_on=date(2026, 3, 1),
    registration_closes_on=date(2026, 4, 10),
    release_on=date(2026, 4, 17),
)


def test_days_that_agree_pass():
    assert not rules.date_faults(DATES)
    assert not rules.date_faults(replace(DATES, ends_on=DATES.starts_on))
    assert not rules.date_faults(replace(DATES, registration_closes_on=DATES.registration_opens_on))
    assert not rules.date_faults(replace(DATES, registration_closes_on=date(2026, 5, 3)))
    assert not rules.date_faults(replace(DATES, release_on=date(2026, 5, 3)))
    assert not rules.date_faults(CourseDates(DATES.starts_on, DATES.ends_on))


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"ends_on": date(2026, 5, 3)}, rules.EndsBeforeStart),
        ({"registration_closes_on": date(2026, 2, 28)}, rules.RegistrationClosesBeforeOpening),
        ({"registration_closes_on": date(2026, 5, 4)}, rules.RegistrationClosesAfterStart),
        (
            {"registration_opens_on": date(2026, 5, 4), "registration_closes_on": None},
            rules.RegistrationClosesAfterStart,
        ),
        ({"release_on": date(2026, 5, 4)}, rules.ReleaseAfterStart),
    ],
)
def test_days_that_contradict_each_other_are_refused(change, refusal):
    faults = rules.date_faults(replace(DATES, **change))
    assert refusal in [type(one) for one in faults]
    assert {one.field for one in faults} & {
        *change
    } or refusal is rules.RegistrationClosesAfterStart


def test_registration_is_open_from_its_first_day_to_the_last_second_of_its_last():
    zone = "America/Argentina/Buenos_Aires"
    first, last = datetime(2026, 3, 1, 3, tzinfo=UTC), datetime(2026, 4, 11, 2, 59, 59, tzinfo=UTC)
    second = timedelta(seconds=1)
    assert [rules.is_open(DATES, zone, now) for now in (first - second, first, last)] == [
        False,
        True,
        True,
    ]
    assert not rules.is_open(DATES, zone, last + second)


def test_without_dates_registration_is_open_until_the_eve():
    dates = CourseDates(DATES.starts_on, DATES.ends_on)
    assert rules.is_open(dates, "UTC", datetime(2020, 1, 1, tzinfo=UTC))
    assert rules.is_open(dates, "UTC", datetime(2026, 5, 3, 23, 59, 59, tzinfo=UTC))
    assert not rules.is_open(dates, "UTC", datetime(2026, 5, 4, tzinfo=UTC))


@pytest.mark.parametrize("code", ["BA1", "BUE-2026", "2026", "A-B", "ABCDEFGH-1234567"])
def test_codes_that_can_be_printed_and_typed(code):
    assert rules.check_code(code) == code


@pytest.mark.parametrize(
    "code",
    [
        "",
        "BA",
        "ABCDEFGH-12345678",
        "ba1",
        "BA 1",
        "BA_1",
        "-BA1",
        "BA1-",
        "BA--1",
        "ÑA1",
        "BA1\n",
        "ＢＡ１",
        "BA١",
    ],
)
def test_codes_that_cannot(code):
    with pytest.raises(rules.CodeRefused):
        rules.check_code(code)
