"""The one way in which sessions become others, inside the caller's transaction.

What they are to be is checked, kept so that it can be undone, and written into the trail.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from trainings.agenda import act_queries, booking_writes, clash_queries, writes
from trainings.agenda.act_queries import Row, entry_of
from trainings.agenda.act_rules import ActKind, Entry, to_plain
from trainings.agenda.clash_rules import Slot, minutes
from trainings.agenda.models import AgendaAct, AgendaSession, Assignment, WaitingSession
from trainings.agenda.rules import (
    AgendaClosed,
    MarksTaken,
    RoomUnknown,
    TrainerNotAsked,
    check_content,
    check_session,
    shown_title,
)
from trainings.audit.writes import Entry as TrailEntry
from trainings.audit.writes import record_entries
from trainings.core import clock
from trainings.core.db import new_key
from trainings.core.permissions import Permission, Viewer
from trainings.courses import programme_queries
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.rules import ENDED
from trainings.courses.writes import add_room

Entries = Mapping[str, Entry | None]


class Enacted(NamedTuple):
    """What an act did: its sessions as they are now, each with its version."""

    act: AgendaAct | None  # none where nothing had to change
    entries: Entries
    versions: Mapping[str, int]


def course_to_change(course_id: str, by: Viewer) -> Course:
    """The course whose agenda is to change, its row locked.

    What a viewer may do can change while they wait, so it is asked after the lock. Raises
    ``NotFound``, ``AgendaClosed``.
    """
    course = courses.course_locked(by, Permission.AGENDA_EDIT, course_id)
    if course.state in ENDED:
        raise AgendaClosed
    return course


def enact(
    session: Session,
    course: Course,
    kind: ActKind,
    rows: Mapping[str, Row],
    after: Entries,
    by: Viewer,
) -> Enacted | None:
    """Make sessions what they are to become, all of them or none; none when nothing changes.

    ``rows``: those of the sessions that are there, of the course, whose row is locked. ``after``:
    by session; a new one has a new id, none takes a session away. Raises a refusal of
    ``agenda.rules`` or ``Busy`` (wrap the transaction in ``booking_writes.naming_clashes``).
    """
    before = {key: entry_of(rows[key]) if key in rows else None for key in after}
    changed = {key: entry for key, entry in after.items() if entry != before[key]}
    if not changed:
        return None
    slots = check(course, before, changed, by)
    needed = [
        clash_queries.slot(row) for key in slots if isinstance(row := rows.get(key), AgendaSession)
    ]
    versions = {
        key: _write(session, course, rows.get(key), key, entry, slots.get(key))
        for key, entry in changed.items()
    }
    try:
        session.flush()
    except IntegrityError:
        if all(key in slots for key in changed):
            raise  # nobody's marks stand in the way of what only moves
        raise MarksTaken from None
    if not course.template:
        booking_writes.book(session, slots.values(), needed)
    made = log(session, course.id, kind, {key: before[key] for key in changed}, changed, by)
    entries = [_trailed(key, before[key], entry, slots.get(key)) for key, entry in changed.items()]
    record_entries(session, "session", entries, by=by.account_id, course_id=course.id)
    return Enacted(made, changed, versions)


def log(
    session: Session,
    course_id: str,
    kind: ActKind,
    before: Entries,
    after: Entries,
    by: Viewer | None,
) -> AgendaAct:
    """Keep an act, with the next number of its course, whose row is locked."""
    made = AgendaAct(
        id=new_key(),
        course_id=course_id,
        number=act_queries.next_number(course_id),
        account_id=by.account_id if by else None,
        kind=kind,
        undone=False,
        before={key: entry and to_plain(entry) for key, entry in before.items()},
        after={key: entry and to_plain(entry) for key, entry in after.items()},
        at=clock.now(),
    )
    session.add(made)
    return made


def room_named(session: Session, course: Course, name: str) -> str:
    """The room of this name at the venue of a course, by its id; a new one is put on the list."""
    venue = course.venue or course.city
    known = {one.name.casefold(): one.id for one in programme_queries.rooms(venue)}
    return known.get(name.casefold()) or add_room(session, venue=venue, name=name, seats=0).id


def check(course: Course, before: Entries, after: Entries, by: Viewer) -> dict[str, Slot]:
    """When and with whom each scheduled session will be; refuses what cannot be.

    Locks trainers, then rooms. Raises like ``enact``.
    """
    for key, entry in after.items():
        if entry is not None:
            _check_content(course, before[key], entry)
    giving = _trainers(course, before, after)
    _check_rooms(course, before, after)
    slots = {}
    for key, entry in after.items():
        if entry is None or entry.start is None or entry.end is None:
            continue
        check_session(entry.start, entry.end, course.starts_on, course.ends_on)
        when = writes.Times.of(entry.start, entry.end, course.zone)
        trainers = frozenset(giving[one] for one in entry.trainers if one in giving)
        slots[key] = Slot(key, entry.kind, when.starts, when.ends, entry.room_id, trainers)
    if not course.template:
        booking_writes.check_free(list(slots.values()), by, course=course, titles=_titles(after))
    return slots


def _titles(entries: Entries) -> dict[str, str]:
    """What to call these sessions where a refusal names one that is not stored yet."""
    return {
        key: shown_title(entry.titles, None, entry.kind)
        for key, entry in entries.items()
        if entry is not None
    }


def _check_content(course: Course, before: Entry | None, entry: Entry) -> None:
    if entry.module_id is None or (before and before.module_id == entry.module_id):
        taught: Collection[str] = {entry.module_id} if entry.module_id else ()
    else:
        taught = act_queries.modules_of(course.id)
    check_content(entry.kind, entry.module_id, entry.titles, taught)


def _trainers(course: Course, before: Entries, after: Entries) -> dict[str, str]:
    """The trainer behind each course trainer who teaches, locked. Raises ``TrainerNotAsked``."""
    wanted = {one for entry in after.values() if entry for one in entry.trainers}
    if not wanted:
        return {}
    found = {one.id: one.trainer_id for one in clash_queries.teaching_for_update(course.id, wanted)}
    had = {one for entry in before.values() if entry for one in entry.trainers}
    if wanted - had - found.keys():
        raise TrainerNotAsked
    return found


def _check_rooms(course: Course, before: Entries, after: Entries) -> None:
    """Lock the rooms; refuse one that is not of the venue. Raises ``RoomUnknown``."""
    wanted = {entry.room_id for entry in after.values() if entry and entry.room_id}
    if not wanted:
        return
    had = {entry.room_id for entry in before.values() if entry}
    venue = course.venue or course.city
    found = {room.id: room.venue for room in clash_queries.rooms_for_update(wanted)}
    if any(found.get(one) != venue for one in wanted - had) or wanted - found.keys():
        raise RoomUnknown


def _write(
    session: Session,
    course: Course,
    row: Row | None,
    key: str,
    entry: Entry | None,
    slot: Slot | None,
) -> int:
    """Write a session as it is to become; gives its new version, 0 where it is gone."""
    kind = AgendaSession if slot else WaitingSession
    before = row.version if row is not None else 0
    if row is not None and (entry is None or not isinstance(row, kind)):
        session.delete(row)
        row = None
    if entry is None:
        return 0
    if row is None:
        row = kind(id=key, course_id=course.id)
        session.add(row)
    row.kind, row.module_id, row.titles = entry.kind, entry.module_id, dict(entry.titles)
    row.room_id, row.version = entry.room_id, before + 1
    row.languages, row.interpreted = list(entry.languages), list(entry.interpreted)
    if isinstance(row, WaitingSession):
        row.minutes, row.trainers = entry.minutes, list(entry.trainers)
        row.roles = {key: str(role) for key, role in entry.roles.items()}
    elif slot is not None:
        _schedule(row, entry, slot)
    return row.version


def _schedule(row: AgendaSession, entry: Entry, slot: Slot) -> None:
    if entry.start is None or entry.end is None:
        raise ValueError("a session that waits has no time")
    row.day, row.starts_at, row.ends_at = entry.start.date(), entry.start.time(), entry.end.time()
    row.starts_utc, row.ends_utc, row.minutes = slot.starts, slot.ends, minutes(slot)
    kept = [one for one in row.assignments if one.course_trainer_id in entry.trainers]
    had = {one.course_trainer_id for one in kept}
    new = [Assignment(course_trainer_id=one) for one in entry.trainers if one not in had]
    if new or len(kept) != len(row.assignments):
        row.assignments = [*kept, *new]
    for one in row.assignments:
        one.role = entry.role_of(one.course_trainer_id)


def _trailed(key: str, before: Entry | None, after: Entry | None, slot: Slot | None) -> TrailEntry:
    """What the trail keeps of a session that became another."""
    details = _details(before, after, slot)
    if after is None:
        return TrailEntry("session.remove", key, details)
    return TrailEntry("session.change" if before else "session.add", key, details)


def _details(before: Entry | None, after: Entry | None, slot: Slot | None) -> Mapping[str, Any]:
    """What the trail keeps of a session: times, room and trainers by id, never a name."""
    entry = after or before
    if entry is None:
        return {}
    found: dict[str, Any] = {
        "kind": str(entry.kind),
        "module": entry.module_id,
        "room": entry.room_id,
        "trainers": sorted(slot.trainers) if slot else [],
    }
    if slot:
        return {**found, "starts": slot.starts.isoformat(), "ends": slot.ends.isoformat()}
    if entry.start and entry.end:
        day, ends = entry.start.date().isoformat(), f"{entry.end:%H:%M}"
        return {**found, "day": day, "start": f"{entry.start:%H:%M}", "end": ends}
    return {**found, "waits": True}
