"""Writes a calendar as iCalendar (RFC 5545): events by us, time zones by ``icalendar``.

That library takes a fifth of a second for two hundred events, which phones ask for again and
again; see docs/decisions/2026-11-28-calendars.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import chain

from trainings.calendars.rules import Event, Feed

TYPE = "text/calendar"
_LONGEST = 75  # octets of a line
_ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
_SPECIAL = re.compile(r"[\\;,\n]")
# Line breaks of other systems; of the other control characters no text line may have any.
_BREAK = re.compile(r"\r\n?|[\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_ADDRESS = re.compile(r"[\w.+'-]+@[\w.-]+", re.ASCII)  # one that can stand as it is in a line
_QUIET = "UTC"


def written(feed: Feed) -> bytes:
    """The calendar as a file."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Trainings//Calendar//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{text(feed.name)}",
        f"NAME:{text(feed.name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    events = chain.from_iterable(_event(one, feed.language) for one in feed.events)
    parts = [_folded(lines), *_zones(feed.events), _folded(events), "END:VCALENDAR\r\n"]
    return "".join(parts).encode()


def text(value: str) -> str:
    """A text as a value of a line: what means something to the format is escaped."""
    plain = _CONTROL.sub(" ", _BREAK.sub("\n", value)).strip()
    return _SPECIAL.sub(lambda found: _ESCAPED[found[0]], plain)


def _event(event: Event, language: str) -> Iterator[str]:
    spoken = f";LANGUAGE={language}"
    status = "TENTATIVE" if event.tentative else "CONFIRMED"
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{event.changed.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"LAST-MODIFIED:{event.changed.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTART{_moment(event.starts, event.zone)}"
    yield f"DTEND{_moment(event.ends, event.zone)}"
    yield f"SUMMARY{spoken}:{text(event.title)}"
    if event.text:
        yield f"DESCRIPTION{spoken}:{text(event.text)}"
    if event.place:
        yield f"LOCATION{spoken}:{text(event.place)}"
    if event.address:
        yield f"URL:{event.address}"
    if _ADDRESS.fullmatch(event.contact):
        yield f"ORGANIZER:mailto:{event.contact}"
    yield f"STATUS:{'CANCELLED' if event.cancelled else status}"
    yield f"TRANSP:{'OPAQUE' if event.busy and not event.cancelled else 'TRANSPARENT'}"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def _moment(at: datetime | date, zone: str) -> str:
    if isinstance(at, datetime):
        return f";TZID={zone}:{at:%Y%m%dT%H%M%S}"
    return f";VALUE=DATE:{at:%Y%m%d}"


def _folded(lines: Iterable[str]) -> str:
    return "".join(f"{_fold(line)}\r\n" for line in lines)


def _fold(line: str) -> str:
    """A line of at most 75 octets, going on in lines that begin with a space."""
    if len(line) * 4 <= _LONGEST or len(line.encode()) <= _LONGEST:
        return line
    parts, part, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > _LONGEST:
            parts.append(part)
            part, size = " ", 1
        part += letter
        size += octets
    return "\r\n".join([*parts, part])


def _zones(events: Iterable[Event]) -> list[str]:
    """The zones of all events; a calendar without any has that of Greenwich."""
    years: dict[str, set[int]] = {}
    for one in events:
        if isinstance(one.starts, datetime):
            years.setdefault(one.zone, set()).add(one.starts.year)
    if not years:
        return [_zone(_QUIET, 2026, 2026)]  # a calendar has at least one part
    return [_zone(zone, min(some), max(some)) for zone, some in sorted(years.items())]


@lru_cache(maxsize=256)
def _zone(name: str, first: int, last: int) -> str:
    """The rules of a time zone in these years."""
    from icalendar import Timezone  # eighty modules, which only this needs

    made = Timezone.from_tzid(name, first_date=date(first, 1, 1), last_date=date(last + 1, 12, 31))
    made.pop("COMMENT", None)
    rules: bytes = made.to_ical()
    return rules.decode()
