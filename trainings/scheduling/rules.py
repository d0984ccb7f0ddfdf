"""What each act of the timetable makes of the sessions it touches: plain values in, plain out.

Times are local times at the course's place. An act gives each session it changes as it becomes;
whether that can be (rooms, trainers, days) is asked by ``agenda.act_writes.enact``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from trainings.agenda.act_rules import Entry, without_leads
from trainings.agenda.rules import EndsBeforeStart, PastMidnight, SessionKind
from trainings.core.errors import Refusal
from trainings.core.i18n import _l
from trainings.rosters.rules import TrainerRole

USUAL_MINUTES = 90  # of a session whose module says nothing


class ChangedMeanwhile(Refusal):
    """A session that somebody else changed since the page showed it."""

    sentence = _l("Somebody else changed this session a moment ago. Nothing was lost: look again.")


class NotScheduled(Refusal):
    """An act on times of a session that waits to be scheduled."""

    sentence = _l("This session is not on a day yet. Put it on a day first.")


class SplitOutside(Refusal):
    """A moment that does not lie within the session that is to be split."""

    sentence = _l("Choose a time between the start and the end of the session.")
    field = "at"


class SameSession(Refusal):
    """A session that was to be swapped with itself."""

    sentence = _l("Choose two different sessions to swap.")


class NothingThere(Refusal):
    """An act on the sessions of a day, or on those chosen, where there are none."""

    sentence = _l("There is no session that this would change.")


class Moment(NamedTuple):
    """A day and a time of day at the course's place."""

    day: date
    at: time


def start_of(entry: Entry) -> datetime:
    """When a session begins. Raises ``NotScheduled``."""
    if entry.start is None:
        raise NotScheduled
    return entry.start


def end_of(entry: Entry) -> datetime:
    """When a session ends. Raises ``NotScheduled``."""
    return start_of(entry) + timedelta(minutes=entry.minutes)


def at(entry: Entry, start: datetime) -> Entry:
    """The session at another time, as long as it was. Raises ``PastMidnight``."""
    moved = replace(entry, day=start.date(), starts_at=start.time())
    last = start.replace(hour=0, minute=0) + timedelta(days=1)
    if start + timedelta(minutes=entry.minutes) > last - timedelta(minutes=1):
        raise PastMidnight
    return moved


def moved(
    entries: Mapping[str, Entry],
    start: datetime,
    room: str | None,
    add: Collection[str],
    release: Collection[str],
    role: TrainerRole | None = None,
) -> dict[str, Entry]:
    """Sessions moved together: the first to a time, the others by as much.

    ``room``, trainers and their role as in ``given``. What waits is put at that time.
    """
    first = next(iter(entries.values()))
    by_much = start - first.start if first.start is not None else timedelta()
    return {
        key: given(
            at(entry, start if entry.start is None else entry.start + by_much),
            room,
            add,
            release,
            role,
        )
        for key, entry in entries.items()
    }


def given(
    entry: Entry,
    room: str | None,
    add: Collection[str],
    release: Collection[str],
    role: TrainerRole | None = None,
) -> Entry:
    """The session in another room (empty: none; None: as it is), with and without trainers.

    ``role``: of those who are added, also where they were there before; None leaves it as it is.
    """
    trainers = tuple(sorted({*entry.trainers, *add} - (set(release) - set(add))))
    kept = entry.room_id if room is None else room or None
    roles = {one: part for one, part in entry.roles.items() if one in trainers}
    if role is not None:
        roles |= dict.fromkeys(add, role)
    return replace(entry, room_id=kept, trainers=trainers, roles=without_leads(roles))


def named(entry: Entry, language: str, title: str) -> Entry:
    """The session with another title in one language; an empty one takes it away."""
    titles = {**entry.titles, language: title}
    return replace(entry, titles={code: text for code, text in titles.items() if text})


def resized(entry: Entry, start: datetime, end: datetime) -> Entry:
    """The session with another start or end. Raises ``EndsBeforeStart``, ``PastMidnight``."""
    length = int((end - start).total_seconds()) // 60
    if length <= 0:
        raise EndsBeforeStart
    return at(replace(entry, minutes=length), start)


def unscheduled(entry: Entry) -> Entry:
    """The session taken off its day; its room and trainers stay with it."""
    return replace(entry, day=None, starts_at=None)


def split(entry: Entry, moment: time) -> tuple[Entry, Entry]:
    """Two sessions out of one, the second from a moment on. Raises ``SplitOutside``."""
    start, end = start_of(entry), end_of(entry)
    cut = datetime.combine(start.date(), moment)
    if not start < cut < end:
        raise SplitOutside
    first = int((cut - start).total_seconds()) // 60
    return replace(entry, minutes=first), at(replace(entry, minutes=entry.minutes - first), cut)


def swapped(one: Entry, other: Entry) -> tuple[Entry, Entry]:
    """Two sessions, each where the other began; each keeps its length, room and trainers.

    Those that followed each other without a gap follow each other again.
    """
    first, second = sorted((one, other), key=start_of)
    begins = start_of(first)
    if end_of(first) == start_of(second):
        later, earlier = at(first, begins + timedelta(minutes=second.minutes)), at(second, begins)
    else:
        later, earlier = at(first, start_of(second)), at(second, begins)
    return (later, earlier) if one is first else (earlier, later)


def shifted(entries: Mapping[str, Entry], day: date, since: time, by: int) -> dict[str, Entry]:
    """All sessions of a day that begin at a time or later, so many minutes later (or earlier).

    Raises ``NothingThere`` and ``PastMidnight``.
    """
    found = {
        key: at(entry, start_of(entry) + timedelta(minutes=by))
        for key, entry in entries.items()
        if entry.day == day and entry.starts_at is not None and entry.starts_at >= since
    }
    if not found or any(entry.day != day for entry in found.values()):
        raise PastMidnight if found else NothingThere
    return found


def copied_breaks(entries: Collection[Entry], day: date, days: Collection[date]) -> list[Entry]:
    """The breaks of a day, for other days too; those that stand there already are left out.

    Raises ``NothingThere``.
    """
    there = {(entry.day, entry.starts_at, entry.minutes) for entry in entries if is_break(entry)}
    made = [
        replace(entry, day=other, trainers=(), roles={})
        for other in sorted(set(days) - {day})
        for entry in sorted((one for one in entries if is_break(one)), key=_order)
        if entry.day == day and (other, entry.starts_at, entry.minutes) not in there
    ]
    if not made:
        raise NothingThere
    return made


def is_break(entry: Entry) -> bool:
    """Whether a session is a break that stands on a day."""
    return entry.kind is SessionKind.BREAK and entry.day is not None


def _order(entry: Entry) -> tuple[date, time]:
    return entry.day or date.min, entry.starts_at or time.min
