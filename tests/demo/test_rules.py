"""The demo's days."""

from datetime import date, timedelta

import pytest

from trainings.demo import rules

FIRST = date(2027, 3, 3)  # a Wednesday


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        ({"days": 0}, date(2027, 3, 3)),
        ({"days": -3}, date(2027, 2, 28)),
        ({"days": 0, "weekday": "wednesday"}, date(2027, 3, 3)),
        ({"days": 0, "weekday": "thursday"}, date(2027, 2, 25)),
        ({"days": 0, "weekday": "monday", "plus": 3}, date(2027, 3, 4)),
    ],
)
def test_day(offset: dict[str, object], expected: date) -> None:
    assert rules.day(FIRST, offset) == expected


def test_a_course_begins_on_a_monday_whatever_the_day_of_the_load() -> None:
    for number in range(14):
        first = FIRST + timedelta(days=number)
        begins = rules.day(first, {"days": -60, "weekday": "monday"})
        assert begins.weekday() == 0
        assert 0 <= (first - timedelta(days=60) - begins).days < 7


def test_moment_is_wall_time_in_the_zone() -> None:
    at = rules.moment(FIRST, "09:30", "America/Argentina/Buenos_Aires")
    assert at.isoformat() == "2027-03-03T09:30:00-03:00"
