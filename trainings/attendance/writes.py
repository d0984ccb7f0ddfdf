"""Changes marks inside someone's transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from trainings.attendance.models import AttendanceMark
from trainings.attendance.rules import Mark


def set_marks(
    session: Session,
    session_id: str,
    marks: Mapping[str, Mark],
    *,
    by: str | None,
    at: datetime,
    over: bool = True,
) -> None:
    """Keep the marks of some people of a session, over what was marked before (or not)."""
    if not marks:
        return
    rows = [
        {"session_id": session_id, "registration_id": key, "mark": mark, "by": by, "at": at}
        for key, mark in sorted(marks.items())
    ]
    postgres = session.get_bind().dialect.name == "postgresql"
    insert: Any = postgresql.insert if postgres else sqlite.insert
    statement = insert(AttendanceMark).values(rows)
    if over:
        statement = statement.on_conflict_do_update(
            index_elements=["session_id", "registration_id"],
            set_={name: statement.excluded[name] for name in ("mark", "by", "at")},
        )
    else:
        statement = statement.on_conflict_do_nothing()
    session.execute(statement)


def clear_marks(session: Session, session_id: str, registration_ids: Collection[str]) -> None:
    """Take marks back: these people are as if nobody had looked."""
    session.execute(
        delete(AttendanceMark).where(
            AttendanceMark.session_id == session_id,
            AttendanceMark.registration_id.in_(list(registration_ids)),
        )
    )
