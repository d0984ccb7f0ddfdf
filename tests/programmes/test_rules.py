"""The time line of a programme, and where a lesson can go."""

from __future__ import annotations

from datetime import date

import pytest

from trainings.core.text import TextRefused
from trainings.courses.programme_rules import LessonState
from trainings.programmes.rules import (
    Bar,
    Cause,
    LessonStanding,
    Span,
    can_be_undone,
    checked,
    drawn,
    in_months,
    over,
)

JAN, FEB, DEC = date(2026, 1, 1), date(2026, 2, 28), date(2026, 12, 31)


def test_each_phase_has_its_place_on_one_scale() -> None:
    line = drawn([Span(JAN, JAN), Span(None, None), Span(JAN, DEC), Span(DEC, None)], FEB)
    assert line is not None
    first, none, whole, last = line.bars
    assert none is None
    assert whole == Bar(0, 100)
    assert first == Bar(0, 1.5), "a day among years can be seen"
    assert last == Bar(98.5, 1.5), "and does not stick out"
    assert (line.first, line.last) == (JAN, DEC)
    assert line.today is not None and 15 < line.today < 17


def test_without_a_day_nothing_is_drawn_and_today_may_be_outside() -> None:
    assert drawn([], JAN) is None
    assert drawn([Span(None, None)], JAN) is None
    line = drawn([Span(JAN, FEB)], DEC)
    assert line is not None and line.today is None
    backwards = drawn([Span(None, FEB), Span(FEB, None)], FEB)
    assert backwards is not None and backwards.bars == [Bar(0, 100), Bar(0, 100)]


def test_many_phases_stay_on_the_line() -> None:
    spans = [Span(date(2026, 1 + n % 12, 1), date(2026, 1 + n % 12, 28)) for n in range(40)]
    line = drawn(spans, JAN)
    assert line is not None and len(line.bars) == 40
    assert all(bar and bar.at >= 0 and bar.at + bar.width <= 100.01 for bar in line.bars)


def test_days_become_months() -> None:
    assert in_months(Span(date(2027, 2, 15), date(2027, 12, 3))) == Span(
        date(2027, 2, 1), date(2027, 12, 31)
    )
    assert in_months(Span(None, None)) == Span(None, None)
    assert over([Span(FEB, None), Span(None, JAN), Span(None, None)]) == Span(JAN, FEB)
    assert over([]) == Span(None, None)


def test_a_standing_keeps_what_belongs_to_it() -> None:
    all_of_it = LessonStanding(LessonState.OPEN, " why ", "m", "c", "t")
    assert checked(all_of_it) == LessonStanding(LessonState.OPEN, "why")
    dropped = all_of_it._replace(state=LessonState.DROPPED)
    assert checked(dropped) == LessonStanding(LessonState.DROPPED, "why")
    taken = all_of_it._replace(state=LessonState.TAKEN_UP)
    assert checked(taken) == taken._replace(note="why")
    with pytest.raises(TextRefused):
        checked(all_of_it._replace(note="x" * 1001))


def test_only_the_last_change_that_takes_none_back_can_be_taken_back() -> None:
    assert can_be_undone(3, Cause.PERSON, 3)
    assert not can_be_undone(3, Cause.PERSON, 2)
    assert not can_be_undone(3, Cause.UNDONE, 3)
