"""Reads a trainer's calendar: bytes in, busy times out, all of it inside the cage."""

from __future__ import annotations

import json
from datetime import datetime

from trainings.availability.rules import AHEAD, LARGEST, CalendarTooLarge, CalendarUnread, Stretch
from trainings.printing.renderer import OutOfTime, answer_of

SECONDS = 8  # processor seconds for one calendar


def busy_times(data: bytes, now: datetime, zone: str) -> list[Stretch]:
    """When its owner is busy from now on, in order; titles, places and people are left behind.

    ``zone``: the clock of times that name none. Raises ``CalendarUnread``. Not inside a
    transaction.
    """
    if len(data) > LARGEST:
        raise CalendarTooLarge
    asked = {"since": now.isoformat(), "until": (now + AHEAD).isoformat(), "zone": zone}
    try:
        said = answer_of(
            "trainings.availability.inspector", SECONDS, json.dumps(asked).encode() + b"\n" + data
        )
    except OutOfTime:
        raise CalendarTooLarge from None
    found = json.loads(said) if said else None
    if found == "large":
        raise CalendarTooLarge
    if found is None:
        raise CalendarUnread
    return [Stretch(*map(datetime.fromisoformat, one)) for one in found]
