"""Reads the trail."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import select

from trainings.audit.models import AuditEntry, AuditHead
from trainings.core.db import db


def head() -> tuple[int, str]:
    """The number and the code of the last entry; (0, "") if there is none."""
    found = db.session.get(AuditHead, 1)
    return (0, "") if found is None else (found.number, found.mac)


def mac_of(number: int) -> str | None:
    """The code of an entry, or None if there is no such entry."""
    return db.session.scalar(select(AuditEntry.mac).where(AuditEntry.number == number))


def in_order(number: int = 0, pace: int = 500) -> Iterator[AuditEntry]:
    """Every entry after a number, read in batches so that a long trail fits in memory."""
    while True:
        entries = db.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.number > number)
            .order_by(AuditEntry.number)
            .limit(pace)
        ).all()
        if not entries:
            return
        yield from entries
        number = entries[-1].number
        db.session.expunge_all()


def latest(
    *, course_id: str | None = None, before: int | None = None, limit: int = 50
) -> Sequence[AuditEntry]:
    """The newest entries; optionally of one course only, or older than a number."""
    statement = select(AuditEntry).order_by(AuditEntry.number.desc()).limit(limit)
    if course_id is not None:
        statement = statement.where(AuditEntry.course_id == course_id)
    if before is not None:
        statement = statement.where(AuditEntry.number < before)
    return db.session.scalars(statement).all()


def entries_of(
    object_type: str, objects: Collection[str], most: int | None = None
) -> Sequence[AuditEntry]:
    """The entries about these objects, the earliest first; ``most`` limits their number."""
    return db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.object_type == object_type, AuditEntry.object_id.in_(objects))
        .order_by(AuditEntry.number)
        .limit(most)
    ).all()
