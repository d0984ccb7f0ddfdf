"""Who was there: what marks come to, to the minute."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainings.attendance import rules
from trainings.attendance.rules import Mark, Share


def test_present_and_late_count_whole_and_nothing_else_does():
    assert {Mark.PRESENT, Mark.LATE} == rules.COUNTS


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
    assert Share(attended, planned).reaches(80) is reached


def test_no_share_asked_is_always_reached_where_something_was_planned():
    assert Share(0, 60).reaches(0)
    assert not Share(0, 0).reaches(0)


@given(st.integers(0, 5000), st.integers(1, 5000), st.integers(0, 100))
def test_the_comparison_is_exact_and_what_is_shown_agrees_with_it(attended, planned, threshold):
    exact = Fraction(attended, planned) >= Fraction(threshold, 100)
    assert Share(attended, planned).reaches(threshold) is exact
    assert (Share(attended, planned).percent >= threshold) is exact


def test_every_mark_has_its_word():
    assert len({str(mark.label) for mark in Mark}) == 4
