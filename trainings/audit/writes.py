"""Adds to the trail, inside the transaction of the act."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainings.audit.models import AuditEntry, AuditHead
from trainings.core import clock, sealed
from trainings.core.db import for_update


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
    head = session.scalar(for_update(select(AuditHead).where(AuditHead.id == 1)))
    if head is None:
        head = AuditHead(id=1, number=0, mac="")
        session.add(head)
    entry = AuditEntry(
        number=head.number + 1, at=clock.now(), by=by, act=act, object_type=object_type,
        object_id=object_id, course_id=course_id, details=details, mac="",
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
