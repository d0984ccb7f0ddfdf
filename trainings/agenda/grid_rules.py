"""The agenda as people see it: days, parallel sessions and trainers, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any

from msgspec import Struct

from trainings.agenda.rules import SessionKind

ROOMS_SIDE_BY_SIDE = 8


class Shown(Struct, frozen=True):
    """One session in the reader's language."""

    id: str
    day: date
    starts_at: time
    ends_at: time
    kind: SessionKind
    title: str
    module: str = ""
    room: str = ""
    trainers: tuple[str, ...] = ()
    speech: str = ""  # in which languages

    @property
    def start(self) -> int:
        """The start, in minutes since midnight."""
        return self.starts_at.hour * 60 + self.starts_at.minute

    @property
    def end(self) -> int:
        """The end, in minutes since midnight."""
        return self.ends_at.hour * 60 + self.ends_at.minute

    @property
    def span(self) -> str:
        """Start and end as text: *09:00–10:30*."""
        return f"{self.starts_at:%H:%M}–{self.ends_at:%H:%M}"


class DayGrid(Struct, frozen=True):
    """A day as its grid draws it, with a column for each room if sessions run in parallel."""

    day: date
    items: tuple[Mapping[str, Any], ...]
    rooms: tuple[str, ...]


def by_day(sessions: Iterable[Shown], days: Iterable[date]) -> dict[date, list[Shown]]:
    """The sessions of each day by time, then as their rooms stand side by side; every day is in."""
    found: dict[date, list[Shown]] = {day: [] for day in days}
    for one in sessions:
        found.setdefault(one.day, []).append(one)
    return {day: sorted(found[day], key=_order) for day in sorted(found)}


def _order(one: Shown) -> tuple[int, str, int, str]:
    return one.start, one.room, one.end, one.title


def grid(
    day: date,
    sessions: Sequence[Shown],
    urls: Mapping[str, str],
    missing: Mapping[str, str],
    differs: Mapping[str, str],
) -> DayGrid:
    """The grid of a day.

    By a session's id: ``urls`` its page, ``missing`` what it lacks, ``differs`` what in it is not
    as in the other version of the agenda.
    """
    spans = [(one.start, one.end) for one in sessions]
    beside = {
        one.id
        for one, (start, end) in zip(sessions, spans, strict=True)
        if sum(start < ends and starts < end for starts, ends in spans) > 1  # one is itself
    }
    rooms = list(dict.fromkeys(one.room for one in sessions if one.id in beside and one.room))
    rooms = sorted(rooms)[:ROOMS_SIDE_BY_SIDE] if len(rooms) > 1 else []
    items = [
        {
            "start": one.start,
            "end": one.end,
            "time": one.span,
            "title": one.title,
            "kind": str(one.kind),
            "url": urls.get(one.id),
            "lacks": missing.get(one.id),
            "differs": differs.get(one.id),
            "room": rooms.index(one.room) if one.id in beside and one.room in rooms else None,
            "note": " · ".join(
                part for part in (one.room, ", ".join(one.trainers), one.speech) if part
            ),
        }
        for one in sessions
    ]
    return DayGrid(day, tuple(items), tuple(rooms))


def days_from(first: date, last: date) -> list[date]:
    """All days of a course."""
    return [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
