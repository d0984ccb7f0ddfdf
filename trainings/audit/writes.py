"""Adds entries to the trail, inside the transaction of the act."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from trainings.audit.models import AuditEntry, AuditHead
from trainings.audit.queries import NONE, Last
from trainings.core import clock, sealed
from trainings.core.db import insert_rows

_PORTION = 500  # entries written at once
_LAST = select(AuditHead.number, AuditHead.mac).where(AuditHead.id == 1).with_for_update()
_MOVE_HEAD = (
    update(AuditHead.__table__)  # type: ignore[arg-type]
    .where(AuditHead.id == 1)
    .values(number=bindparam("number"), mac=bindparam("mac"))
)
_HEAD = "audit_head"


def record(
    session: Session,
    act: str,
    object_type: str,
    object_id: str,
    *,
    by: str | None,
    course_id: str | None = None,
    **details: Any,
) -> None:
    """Write who did what to which object, chained to the entry before; codes and ids only.

    Locks the head of the trail: call it after all other locks are taken.
    """
    if session.autoflush:
        session.flush()  # the rows that it changes are locked before the head
    entry = Entry(act, object_id, details)
    record_entries(session, object_type, [entry], by=by, course_id=course_id)


class Entry(NamedTuple):
    """What to record about one object: the act, its id, and details (codes and ids).

    ``by``: who did it, where several did as much at once.
    """

    act: str
    object_id: str
    details: Mapping[str, Any]
    by: str | None = None


def record_each(
    session: Session,
    act: str,
    object_type: str,
    each: Iterable[tuple[str, Mapping[str, Any]]],
    *,
    by: str | None,
    course_id: str | None = None,
) -> int:
    """Record one act on many objects, each with its own details; returns how many."""
    entries = (Entry(act, object_id, details) for object_id, details in each)
    return record_entries(session, object_type, entries, by=by, course_id=course_id)


def record_entries(
    session: Session,
    object_type: str,
    each: Iterable[Entry],
    *,
    by: str | None,
    course_id: str | None = None,
) -> int:
    """Record several acts, in the order given; returns how many.

    They are written a few hundred at a time, so that thousands take little memory and time.
    """
    entries, count = iter(each), 0
    while portion := list(islice(entries, _PORTION)):
        before, rows = _last(session), []
        last = before
        for one in portion:
            row = _row(last, object_type, one, one.by or by, course_id)
            last = Last(row["number"], row["mac"])
            rows.append(row)
        insert_rows(session, AuditEntry, rows)
        _keep_last(session, before, last)
        count += len(rows)
    return count


def _last(session: Session) -> Last:
    """The last entry; the head of the trail is locked, once for a transaction."""
    kept: tuple[Any, Last] | None = session.info.get(_HEAD)
    if kept is not None and kept[0] is session.get_transaction():
        return kept[1]
    found = session.execute(_LAST).one_or_none()
    return NONE if found is None else Last(*found)


def _keep_last(session: Session, before: Last, last: Last) -> None:
    if before.number:
        session.execute(_MOVE_HEAD, last._asdict())
    else:
        insert_rows(session, AuditHead, [{"id": 1, **last._asdict()}])
    session.info[_HEAD] = (session.get_transaction(), last)


def _row(
    last: Last, object_type: str, entry: Entry, by: str | None, course_id: str | None
) -> dict[str, Any]:
    number, at, details = last.number + 1, clock.now(), dict(entry.details)
    line = _line(number, at, by, entry.act, object_type, entry.object_id, course_id, details)
    return {
        "number": number,
        "at": at,
        "by": by,
        "act": entry.act,
        "object_type": object_type,
        "object_id": entry.object_id,
        "course_id": course_id,
        "details": details,
        "mac": sealed.audit_mac(last.mac, line),
    }


def link(
    before: str,
    act: str,
    object_type: str,
    object_id: str,
    by: str | None,
    course_id: str | None,
    details: Mapping[str, Any],
) -> str:
    """The next link of one object's own chain, which depends on all entries before it.

    If an object stores the last link of its entries, these few entries alone show whether one was
    changed, removed or inserted; there is no need to check the whole trail.
    """
    done = ["own", act, object_type, object_id, by, course_id, dict(details)]
    return sealed.audit_mac(before, json.dumps(done, sort_keys=True, separators=(",", ":")))


def link_of(before: str, entry: AuditEntry) -> str:
    """The link for an entry that is already in the trail."""
    return link(
        before,
        entry.act,
        entry.object_type,
        entry.object_id,
        entry.by,
        entry.course_id,
        entry.details,
    )


def message(entry: AuditEntry) -> str:
    """What the chain protects: every column of the entry, in one canonical line."""
    return _line(
        entry.number,
        entry.at,
        entry.by,
        entry.act,
        entry.object_type,
        entry.object_id,
        entry.course_id,
        entry.details,
    )


def _line(number: int, at: datetime, *rest: Any) -> str:
    return json.dumps(
        [number, _moment(at), *rest], sort_keys=True, separators=(",", ":"), ensure_ascii=True
    )


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
