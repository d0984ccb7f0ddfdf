"""Who was there: what marks come to, to the minute."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainings.attendance import rules
from trainings.attendance.rules import Attended, Mark


def test_present_and_late_count_whole_and_nothing_else_does():
    day = [
        Attended(60, True, Mark.PRESENT),
        Attended(45, True, Mark.LATE),
        Attended(30, True, Mark.ABSENT),
        Attended(20, True, Mark.EXCUSED),
        Attended(15, True, None),
        Attended(10, False, Mark.PRESENT),
    ]
    assert rules.attended_minutes(day) == 105
    assert rules.planned_minutes(day) == 170


@pytest.mark.parametrize(
    ("attended", "planned", "reached"),
    [
        (80, 100, True),
        (79, 100, False),
        (1152, 1440, True),
        (1151, 1440, False),
        (0, 1440, False),
        (1440, 1440, True),
        (0, 0, False),
    ],
)
def test_eighty_per_cent_is_eighty_per_cent(attended, planned, reached):
    assert rules.reaches(attended, planned, 80) is reached


def test_no_share_asked_is_always_reached_where_something_was_planned():
    assert rules.reaches(0, 60, 0)
    assert not rules.reaches(0, 0, 0)


@given(st.integers(0, 5000), st.integers(1, 5000), st.integers(0, 100))
def test_the_comparison_is_exact_and_what_is_shown_agrees_with_it(attended, planned, threshold):
    exact = Fraction(attended, planned) >= Fraction(threshold, 100)
    assert rules.reaches(attended, planned, threshold) is exact
    assert (rules.percentage(attended, planned) >= threshold) is exact


@pytest.mark.parametrize(
    ("marks", "there"),
    [
        ([], False),
        ([None], False),
        ([Mark.ABSENT, Mark.EXCUSED, None], False),
        ([Mark.ABSENT, Mark.LATE], True),
        ([Mark.PRESENT], True),
    ],
)
def test_any_present_or_late_makes_someone_have_attended(marks, there):
    assert rules.was_there(marks) is there


def test_every_mark_has_its_word():
    assert len({str(mark.label) for mark in Mark}) == 4
