"""What organisers do with the timetable of a course: one function for each act.

Each takes the versions of the sessions as the page showed them and gives what became of them.
Where somebody else changed one meanwhile, nothing happens (``ChangedMeanwhile``), unless it is
already as asked: then the act was sent twice. Each raises what ``agenda.act_writes.enact`` raises.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, time

from msgspec.structs import replace

from trainings.agenda import act_queries, act_writes, booking_writes
from trainings.agenda.act_rules import ActKind, Entry
from trainings.agenda.act_writes import Enacted, Entries
from trainings.agenda.rules import ModuleMissing
from trainings.core.db import new_key, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Viewer
from trainings.courses.writes import plan_minutes
from trainings.rosters.rules import TrainerRole
from trainings.scheduling import frame_rules, queries, rules
from trainings.scheduling.frame_rules import Frame
from trainings.scheduling.rules import ChangedMeanwhile, NothingThere

Versions = Mapping[str, int]  # by session, as the page showed them
Change = Callable[[dict[str, Entry]], Entries]


def _act(
    course_id: str, kind: ActKind, shown: Versions, change: Change, by: Viewer, new_room: str = ""
) -> Enacted:
    """Change sessions that are there; ``change`` gives each as it becomes.

    ``new_room``: the name of the room they are put into, also one that is not on the list yet.
    """
    with booking_writes.naming_clashes(by), transaction() as session:
        course = act_writes.course_to_change(course_id, by)
        rows = act_queries.rows(course.id, list(shown))
        if not shown:
            raise NothingThere
        if len(rows) < len(shown):
            raise NotFound
        now = {key: act_queries.entry_of(rows[key]) for key in shown}
        after = change(now)
        if new_room:
            room = act_writes.room_named(session, course, new_room)
            after = {key: entry and replace(entry, room_id=room) for key, entry in after.items()}
        stale = [key for key in shown if rows[key].version != shown[key]]
        if any(after.get(key) != now[key] for key in stale):
            raise ChangedMeanwhile
        done = act_writes.enact(session, course, kind, rows, after, by)
        return done or Enacted(None, now, {key: rows[key].version for key in shown})


def move(
    course_id: str,
    shown: Versions,
    start: datetime,
    by: Viewer,
    *,
    room: str | None = None,
    add: Collection[str] = (),
    release: Collection[str] = (),
    role: TrainerRole | None = None,
) -> Enacted:
    """Move sessions: the first one to a time, the others by as much. One that waits is put there.

    ``room``: another one, empty for none; ``add``, ``release``: course trainers who give them then,
    and no longer; ``role``: of those who are added.
    """

    def change(now: dict[str, Entry]) -> Entries:
        return rules.moved(now, start, room, add, release, role)

    return _act(course_id, ActKind.MOVE, shown, change, by)


def resize(course_id: str, shown: Versions, start: datetime, end: datetime, by: Viewer) -> Enacted:
    """Give a session another start or end."""
    return _act(
        course_id,
        ActKind.RESIZE,
        shown,
        lambda now: {key: rules.resized(entry, start, end) for key, entry in now.items()},
        by,
    )


def assign(
    course_id: str,
    shown: Versions,
    by: Viewer,
    *,
    room: str | None = None,
    add: Collection[str] = (),
    release: Collection[str] = (),
    role: TrainerRole | None = None,
    new_room: str = "",
) -> Enacted:
    """Give sessions a room (empty: none), add trainers to them, release trainers from them.

    ``role``: of those who are added, also where they were there before; ``new_room``: the name of a
    room that need not be on the list yet.
    """

    def change(now: dict[str, Entry]) -> Entries:
        return {key: rules.given(entry, room, add, release, role) for key, entry in now.items()}

    return _act(course_id, ActKind.ASSIGN, shown, change, by, new_room)


def name(course_id: str, shown: Versions, language: str, title: str, by: Viewer) -> Enacted:
    """Give sessions a title in one language; an empty one takes it away."""

    def change(now: dict[str, Entry]) -> Entries:
        return {key: rules.named(entry, language, title) for key, entry in now.items()}

    return _act(course_id, ActKind.CHANGE, shown, change, by)


def unschedule(course_id: str, shown: Versions, by: Viewer) -> Enacted:
    """Take sessions off their days; they wait, with their room and trainers."""
    return _act(
        course_id,
        ActKind.UNSCHEDULE,
        shown,
        lambda now: {key: rules.unscheduled(entry) for key, entry in now.items()},
        by,
    )


def remove(course_id: str, shown: Versions, by: Viewer) -> Enacted:
    """Take sessions out of the agenda."""
    return _act(course_id, ActKind.REMOVE, shown, lambda now: dict.fromkeys(now), by)


def duplicate(course_id: str, shown: Versions, start: datetime | None, by: Viewer) -> Enacted:
    """The same session once more: at a time, or waiting to be put on a day."""

    def change(now: dict[str, Entry]) -> Entries:
        return {
            new_key(): rules.at(entry, start) if start else rules.unscheduled(entry)
            for entry in now.values()
        }

    return _act(course_id, ActKind.DUPLICATE, shown, change, by)


def split(course_id: str, shown: Versions, moment: time, by: Viewer) -> Enacted:
    """Make two sessions of one, the second from a moment on."""

    def change(now: dict[str, Entry]) -> Entries:
        ((key, entry),) = now.items()
        first, second = rules.split(entry, moment)
        return {key: first, new_key(): second}

    return _act(course_id, ActKind.SPLIT, shown, change, by)


def swap(course_id: str, shown: Versions, by: Viewer) -> Enacted:
    """Let two sessions change places in time; each keeps its length, room and trainers."""

    def change(now: dict[str, Entry]) -> Entries:
        if len(now) != 2:
            raise rules.SameSession
        one, other = now
        first, second = rules.swapped(now[one], now[other])
        return {one: first, other: second}

    return _act(course_id, ActKind.SWAP, shown, change, by)


def shift(course_id: str, day: date, since: time, minutes: int, by: Viewer) -> Enacted:
    """Move all sessions of a day that begin at a time or later by so many minutes."""
    with booking_writes.naming_clashes(by), transaction() as session:
        course = act_writes.course_to_change(course_id, by)
        rows = act_queries.rows_of_day(course.id, day)
        entries = {key: act_queries.entry_of(row) for key, row in rows.items()}
        after = rules.shifted(entries, day, since, minutes)
        return _done(act_writes.enact(session, course, ActKind.SHIFT, rows, after, by))


def add(course_id: str, entry: Entry, by: Viewer) -> Enacted:
    """Put a new session on a day, from a module or by its title."""
    with booking_writes.naming_clashes(by), transaction() as session:
        course = act_writes.course_to_change(course_id, by)
        return _done(act_writes.enact(session, course, ActKind.ADD, {}, {new_key(): entry}, by))


def copy_breaks(course_id: str, day: date, days: Collection[date], by: Viewer) -> Enacted:
    """Copy the breaks of a day to other days."""
    with booking_writes.naming_clashes(by), transaction() as session:
        course = act_writes.course_to_change(course_id, by)
        entries = queries.plan(course).entries.values()
        made = rules.copied_breaks(list(entries), day, days)
        after = {new_key(): entry for entry in made}
        return _done(act_writes.enact(session, course, ActKind.COPY, {}, after, by))


def lay_out(
    course_id: str,
    days: Sequence[date],
    frame: Frame,
    fill: bool,
    names: Mapping[bool, Mapping[str, str]],
    by: Viewer,
) -> Enacted:
    """Lay days out by a frame: breaks and lunch and, with ``fill``, what is to be scheduled.

    ``names``: the titles of a break and (under true) of lunch. Raises ``NothingThere`` where the
    days already hold all of it.
    """
    parts = frame_rules.slots(frame)
    with booking_writes.naming_clashes(by), transaction() as session:
        course = act_writes.course_to_change(course_id, by)
        plan = queries.plan(course)
        waiting = queries.to_schedule(plan) if fill else []
        made = frame_rules.laid(list(plan.entries.values()), days, parts, waiting, names)
        if not made:
            raise NothingThere
        after = {one.key or new_key(): one.entry for one in made}
        rows = act_queries.rows(course.id, [key for key in plan.entries if key in after])
        return _done(act_writes.enact(session, course, ActKind.FRAME, rows, after, by))


def plan_module(course_id: str, module_id: str, minutes: int | None, by: Viewer) -> None:
    """Say how many minutes the course means to teach a module; none: not said."""
    with booking_writes.naming_clashes(by), transaction() as session:
        course = act_writes.course_to_change(course_id, by)
        if module_id not in act_queries.modules_of(course.id):
            raise ModuleMissing
        plan_minutes(session, course, module_id, minutes)


def _done(done: Enacted | None) -> Enacted:
    if done is None:
        raise NothingThere
    return done
