"""The current time, when a date ends in a time zone, and which time zone data is used."""

from __future__ import annotations

import re
import zoneinfo
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import tzdata

_shift: ContextVar[timedelta] = ContextVar("shift", default=timedelta())
_SYSTEM = zoneinfo.TZPATH  # as the interpreter found it, before ``use_newest_zones``
_VERSION = re.compile(r"\d{4}[a-z]+")


def now() -> datetime:
    """The current time in UTC, to the second (shifted while a demo is being built)."""
    return (datetime.now(UTC) + _shift.get()).replace(microsecond=0)


def exact() -> datetime:
    """The current time in UTC with its fractions of a second: who was first, even in a rush."""
    return datetime.now(UTC) + _shift.get()


def today(zone: str) -> date:
    """The current date in a time zone such as ``America/Lima``."""
    return now().astimezone(ZoneInfo(zone)).date()


@lru_cache(4000)
def end_of(day: date, zone: str) -> datetime:
    """The last second of a date in a zone, in UTC: when a deadline given as a date ends.

    Where the clock goes back at midnight, the date ends after the hour that comes twice; where
    it goes forward, before the hour that is skipped.
    """
    there = ZoneInfo(zone)
    noon = int(datetime.combine(day, time(12), UTC).timestamp())
    seconds = range(noon - 86_400, noon + 2 * 86_400)
    after = bisect_right(seconds, day, key=lambda one: datetime.fromtimestamp(one, there).date())
    return datetime.fromtimestamp(seconds[after - 1], UTC)


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Shift the clock inside this block: for demos and tests."""
    token = _shift.set(_shift.get() + by)
    try:
        yield
    finally:
        _shift.reset(token)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Set the clock to about ``moment`` inside this block (it runs on from there)."""
    with shifted(moment - now()):
        yield


# Time zone data


def use_newest_zones() -> None:
    """Use the newer of the machine's time zone data and that of the locked ``tzdata`` package.

    Python prefers the machine's, which may be years old: countries change their clocks at short
    notice.
    """
    wanted = () if system_zones() <= tzdata.IANA_VERSION else _SYSTEM
    if wanted != zoneinfo.TZPATH:
        zoneinfo.reset_tzpath(to=wanted)
        ZoneInfo.clear_cache()
        end_of.cache_clear()


def zones_in_use() -> str:
    """Which time zone data is used, for ``flask doctor``: its version and where it is from."""
    system = system_zones() or "none"
    if zoneinfo.TZPATH:
        return f"{system}, from this machine (tzdata package: {tzdata.IANA_VERSION})"
    return f"{tzdata.IANA_VERSION}, from the tzdata package (this machine: {system})"


def system_zones() -> str:
    """The version of the machine's time zone data, such as *2025b*; empty where it has none."""
    for folder in _SYSTEM:
        listing = Path(folder, "tzdata.zi")
        if listing.is_file():
            with listing.open(encoding="utf-8") as lines:
                found = _VERSION.search(lines.readline())
            if found is not None:
                return found[0]
    return ""
