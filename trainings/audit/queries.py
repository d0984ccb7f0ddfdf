"""Reads the trail."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, String, case, column, select, values
from sqlalchemy.orm import InstrumentedAttribute

from trainings.audit.models import AuditEntry, AuditHead
from trainings.core.db import db, read_for_page

FAR = 5000  # entries of the trail that are looked through for a page


class Last(NamedTuple):
    """The number and the code of the last entry of the trail at a moment."""

    number: int
    mac: str


NONE = Last(0, "")  # before the first entry


def head() -> Last:
    """The last entry; ``NONE`` if there is none."""
    found = db.session.get(AuditHead, 1)
    return NONE if found is None else Last(found.number, found.mac)


def mac_of(number: int) -> str | None:
    """The code of an entry, or None if there is no such entry."""
    return db.session.scalar(select(AuditEntry.mac).where(AuditEntry.number == number))


def without_since(acts: Collection[str], before: Last) -> tuple[Last, bool]:
    """The last entry now, and whether none after an earlier last one is of these acts.

    False as well where the trail is another, or is more than ``FAR`` entries longer. One statement.
    """
    later = (AuditEntry.number > before.number, AuditEntry.act.in_(sorted(acts)))
    found = db.session.execute(
        select(
            AuditHead.number,
            AuditHead.mac,
            select(AuditEntry.mac).where(AuditEntry.number == before.number).scalar_subquery(),
            case(
                (AuditHead.number - before.number > FAR, True),
                else_=select(AuditEntry.number).where(*later).exists(),
            ),
        )
    ).one_or_none()
    if found is None:
        return NONE, before == NONE
    number, mac, then, done = found
    return Last(number, mac), (before == NONE or then == before.mac) and not done


def last_of(course_ids: Collection[str]) -> dict[str, str]:
    """The code of the last entry about each of these courses: after each act it is another.

    It follows from all entries before it, so that none comes back. One statement, if any: what a
    page has read already, beside a course or here, is not asked for again.
    """
    read = read_for_page(_LAST)
    known: dict[str, str | None] = {} if read is None else read
    asked = [(key,) for key in course_ids if key not in known]
    if asked:
        each = values(column("course_id", String), name="wanted").data(asked).cte()
        rows = db.session.execute(select(each.c.course_id, last_about(each.c.course_id)))
        known.update({course_id: code for course_id, code in rows})  # noqa: C416
    codes = ((course_id, known.get(course_id)) for course_id in course_ids)
    return {course_id: code for course_id, code in codes if code}


def last_about(course_id: ColumnElement[str] | InstrumentedAttribute[str]) -> ScalarSelect[str]:
    """The code of the last entry about a course, as a part of a statement; an index leads to it.

    Said as a range: for an equal course PostgreSQL might go backwards through the entries of all.
    """
    about = select(AuditEntry.mac).where(AuditEntry.course_id.between(course_id, course_id))
    last = about.order_by(AuditEntry.course_id.desc(), AuditEntry.number.desc()).limit(1)
    return last.scalar_subquery()


def noted(course_id: str, code: str | None) -> None:
    """Note what was read beside a course, for all parts of the page."""
    read = read_for_page(_LAST)
    if read is not None:
        read[course_id] = code


_LAST = "last_entries"


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
