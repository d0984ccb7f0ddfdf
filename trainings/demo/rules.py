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
    """Invented people do not belong among real ones."""

    sentence = _l("The demo is not loaded in production: its people are invented.")


def day(first: date, offset: Mapping[str, Any]) -> date:
    """The date an offset means: days from the first load, or the nearest such weekday on or before.

    ``{"days": -60, "weekday": "monday", "plus": 3}`` is three days after the Monday on or before
    the sixtieth day before the first load.
    """
    found = first + timedelta(days=offset["days"])
    if "weekday" in offset:
        found -= timedelta(days=(found.weekday() - _WEEKDAYS.index(offset["weekday"])) % 7)
    return found + timedelta(days=offset.get("plus", 0))


def moment(on: date, clock: str, zone: str) -> datetime:
    """A wall time such as ``09:30`` on a date in a zone."""
    return datetime.combine(on, time.fromisoformat(clock), ZoneInfo(zone))
