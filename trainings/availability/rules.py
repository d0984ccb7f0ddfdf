"""When trainers can teach: periods with days and hours, reduced to the times when they cannot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import _l, _lp
from trainings.core.states import Tone, Worded

MOST = 100  # periods of one trainer
FURTHEST = timedelta(days=3 * 366)  # how long one period can be
AHEAD = timedelta(days=550)  # how far a calendar is read
LARGEST = 2 * 1024 * 1024  # bytes of a calendar
WORKED = (time(8), time(18))  # the hours of a day that its colour tells about
MOST_TIMES = 5000  # busy times of a calendar


class PeriodKind(Worded):
    """What a period says."""

    AWAY = "away", _lp("availability", "Not available"), Tone.AMBER
    ONLY = "only", _lp("availability", "Only then"), Tone.GREEN


class EndsBeforeItStarts(Refusal):
    """A period whose last day is before its first."""

    sentence = _l("The end is before the start.")
    field = "last"


class HoursTurned(EndsBeforeItStarts):
    """A period whose hours end before they start."""

    field = "ends_at"


class HoursHalf(Refusal):
    """A period with only one of the two times of day."""

    sentence = _l("Enter both times, or none for the whole day.")
    field = "starts_at"


class TooLong(Refusal):
    """A period longer than three years."""

    sentence = _l("A period can be three years long at most.")
    field = "last"


class TooMany(Refusal):
    """One period more than a trainer can have."""

    sentence = _l("You have entered too many periods. Remove those you no longer need.")


class NoSuchDay(Refusal):
    """A period without a single day that falls on the chosen weekdays."""

    sentence = _l("None of these weekdays lies between the two dates.")
    field = "weekdays"


class CalendarUnread(Refusal):
    """A file that is not a calendar, or one that we cannot follow."""

    sentence = _l(
        "We could not read this file as a calendar. Export it again as an .ics file, or enter the "
        "days yourself."
    )
    field = "file"


class CalendarTooLarge(CalendarUnread):
    """A calendar of more than two megabytes, or with too many events."""

    sentence = _l("This calendar is too large. Export fewer years of it (2 MB at most).")


class Stretch(NamedTuple):
    """A span of time, in UTC."""

    starts: datetime
    ends: datetime


class Period(Struct, frozen=True):
    """Days, weekdays and hours, by the clock of a zone."""

    kind: PeriodKind
    first: date
    last: date
    zone: str
    weekdays: frozenset[int] = frozenset()  # 0 is Monday; none: each
    starts_at: time | None = None  # none: the whole day
    ends_at: time | None = None
    course_id: str | None = None  # none: for every course


def check_period(period: Period) -> None:
    """Refuse a period that says nothing. Raises a refusal of this module."""
    if (period.starts_at is None) is not (period.ends_at is None):
        raise HoursHalf
    hours_turned = (
        period.starts_at is not None
        and period.ends_at is not None
        and period.ends_at <= period.starts_at
    )
    if hours_turned:
        raise HoursTurned
    if period.last < period.first:
        raise EndsBeforeItStarts
    if period.last - period.first > FURTHEST:
        raise TooLong
    if not any(True for _day in _days(period, period.first, period.last)):
        raise NoSuchDay


def away(
    periods: Iterable[Period],
    busy: Iterable[Stretch],
    since: datetime,
    until: datetime,
    course_id: str | None,
) -> list[Stretch]:
    """When a trainer cannot teach in a course, between two moments, in order and without overlaps.

    That is when they are busy, in periods in which they are not available, and, on the days of
    periods in which they can teach only then, at all other times.
    """
    theirs = [one for one in periods if one.course_id in (None, course_id)]
    only = [one for one in theirs if one.kind is PeriodKind.ONLY]
    days = [_whole(one) for one in only]
    windows = merged(stretch for one in only for stretch in _stretches(one, since, until))
    outside = _without(merged(days), windows)
    not_available = (
        stretch
        for one in theirs
        if one.kind is PeriodKind.AWAY
        for stretch in _stretches(one, since, until)
    )
    return [
        Stretch(max(one.starts, since), min(one.ends, until))
        for one in merged([*not_available, *busy, *outside])
        if one.starts < until and one.ends > since
    ]


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same times, in order; those that overlap or touch become one."""
    found: list[Stretch] = []
    for one in sorted(stretches):
        if found and one.starts <= found[-1].ends:
            found[-1] = Stretch(found[-1].starts, max(found[-1].ends, one.ends))
        else:
            found.append(one)
    return found


def meets(
    stretches: Collection[tuple[datetime, datetime]], starts: datetime, ends: datetime
) -> bool:
    """Whether one of these times overlaps a span of time."""
    return any(one < ends and starts < other for one, other in stretches)


class DayState(Worded):
    """How much of a day between 8 and 18 o'clock a trainer can teach."""

    FREE = "free", _lp("availability", "Free"), Tone.GREEN
    PART = "part", _lp("availability", "Partly free"), Tone.AMBER
    AWAY = "away", _lp("availability", "Not free"), Tone.RED


def state_of(stretches: Collection[Stretch], day: date, zone: str) -> DayState:
    """How free somebody is on a day, by the clock of a zone."""
    place = ZoneInfo(zone)
    first, last = (datetime.combine(day, at, place).astimezone(UTC) for at in WORKED)
    inside = [
        Stretch(max(one.starts, first), min(one.ends, last))
        for one in stretches
        if one.starts < last and one.ends > first
    ]
    if not inside:
        return DayState.FREE
    taken = sum((one.ends - one.starts for one in merged(inside)), timedelta())
    return DayState.AWAY if taken >= last - first else DayState.PART


def _without(times: Sequence[Stretch], taken: Sequence[Stretch]) -> Iterator[Stretch]:
    """What is left of these times; both are in order and without overlaps."""
    for one in times:
        since = one.starts
        for other in taken:
            if other.ends <= since or other.starts >= one.ends:
                continue
            if other.starts > since:
                yield Stretch(since, other.starts)
            since = max(since, other.ends)
        if since < one.ends:
            yield Stretch(since, one.ends)


def _whole(period: Period) -> Stretch:
    return Stretch(_at(period, period.first, time()), _at(period, _after(period.last), time()))


def _stretches(period: Period, since: datetime, until: datetime) -> Iterator[Stretch]:
    """The hours of a period on each of its days that may lie between two moments."""
    zone = ZoneInfo(period.zone)
    first = max(period.first, since.astimezone(zone).date() - timedelta(days=1))
    last = min(period.last, until.astimezone(zone).date())
    for day in _days(period, first, last):
        if period.starts_at is None or period.ends_at is None:
            yield Stretch(_at(period, day, time()), _at(period, _after(day), time()))
        else:
            yield Stretch(_at(period, day, period.starts_at), _at(period, day, period.ends_at))


def _days(period: Period, first: date, last: date) -> Iterator[date]:
    for number in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(number)
        if not period.weekdays or day.weekday() in period.weekdays:
            yield day


def _at(period: Period, day: date, at: time) -> datetime:
    return datetime.combine(day, at, ZoneInfo(period.zone)).astimezone(UTC)


def _after(day: date) -> date:
    return day + timedelta(days=1)
