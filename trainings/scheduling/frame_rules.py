"""A day frame: how a day is divided into sessions, breaks and lunch, and what fills it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from trainings.agenda.act_rules import Entry
from trainings.agenda.rules import SessionKind
from trainings.core.errors import Refusal
from trainings.core.i18n import _l
from trainings.scheduling.rules import at, end_of, start_of


class FrameUnfit(Refusal):
    """A day frame in which no session fits."""

    sentence = _l("No session fits between %(start)s and %(end)s with these breaks.")
    field = "ends_at"


class Frame(NamedTuple):
    """How a day is divided: from when until when, the length of a session, the breaks.

    Lengths are minutes; a break or lunch of 0 minutes is left out. A break stands after every
    session that lunch does not follow.
    """

    starts_at: time
    ends_at: time
    session: int
    pause: int
    lunch_at: time
    lunch: int


class Slot(NamedTuple):
    """A stretch of a day: for a session, or a break by its name."""

    starts_at: time
    minutes: int
    kind: SessionKind
    lunch: bool = False


def slots(frame: Frame) -> list[Slot]:
    """The sessions and breaks of a day by its frame, in order. Raises ``FrameUnfit``.

    Lunch begins at its time, or as soon after it as the session that runs then has ended; a
    session that lunch would cut short to less than half its length begins after lunch.
    """
    found: list[Slot] = []
    now, end = _minutes(frame.starts_at), _minutes(frame.ends_at)
    lunch_at, had_lunch = _minutes(frame.lunch_at), frame.lunch == 0
    while now < end:
        if not had_lunch and now + frame.session // 2 > lunch_at:
            now = max(now, lunch_at)
            if now + frame.lunch >= end:
                break
            found = [
                *_without_last_break(found),
                Slot(_time(now), frame.lunch, SessionKind.BREAK, True),
            ]
            now, had_lunch = now + frame.lunch, True
            continue
        length = min(frame.session, end - now)
        if not had_lunch and now < lunch_at < now + length:
            length = lunch_at - now
        if length < min(frame.session, max(frame.session // 2, 5)):
            break
        found.append(Slot(_time(now), length, SessionKind.MODULE))
        now += length
        if frame.pause and now + frame.pause < end and (had_lunch or now < lunch_at):
            found.append(Slot(_time(now), frame.pause, SessionKind.BREAK))
            now += frame.pause
    found = _without_last_break(found)
    if not any(one.kind is SessionKind.MODULE for one in found):
        raise FrameUnfit(start=f"{frame.starts_at:%H:%M}", end=f"{frame.ends_at:%H:%M}")
    return found


def _without_last_break(found: Sequence[Slot]) -> list[Slot]:
    ends_in_break = bool(found) and found[-1].kind is SessionKind.BREAK and not found[-1].lunch
    return list(found[:-1] if ends_in_break else found)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


class Waiting(NamedTuple):
    """Something that is to be scheduled: a session that waits, or minutes of a module."""

    entry: Entry
    key: str | None = None  # of the session that waits


def laid(
    there: Collection[Entry],
    days: Sequence[date],
    parts: Sequence[Slot],
    waiting: Sequence[Waiting],
    names: Mapping[bool, Mapping[str, str]],
) -> list[Waiting]:
    """Days laid out: breaks where none stand, and what waits put into the slots, in its order.

    A slot or break that a session of the day overlaps is left out. What is longer than a slot
    goes on in the next; what is shorter takes only its time. ``names``: the titles of a break and
    (under true) of lunch. Gives what is new on the days, with the key of what waited before.
    """
    queue = list(waiting)
    made: list[Waiting] = []
    taken = [(start_of(entry), end_of(entry)) for entry in there if entry.day is not None]
    for day in days:
        for part in parts:
            begins = datetime.combine(day, part.starts_at)
            ends = begins + timedelta(minutes=part.minutes)
            if any(start < ends and begins < end for start, end in taken):
                continue
            if part.kind is SessionKind.BREAK:
                pause = Entry(SessionKind.BREAK, part.minutes, titles=names[part.lunch])
                made.append(Waiting(at(pause, begins)))
            elif queue:
                one = queue.pop(0)
                length = min(one.entry.minutes, part.minutes)
                rest = one.entry.minutes - length
                made.append(Waiting(at(replace(one.entry, minutes=length), begins), one.key))
                if rest >= 5:
                    queue.insert(0, Waiting(replace(one.entry, minutes=rest)))
    return made
