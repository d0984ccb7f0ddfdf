"""When things happen in the demo: days counted from the day of its first load."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from trainings.core.errors import Refusal
from trainings.core.i18n import _l

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class NotInProduction(Refusal):
    """The demo must not be loaded in production, among real people."""

    sentence = _l("The demo cannot be loaded in production, because its people are invented.")


def day(first: date, offset: Mapping[str, Any]) -> date:
    """The date for an offset from the first load, moved back to its weekday if it names one.

    ``{"days": -60, "weekday": "monday", "plus": 3}`` is three days after the Monday on or before
    the sixtieth day before the first load.
    """
    found = first + timedelta(days=offset["days"])
    if "weekday" in offset:
        found -= timedelta(days=(found.weekday() - _WEEKDAYS.index(offset["weekday"])) % 7)
    return found + timedelta(days=offset.get("plus", 0))


def moment(on: date, clock: str, zone: str) -> datetime:
    """A local time such as ``09:30`` on a date in a time zone."""
    return datetime.combine(on, time.fromisoformat(clock), ZoneInfo(zone))
