"""What time it is, and when a date ends where the course is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_shift: ContextVar[timedelta] = ContextVar("shift", default=timedelta())


def now() -> datetime:
    """This moment in UTC, to the second (shifted where a demo is being built)."""
    return (datetime.now(UTC) + _shift.get()).replace(microsecond=0)


def today(zone: str) -> date:
    """The date it is in a time zone such as ``America/Lima``."""
    return now().astimezone(ZoneInfo(zone)).date()


def end_of(day: date, zone: str) -> datetime:
    """The last second of a date in a zone, in UTC: when a deadline given as a date ends."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(zone)).astimezone(UTC)


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Within this block it is earlier or later than it is: for demos and tests."""
    token = _shift.set(_shift.get() + by)
    try:
        yield
    finally:
        _shift.reset(token)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within this block the clock stands near ``moment`` (and runs on from there)."""
    with shifted(moment - now()):
        yield
