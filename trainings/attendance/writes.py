"""Changes marks and results inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from trainings.attendance.models import AttendanceMark, TestResult
from trainings.attendance.result_rules import Result
from trainings.attendance.rules import Mark
from trainings.core.db import upsert


def set_marks(
    session: Session,
    session_id: str,
    marks: Mapping[str, Mark],
    *,
    by: str | None,
    at: datetime,
    over: bool = True,
) -> None:
    """Store marks for some people in a session; ``over`` replaces marks that are there already."""
    rows = [
        {"session_id": session_id, "registration_id": key, "mark": mark, "by": by, "at": at}
        for key, mark in sorted(marks.items())
    ]
    if rows:
        session.execute(_kept(upsert(session, AttendanceMark), "mark", over), rows)


def set_results(
    session: Session,
    session_id: str,
    results: Mapping[str, Result],
    *,
    by: str | None,
    at: datetime,
    over: bool = True,
) -> None:
    """Store results for some people in a test; ``over`` replaces results that are there already."""
    rows = [
        {"session_id": session_id, "registration_id": key, "result": result, "by": by, "at": at}
        for key, result in sorted(results.items())
    ]
    if rows:
        session.execute(_kept(upsert(session, TestResult), "result", over), rows)


@cache
def _kept(statement: Any, what: str, over: bool) -> Any:
    """The statement that keeps rows, built once; it goes row by row: only so many fit into one."""
    if not over:
        return statement.on_conflict_do_nothing()
    return statement.on_conflict_do_update(
        index_elements=["session_id", "registration_id"],
        set_={name: statement.excluded[name] for name in (what, "by", "at")},
    )


def clear_marks(session: Session, session_id: str, registration_ids: Collection[str]) -> None:
    """Remove marks: these people count as not marked."""
    _clear(session, AttendanceMark, session_id, registration_ids)


def clear_results(session: Session, session_id: str, registration_ids: Collection[str]) -> None:
    """Remove results: these people count as not having taken the test."""
    _clear(session, TestResult, session_id, registration_ids)


def _clear(
    session: Session,
    model: type[AttendanceMark | TestResult],
    session_id: str,
    registration_ids: Collection[str],
) -> None:
    session.execute(
        delete(model).where(
            model.session_id == session_id, model.registration_id.in_(list(registration_ids))
        )
    )
