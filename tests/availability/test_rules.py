"""When a trainer cannot teach: periods, weekdays, hours, zones, courses."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from msgspec.structs import replace

from trainings.availability import rules
from trainings.availability.rules import DayState, Period, PeriodKind, Stretch, away, state_of
from trainings.core.errors import Refusal

MONDAY = date(2027, 1, 18)
ZONE = "America/Argentina/Buenos_Aires"  # three hours behind UTC
SINCE, UNTIL = datetime(2027, 1, 18, 3, tzinfo=UTC), datetime(2027, 1, 23, 3, tzinfo=UTC)


def period(kind: PeriodKind = PeriodKind.AWAY, **values: object) -> Period:
    return replace(Period(kind, MONDAY, MONDAY, ZONE), **values)


def said(*periods: Period, busy: list[Stretch] | None = None, course: str = "here") -> list[str]:
    found = away(periods, busy or [], SINCE, UNTIL, course)
    return [f"{one.starts:%d %H:%M}-{one.ends:%d %H:%M}" for one in found]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 1, day, hour, minute, tzinfo=UTC)


def test_nothing_said_is_free() -> None:
    assert said() == []


def test_a_whole_day_is_the_day_of_its_zone() -> None:
    assert said(period()) == ["18 03:00-19 03:00"]
    assert said(period(zone="Asia/Bangkok")) == ["18 03:00-18 17:00"]


def test_hours_and_weekdays_repeat() -> None:
    mornings = period(
        last=date(2027, 1, 31), weekdays=frozenset({0, 2}), starts_at=time(9), ends_at=time(12, 30)
    )
    assert said(mornings) == ["18 12:00-18 15:30", "20 12:00-20 15:30"]


def test_only_then_means_not_otherwise_on_its_days() -> None:
    only = period(PeriodKind.ONLY, last=date(2027, 1, 19), starts_at=time(9), ends_at=time(13))
    assert said(only) == ["18 03:00-18 12:00", "18 16:00-19 12:00", "19 16:00-20 03:00"]
    both = replace(only, starts_at=time(15), ends_at=time(17))
    assert said(only, both)[:2] == ["18 03:00-18 12:00", "18 16:00-18 18:00"]


def test_what_is_said_of_one_course_holds_there_alone() -> None:
    there = period(course_id="there")
    assert said(there) == []
    assert said(there, course="there") == ["18 03:00-19 03:00"]


def test_busy_times_join_what_they_touch() -> None:
    busy = [Stretch(at(18, 2), at(18, 5)), Stretch(at(19, 3), at(19, 4))]
    assert said(period(), busy=busy) == ["18 03:00-19 04:00"]


def test_a_clock_that_changes_keeps_the_hours_of_the_wall() -> None:
    """In Santiago the clock went back on 4 April 2027: 9 o'clock is 12:00, then 13:00 UTC."""
    days = Period(
        PeriodKind.AWAY,
        date(2027, 4, 3),
        date(2027, 4, 4),
        "America/Santiago",
        starts_at=time(9),
        ends_at=time(10),
    )
    found = away(
        [days], [], datetime(2027, 4, 1, tzinfo=UTC), datetime(2027, 4, 9, tzinfo=UTC), None
    )
    assert [f"{one.starts:%d %H}" for one in found] == ["03 12", "04 13"]


@pytest.mark.parametrize(
    ("values", "refusal", "field"),
    [
        ({"last": date(2027, 1, 17)}, rules.EndsBeforeItStarts, "last"),
        ({"starts_at": time(9)}, rules.HoursHalf, "starts_at"),
        ({"ends_at": time(9)}, rules.HoursHalf, "starts_at"),
        ({"starts_at": time(9), "ends_at": time(9)}, rules.HoursTurned, "ends_at"),
        ({"last": date(2031, 1, 18)}, rules.TooLong, "last"),
        ({"weekdays": frozenset({4})}, rules.NoSuchDay, "weekdays"),
    ],
)
def test_periods_that_say_nothing_are_refused(
    values: dict[str, object], refusal: type[Refusal], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        rules.check_period(period(**values))
    assert refused.value.field == field and str(refused.value)


@pytest.mark.parametrize(
    ("stretches", "state"),
    [
        ([], DayState.FREE),
        ([Stretch(at(18, 3), at(18, 11))], DayState.FREE),  # until 8 o'clock there
        ([Stretch(at(18, 3), at(18, 12))], DayState.PART),
        ([Stretch(at(18, 11), at(18, 15)), Stretch(at(18, 15), at(18, 21))], DayState.AWAY),
    ],
)
def test_the_colour_of_a_day(stretches: list[Stretch], state: DayState) -> None:
    assert state_of(stretches, MONDAY, ZONE) is state
