"""Ways out of a clash: another time, another room, other trainers who are free."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from trainings.agenda.act_rules import Entry
from trainings.scheduling.rules import end_of, start_of

EARLIEST, LATEST = time(7, 0), time(20, 0)  # of the times that are offered
STEP = timedelta(minutes=5)
MOST = 3  # rooms, and trainers, that are offered

Taken = Mapping[str, Collection[tuple[datetime, datetime]]]  # by room or trainer


class Way(NamedTuple):
    """One way out: what the session would be, and what is other about it."""

    entry: Entry
    room: str | None = None
    trainer: str | None = None


def ways(
    wanted: Entry,
    rooms: Sequence[str],
    trainers: Sequence[str],
    rooms_taken: Taken,
    trainers_taken: Taken,
) -> list[Way]:
    """How a session that was refused could be: later or earlier that day, elsewhere, by others.

    ``rooms`` and ``trainers`` (course trainers who could give it): in the order to offer them.
    ``…_taken``: when each is needed by other sessions, in local time.
    """
    found = []
    nearest = _free_start(wanted, rooms_taken, trainers_taken)
    if nearest is not None:
        found.append(Way(nearest))
    room = wanted.room_id
    people_free = all(_free(wanted, trainers_taken.get(one, ())) for one in wanted.trainers)
    room_free = room is None or _free(wanted, rooms_taken.get(room, ()))
    if people_free and not room_free:
        free = [one for one in rooms if one != room and _free(wanted, rooms_taken.get(one, ()))]
        found += [Way(replace(wanted, room_id=one), room=one) for one in free[:MOST]]
    if room_free and not people_free:
        staying = [one for one in wanted.trainers if _free(wanted, trainers_taken.get(one, ()))]
        free = [
            one
            for one in trainers
            if one not in wanted.trainers and _free(wanted, trainers_taken.get(one, ()))
        ]
        found += [
            Way(replace(wanted, trainers=tuple(sorted([*staying, one]))), trainer=one)
            for one in free[:MOST]
        ]
    return found


def _free(wanted: Entry, taken: Collection[tuple[datetime, datetime]]) -> bool:
    start, end = start_of(wanted), end_of(wanted)
    return not any(begins < end and start < ends for begins, ends in taken)


def _free_start(wanted: Entry, rooms_taken: Taken, trainers_taken: Taken) -> Entry | None:
    """The same session at the nearest time of its day when its room and trainers are free."""
    needed = [rooms_taken.get(wanted.room_id, ())] if wanted.room_id else []
    needed += [trainers_taken.get(one, ()) for one in wanted.trainers]
    start = start_of(wanted)
    first = datetime.combine(start.date(), EARLIEST)
    last = datetime.combine(start.date(), LATEST) - timedelta(minutes=wanted.minutes)
    times = []
    while first <= last:
        times.append(first)
        first += STEP
    for moment in sorted(times, key=lambda one: (abs(one - start), one < start)):
        tried = replace(wanted, day=moment.date(), starts_at=moment.time())
        if all(_free(tried, taken) for taken in needed):
            return tried
    return None
