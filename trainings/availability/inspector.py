"""The caged reader of calendars: an .ics file on its input, busy times alone on its output.

The first line says from when, until when, and by which clock times without a zone are meant.
"""

import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from trainings.availability.rules import MOST_TIMES, Stretch, merged
from trainings.printing.limits import allow_seconds, cut_network, refuse_calls_out, take_limits

_TOO_OFTEN = re.compile(rb"FREQ=(?:SECONDLY|MINUTELY)", re.IGNORECASE)


def main() -> None:
    """Read the calendar, and print when its owner is busy."""
    cut_network()
    take_limits()
    allow_seconds(int(sys.argv[1]))
    given, _line, data = sys.stdin.buffer.read().partition(b"\n")
    refuse_calls_out()
    asked = json.loads(given)
    since, until = (datetime.fromisoformat(asked[name]) for name in ("since", "until"))
    sys.stdout.write(json.dumps(busy(data, since, until, ZoneInfo(asked["zone"]))))


def busy(
    data: bytes, since: datetime, until: datetime, zone: ZoneInfo
) -> list[list[str]] | str | None:
    """Start and end of each busy time, in UTC; ``"large"`` for too many, none for no calendar."""
    if b"BEGIN:VCALENDAR" not in data[:4096] or _TOO_OFTEN.search(data):
        return None
    try:
        calendars = icalendar.Calendar.from_ical(data, multiple=True)
        found = [
            Stretch(max(one.starts, since), min(one.ends, until))
            for calendar in calendars
            for one in _of_calendar(calendar, since, until, zone)
            if one.starts < until and one.ends > since
        ]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError):
        return None
    if not calendars:
        return None
    times = merged(found)
    if len(times) > MOST_TIMES:
        return "large"
    return [[one.starts.isoformat(), one.ends.isoformat()] for one in times]


def _of_calendar(
    calendar: Any, since: datetime, until: datetime, zone: ZoneInfo
) -> Iterator[Stretch]:
    for event in recurring_ical_events.of(calendar).between(since, until):
        if not _free(event):
            yield _stretch(event.start, event.end, zone)
    for component in calendar.walk("VFREEBUSY"):
        given = component.get("FREEBUSY", [])
        for one in given if isinstance(given, list) else [given]:
            if str(one.params.get("FBTYPE", "BUSY")).upper() != "FREE":
                yield _stretch(one.start, one.end, zone)


def _free(event: Any) -> bool:
    said = {"TRANSP": "TRANSPARENT", "STATUS": "CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS": "FREE"}
    return any(str(event.get(name, "")).upper() == value for name, value in said.items())


def _stretch(starts: Any, ends: Any, zone: ZoneInfo) -> Stretch:
    first, last = _moment(starts, zone), _moment(ends, zone)
    if not isinstance(ends, datetime) and last <= first:
        last = first + timedelta(days=1)
    return Stretch(first, last)


def _moment(given: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(given, datetime):
        given = datetime.combine(given, time())
    return (given if given.tzinfo else given.replace(tzinfo=zone)).astimezone(UTC)


if __name__ == "__main__":
    main()
