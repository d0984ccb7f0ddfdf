"""What organisers do with single sessions: add, change, remove; undo and do again what they did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from trainings.agenda import act_queries, act_writes, booking_writes
from trainings.agenda.act_rules import (
    ActKind,
    Entry,
    NothingToRedo,
    NothingToUndo,
    check_as_left,
    of_plain,
    without_leads,
)
from trainings.agenda.act_writes import Enacted
from trainings.agenda.rules import EndsBeforeStart, SessionData, SessionsRefused
from trainings.core import versions
from trainings.core.db import new_key, transaction
from trainings.core.errors import NotFound, Refusal
from trainings.core.permissions import Viewer
from trainings.courses.models import Course


def add_session(course_id: str, data: SessionData, by: Viewer) -> str:
    """Put a session into the agenda of a course; gives its id.

    Raises a refusal of ``agenda.rules`` where the time, the content, the room or a trainer does
    not allow it.
    """
    key = new_key()
    with booking_writes.naming_clashes(by), transaction() as session:
        course = act_writes.course_to_change(course_id, by)
        after = {key: _entry(session, course, data)}
        act_writes.enact(session, course, ActKind.ADD, {}, after, by)
    return key


def add_sessions(course_id: str, rows: Mapping[int, SessionData], by: Viewer) -> list[str]:
    """Put several sessions into the agenda at once; gives their ids.

    ``rows``: by a number that tells them apart. Raises ``SessionsRefused`` with what speaks
    against each, and then none is added.
    """
    keys = {number: new_key() for number in rows}
    refused: dict[int, Refusal] = {}
    try:
        with booking_writes.naming_clashes(by), transaction() as session:
            course = act_writes.course_to_change(course_id, by)
            after: dict[str, Entry | None] = {}
            for number, data in rows.items():
                try:
                    tried = {**after, keys[number]: _entry(session, course, data)}
                    act_writes.check(course, dict.fromkeys(tried), tried, by)
                    after = tried
                except Refusal as refusal:
                    refused[number] = refusal
            if refused:
                raise SessionsRefused(refused)
            act_writes.enact(session, course, ActKind.IMPORT, {}, after, by)
    except SessionsRefused as found:
        raise SessionsRefused(
            {number: booking_writes.named(one, by) for number, one in found.by_row.items()}
        ) from None
    return list(keys.values())


def change_session(course_id: str, session_id: str, data: SessionData, by: Viewer) -> None:
    """Change a session: its time, kind, module, titles, room, trainers. Refuses as adding does."""
    with booking_writes.naming_clashes(by), transaction() as session:
        course = act_writes.course_to_change(course_id, by)
        rows = _rows(course, session_id)
        versions.check()
        after = {session_id: _entry(session, course, data)}
        act_writes.enact(session, course, ActKind.CHANGE, rows, after, by)


def remove_session(course_id: str, session_id: str, by: Viewer) -> None:
    """Take a session out of the agenda. Raises ``MarksTaken`` where people were marked in it."""
    with booking_writes.naming_clashes(by), transaction() as session:
        course = act_writes.course_to_change(course_id, by)
        rows = _rows(course, session_id)
        act_writes.enact(session, course, ActKind.REMOVE, rows, {session_id: None}, by)


def undo(course_id: str, by: Viewer) -> Enacted:
    """Take back one's own last act in a course; gives what became of the sessions.

    Raises ``NothingToUndo``, ``ChangedSince`` where another change came after it, and what the
    agenda refuses today (a room that is taken by now).
    """
    return _put_back(course_id, ActKind.UNDO, by)


def redo(course_id: str, by: Viewer) -> Enacted:
    """Do again what one undid last, unless one did something else since.

    Raises ``NothingToRedo`` and what ``undo`` raises.
    """
    return _put_back(course_id, ActKind.REDO, by)


def _put_back(course_id: str, kind: ActKind, by: Viewer) -> Enacted:
    """Turn one's own last act round: undo what is done, do again what was undone."""
    undoing = kind is ActKind.UNDO
    with booking_writes.naming_clashes(by), transaction() as session:
        course = act_writes.course_to_change(course_id, by)
        own = act_queries.own_acts(course_id, by.account_id)
        act = own.undo if undoing else own.redo
        if act is None:
            raise NothingToUndo if undoing else NothingToRedo
        left, back = (act.after, act.before) if undoing else (act.before, act.after)
        rows = act_queries.rows(course.id, list(left))
        now = {key: act_queries.entry_of(rows[key]) if key in rows else None for key in left}
        check_as_left(now, {key: kept and of_plain(kept) for key, kept in left.items()})
        after = {key: kept and of_plain(kept) for key, kept in back.items()}
        done = act_writes.enact(session, course, kind, rows, after, by)
        if done is None:
            raise RuntimeError("an act that changed nothing was kept")
        act.undone = undoing
    return done


def _rows(course: Course, session_id: str) -> dict[str, act_queries.Row]:
    rows = act_queries.rows(course.id, [session_id])
    if not rows:
        raise NotFound
    return rows


def _entry(session: Session, course: Course, data: SessionData) -> Entry:
    """What was typed, as an entry of the agenda; a room that is not on the list is made."""
    length = datetime.combine(data.day, data.ends_at) - datetime.combine(data.day, data.starts_at)
    if length.total_seconds() <= 0:
        raise EndsBeforeStart
    return Entry(
        kind=data.kind,
        minutes=int(length.total_seconds()) // 60,
        day=data.day,
        starts_at=data.starts_at,
        titles={code: text for code, text in data.titles.items() if text},
        module_id=data.module_id,
        room_id=act_writes.room_named(session, course, data.new_room)
        if data.new_room
        else data.room_id,
        trainers=tuple(sorted(data.roles)),
        roles=without_leads(data.roles),
        languages=data.languages,
        interpreted=data.interpreted,
    )
