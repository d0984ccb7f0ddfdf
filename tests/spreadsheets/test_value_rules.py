"""Times and days as people type them; what no clock or calendar shows is no time and no day."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from trainings.spreadsheets.rules import Cell
from trainings.spreadsheets.value_rules import clock_time, day_of, times_of

STARTS = date(2027, 1, 18)  # a Monday


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("09:30", "09:30", None),
        ("9.30", "09:30", None),
        ("9h30", "09:30", None),
        ("9h", "09:00", None),
        ("0930", "09:30", None),
        ("09:30:00", "09:30", None),
        ("2:00 p. m.", "14:00", None),
        ("2 PM", "14:00", None),
        ("12:00 p.m.", "12:00", None),
        ("12:30 a. m.", "00:30", None),
        ("12 m.", "12:00", None),
        ("mediodía", "12:00", None),
        ("13:00 p. m.", "13:00", None),
        ("0,375", "09:00", None),
        ("0.4375", "10:30", None),
        (0.520833333, "12:30", None),
        (time(9, 30), "09:30", None),
        (datetime.fromisoformat("2027-01-18T09:30:00"), "09:30", None),
        ("08:30 a 09:00", "08:30", "09:00"),
        ("9.00-9.30", "09:00", "09:30"),
        ("9:30 – 11:10", "09:30", "11:10"),
        ("11h30 - 13h10", "11:30", "13:10"),
        ("0900-1030", "09:00", "10:30"),
        ("9 a 10", "09:00", "10:00"),
        ("de 9 a 10:30 hs", "09:00", "10:30"),
        ("2:00 p. m. a 3:30 p. m.", "14:00", "15:30"),
        ("2 - 3:30 pm", "14:00", "15:30"),
        ("11:00 - 1:00 pm", "11:00", "13:00"),
        ("9 a.m. – 12 m.", "09:00", "12:00"),
        ("13:10 (60 min)", "13:10", "14:10"),
        ("13:10 (1h30)", "13:10", "14:40"),
        ("9:00 - 10:30 (90 min)", "09:00", "10:30"),
        ("10:40-10:30", "10:40", "10:30"),
    ],
)
def test_a_time_is_read(written: Cell, start: str, end: str | None) -> None:
    found = times_of(written)
    assert found is not None
    assert f"{clock_time(found.start):%H:%M}" == start
    assert (found.end is None) == (end is None)
    assert found.end is None or f"{clock_time(found.end):%H:%M}" == end


@pytest.mark.parametrize(
    "written",
    [
        "",
        "9",
        9.0,
        "14:00 a. m.",
        "25:00",
        "9:75",
        "9:00 12:00 13:00",
        "Café 9:00",
        "mañana",
        "9:00 - 10:30 (60 min)",
        date(2027, 1, 18),
        "18/01/2027",
    ],
)
def test_what_no_clock_shows_is_no_time(written: Cell) -> None:
    assert times_of(written) is None


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("Lunes 18/1", [1]),
        ("mar 19/1", [2]),
        ("mar. 19", [2]),
        ("Mardi 19 janvier", [2]),
        ("segunda-feira 18/01", [1]),
        ("18 de enero de 2027", [1]),
        ("January 19th, 2027", [2]),
        ("20.01.", [3]),
        ("1/20/2027", [3]),
        ("2027-01-21", [4]),
        ("Jueves", [4]),
        ("Día 2", [2]),
        ("Day 1 - Monday 18 January", [1]),
        ("2ª", [2]),
        ("3", [3]),
        (3.0, [3]),
        (date(2027, 1, 19), [2]),
        (44214.0 + 365.0, []),
        ("Lunes 19/1", []),
        ("Día 2 (lunes)", []),
        ("22/1", []),
        ("Día 5", []),
        ("0", []),
        ("1er février", []),
    ],
)
def test_a_day_is_one_of_the_course_or_lies_outside(written: Cell, days: list[int]) -> None:
    found = day_of(written, STARTS)
    assert found is not None
    assert list(found.of_course(STARTS, 4)) == days


@pytest.mark.parametrize("written", ["", "Café", "31/02", "pronto", time(9), 0.5, "1 2 3"])
def test_what_no_calendar_shows_is_no_day(written: Cell) -> None:
    assert day_of(written, STARTS) is None


def test_a_weekday_that_comes_twice_is_two_days() -> None:
    found = day_of("Lunes", STARTS)
    assert found is not None and list(found.of_course(STARTS, 8)) == [1, 8]
