"""Keeps and deletes rows to be finished by hand, and layouts, inside an operation."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from trainings.core import clock, sealed
from trainings.core.db import new_key
from trainings.nominations_import import queries
from trainings.nominations_import.models import ColumnLayout, WaitingRow
from trainings.nominations_import.reading_rules import Row
from trainings.nominations_import.waiting_rules import (
    MOST_LAYOUTS,
    MOST_ROWS,
    TooManyWait,
    content,
    likeness,
)
from trainings.people.queries import mail_index


def keep_rows(session: Session, account_id: str, course_id: str, rows: Sequence[Row]) -> int:
    """Keep rows to be finished by hand; returns how many were not kept before.

    Raises ``TooManyWait``.
    """
    digests = {sealed.blind_index("nomination_row", likeness(row)): row for row in rows}
    there = queries.kept_digests(account_id, course_id)
    new = {digest: row for digest, row in digests.items() if digest not in there}
    if new and len(there) + len(new) > MOST_ROWS:
        raise TooManyWait
    now = clock.now()
    for place, (digest, row) in enumerate(new.items()):
        row_id = new_key()
        session.add(
            WaitingRow(
                id=row_id,
                course_id=course_id,
                account_id=account_id,
                digest=digest,
                mail_index=mail_index(row.candidate.mail),
                content=sealed.seal(content(row), queries.content_place(row_id)),
                place=place,
                kept_at=now,
            )
        )
    session.flush()
    return len(new)


def remember(session: Session, account_id: str, layout: str, columns: Sequence[str]) -> None:
    """Remember what the columns of a layout hold, the latest layouts of an account only."""
    if not layout:
        return
    index = queries.layout_index(layout)
    found = session.scalars(
        select(ColumnLayout)
        .where(ColumnLayout.account_id == account_id)
        .order_by(ColumnLayout.used_at.desc(), ColumnLayout.id)
    ).all()
    known = next((one for one in found if one.layout == index), None)
    if known is None:
        for old in found[MOST_LAYOUTS - 1 :]:
            session.delete(old)
        known = ColumnLayout(id=new_key(), account_id=account_id, layout=index)
        session.add(known)
    known.columns, known.used_at = list(columns), clock.now()
    session.flush()


def forget_rows_of(session: Session, index: str | None) -> None:
    """Delete the rows that name somebody by their address, whoever sent them: they are erased."""
    if index is not None:
        session.execute(delete(WaitingRow).where(WaitingRow.mail_index == index))


def forget_lists(session: Session, account_id: str) -> None:
    """Delete what is kept for an account: its person is erased."""
    session.execute(delete(WaitingRow).where(WaitingRow.account_id == account_id))
    session.execute(delete(ColumnLayout).where(ColumnLayout.account_id == account_id))
