"""Who was there: what marks come to, to the minute."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainings.attendance import rules
from trainings.attendance.rules import Mark, Share, day_in_view


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


@pytest.mark.parametrize(
    ("today", "wanted", "shown"),
    [
        (26, "", 26),
        (24, "", 25),  # before the course: its first day
        (27, "", 28),  # a day without sessions: the next one
        (31, "", 28),  # after the course: its last day
        (26, "2027-01-28", 28),
        (26, "2027-01-27", 26),  # not a day of the course
        (26, "x", 26),
    ],
)
def test_the_day_a_phone_shows(today: int, wanted: str, shown: int) -> None:
    days = [date(2027, 1, day) for day in (25, 26, 28)]
    assert day_in_view(days, date(2027, 1, today), wanted) == date(2027, 1, shown)
