"""What organisers do with the hours of a course: add, change, assign and remove sessions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from trainings.agenda import clash_queries, writes
from trainings.agenda.clash_rules import Slot, minutes
from trainings.agenda.models import AgendaSession
from trainings.agenda.rules import (
    AgendaClosed,
    MarksTaken,
    RoomUnknown,
    SessionData,
    SessionsRefused,
    TrainerNotAsked,
    check_content,
    check_session,
)
from trainings.audit.writes import record
from trainings.core import versions
from trainings.core.db import new_key, transaction
from trainings.core.errors import Refusal
from trainings.core.permissions import Permission, Viewer
from trainings.courses import programme_queries
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.rules import ENDED
from trainings.courses.writes import add_room


class _Planned(NamedTuple):
    """What a session will be, once nothing speaks against it."""

    slot: Slot
    course_trainers: tuple[str, ...]


def add_session(course_id: str, data: SessionData, by: Viewer) -> str:
    """Put a session into the agenda of a course; gives its id.

    Raises a refusal of ``agenda.rules`` where the time, the content, the room or a trainer does
    not allow it.
    """
    with writes.naming_clashes(by), transaction() as session:
        courses.course_for_update(course_id)
        return _add(session, _course_in_reach(course_id, by), data, by)


def add_sessions(course_id: str, rows: Mapping[int, SessionData], by: Viewer) -> list[str]:
    """Put several sessions into the agenda at once; gives their ids.

    ``rows``: by a number that tells them apart. Raises ``SessionsRefused`` with what speaks
    against each, and then none is added.
    """
    added, refused = [], {}
    try:
        with transaction() as session:
            courses.course_for_update(course_id)
            course = _course_in_reach(course_id, by)
            for number, data in rows.items():
                try:
                    added.append(_add(session, course, data, by))
                except Refusal as refusal:
                    refused[number] = refusal
                    course = _course_in_reach(course_id, by)  # what was looked up changed it
            if refused:
                raise SessionsRefused(refused)
    except SessionsRefused as found:
        raise SessionsRefused(
            {number: writes.named(one, by) for number, one in found.by_row.items()}
        ) from None
    return added


def _add(session: Session, course: Course, data: SessionData, by: Viewer) -> str:
    row = AgendaSession(id=new_key(), course_id=course.id)
    planned = _plan(session, course, row, data, by)
    _keep(row, data, planned)
    session.add(row)
    session.flush()
    writes.set_trainers(session, row.id, planned.course_trainers)
    record(
        session,
        "session.add",
        "session",
        row.id,
        by=by.account_id,
        course_id=course.id,
        **_details(planned),
    )
    return row.id


def change_session(session_id: str, data: SessionData, by: Viewer) -> None:
    """Change a session: its time, kind, module, titles, room, trainers. Refuses as adding does."""
    with writes.naming_clashes(by), transaction() as session:
        row = clash_queries.session_for_update(session_id)
        course = _course_in_reach(row.course_id, by)
        versions.check()
        planned = _plan(session, course, row, data, by)
        _keep(row, data, planned)
        session.flush()
        writes.set_trainers(session, row.id, planned.course_trainers)
        record(
            session,
            "session.change",
            "session",
            row.id,
            by=by.account_id,
            course_id=course.id,
            **_details(planned),
        )


def remove_session(session_id: str, by: Viewer) -> None:
    """Take a session out of the agenda. Raises ``MarksTaken`` where people were marked in it."""
    with transaction() as session:
        row = clash_queries.session_for_update(session_id)
        course = _course_in_reach(row.course_id, by)
        session.delete(row)
        try:
            session.flush()
        except IntegrityError:
            raise MarksTaken from None
        record(
            session,
            "session.remove",
            "session",
            session_id,
            by=by.account_id,
            course_id=course.id,
            day=row.day.isoformat(),
            start=f"{row.starts_at:%H:%M}",
            end=f"{row.ends_at:%H:%M}",
            kind=str(row.kind),
            module=row.module_id,
        )


def _course_in_reach(course_id: str, by: Viewer) -> Course:
    """The course, whose row is locked: what a viewer may do can change while they wait."""
    course = courses.course_by_id(by, Permission.AGENDA_EDIT, course_id, load=("modules",))
    if course.state in ENDED:
        raise AgendaClosed
    return course


def _plan(
    session: Session, course: Course, row: AgendaSession, data: SessionData, by: Viewer
) -> _Planned:
    """Everything that may speak against a session, before a row is changed."""
    starts = datetime.combine(data.day, data.starts_at)
    ends = datetime.combine(data.day, data.ends_at)
    check_session(starts, ends, course.starts_on, course.ends_on)
    when = writes.Times.of(starts, ends, course.zone)
    check_content(data, {one.module_id for one in course.modules})
    trainers = _teaching(course, data.trainers)
    room_id = _room(session, course, row, data)
    slot = Slot(row.id, data.kind, when.starts, when.ends, room_id, frozenset(trainers))
    if not course.template:
        writes.check_free([slot], by)
    return _Planned(slot, data.trainers)


def _room(session: Session, course: Course, row: AgendaSession, data: SessionData) -> str | None:
    """The room of a session, locked: one of the venue's, the one it has, or a new one by name."""
    venue = course.venue or course.city
    room_id = data.room_id
    if data.new_room:
        known = {one.name.casefold(): one.id for one in programme_queries.rooms(venue)}
        room_id = known.get(data.new_room.casefold())
        if room_id is None:
            return add_room(session, venue=venue, name=data.new_room, seats=0).id
    if room_id is None:
        return None
    room = clash_queries.room_for_update(room_id)
    if room is None or (room.venue != venue and room.id != row.room_id):
        raise RoomUnknown
    return room.id


def _teaching(course: Course, course_trainers: Collection[str]) -> tuple[str, ...]:
    """The trainers behind these course trainers, locked. Raises ``TrainerNotAsked``."""
    if not course_trainers:
        return ()
    found = clash_queries.teaching_for_update(course.id, course_trainers)
    if len(found) != len(set(course_trainers)):
        raise TrainerNotAsked
    return tuple(one.trainer_id for one in found)


def _keep(row: AgendaSession, data: SessionData, planned: _Planned) -> None:
    row.kind, row.module_id = data.kind, data.module_id
    row.titles = {code: text for code, text in data.titles.items() if text}
    row.day, row.starts_at, row.ends_at = data.day, data.starts_at, data.ends_at
    row.starts_utc, row.ends_utc = planned.slot.starts, planned.slot.ends
    row.minutes, row.room_id = minutes(planned.slot), planned.slot.room


def _details(planned: _Planned) -> dict[str, object]:
    """What the trail keeps of a session: times, room and trainers by id, never a name."""
    slot = planned.slot
    return {
        "kind": str(slot.kind),
        "starts": slot.starts.isoformat(),
        "ends": slot.ends.isoformat(),
        "room": slot.room,
        "trainers": sorted(slot.trainers),
    }
