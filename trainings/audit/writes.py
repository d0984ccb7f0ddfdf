"""Adds to the trail, inside the transaction of the act."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

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


def record_each(
    session: Session,
    act: str,
    object_type: str,
    each: Iterable[tuple[str, Mapping[str, Any]]],
    *,
    by: str | None,
    course_id: str | None = None,
) -> int:
    """The same for many objects of one act, each with its details; gives how many.

    They are written a few hundred at a time: thousands take neither memory nor long.
    """
    head, number = _head(session), 0
    with session.no_autoflush:
        for number, (object_id, details) in enumerate(each, 1):
            _append(session, head, act, object_type, object_id, by, course_id, details)
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
    session: Session, head: AuditHead, act: str, object_type: str, object_id: str,
    by: str | None, course_id: str | None, details: Mapping[str, Any],
) -> None:  # fmt: skip
    entry = AuditEntry(
        number=head.number + 1, at=clock.now(), by=by, act=act, object_type=object_type,
        object_id=object_id, course_id=course_id, details=dict(details), mac="",
    )  # fmt: skip
    entry.mac = sealed.audit_mac(head.mac, message(entry))
    session.add(entry)
    head.number, head.mac = entry.number, entry.mac


def message(entry: AuditEntry) -> str:
    """What the chain vouches for: every column of the entry, in one canonical line."""
    return json.dumps(
        [entry.number, _moment(entry.at), entry.by, entry.act, entry.object_type,
         entry.object_id, entry.course_id, entry.details],
        sort_keys=True, separators=(",", ":"), ensure_ascii=True,
    )  # fmt: skip


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
