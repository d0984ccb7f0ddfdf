"""Adds entries to the trail, inside the transaction of the act."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainings.audit.models import AuditEntry, AuditHead
from trainings.core import clock, sealed
from trainings.core.db import for_update

_PORTION = 500  # entries written at once


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
    _append(session, _head(session), act, object_type, object_id, by, course_id, details)


class Entry(NamedTuple):
    """What to record about one object: the act, its id, and details (codes and ids)."""

    act: str
    object_id: str
    details: Mapping[str, Any]


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
    number, head = 0, None
    with session.no_autoflush:
        for number, one in enumerate(each, 1):
            head = head or _head(session)
            _append(session, head, one.act, object_type, one.object_id, by, course_id, one.details)
            if number % _PORTION == 0:
                session.flush()
    return number


def _head(session: Session) -> AuditHead:
    """The head of the trail, locked."""
    head = session.scalar(for_update(select(AuditHead).where(AuditHead.id == 1)))
    if head is None:
        head = AuditHead(id=1, number=0, mac="")
        session.add(head)
    return head


def _append(
    session: Session,
    head: AuditHead,
    act: str,
    object_type: str,
    object_id: str,
    by: str | None,
    course_id: str | None,
    details: Mapping[str, Any],
) -> None:
    entry = AuditEntry(
        number=head.number + 1,
        at=clock.now(),
        by=by,
        act=act,
        object_type=object_type,
        object_id=object_id,
        course_id=course_id,
        details=dict(details),
        mac="",
    )
    entry.mac = sealed.audit_mac(head.mac, message(entry))
    session.add(entry)
    head.number, head.mac = entry.number, entry.mac


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
    return json.dumps(
        [
            entry.number,
            _moment(entry.at),
            entry.by,
            entry.act,
            entry.object_type,
            entry.object_id,
            entry.course_id,
            entry.details,
        ],
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=True,
    )


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
