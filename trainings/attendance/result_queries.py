"""Looks up who passed which test."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, select, true

from trainings.agenda.models import AgendaSession
from trainings.agenda.rules import SessionKind
from trainings.attendance.models import AttendanceMark, TestResult
from trainings.attendance.queries import sessions_in
from trainings.attendance.result_rules import Result
from trainings.attendance.rules import COUNTS
from trainings.core.db import db


def results_of(session_id: str, keys: Collection[str] | None = None) -> Mapping[str, Result]:
    """The results of a test, by registration; of all or of those with these ``keys``."""
    rows = db.session.execute(
        select(TestResult.registration_id, TestResult.result).where(
            TestResult.session_id == session_id,
            true() if keys is None else TestResult.registration_id.in_(list(keys)),
        )
    )
    return {registration: result for registration, result in rows}  # noqa: C416


def numbers(course_id: str) -> Mapping[str, int]:
    """How many people have a result, for each test of a course."""
    rows = db.session.execute(
        select(TestResult.session_id, func.count())
        .where(TestResult.session_id.in_(sessions_in(course_id)))
        .group_by(TestResult.session_id)
    )
    return {session_id: number for session_id, number in rows}  # noqa: C416


def entered(session_id: str) -> int:
    """How many people have a result in a test."""
    counting = select(func.count()).where(TestResult.session_id == session_id)
    return db.session.scalar(counting) or 0


def there(session_id: str) -> frozenset[str]:
    """The registrations that were present in a session."""
    return frozenset(
        db.session.scalars(
            select(AttendanceMark.registration_id).where(
                AttendanceMark.session_id == session_id, AttendanceMark.mark.in_(sorted(COUNTS))
            )
        )
    )


def results_missing(course_id: str) -> ScalarSelect[int]:
    """How many results of people present in a course's tests are missing, as a subquery."""
    return (
        select(func.count())
        .select_from(AttendanceMark)
        .join(AgendaSession, AgendaSession.id == AttendanceMark.session_id)
        .where(
            AgendaSession.course_id == course_id,
            AgendaSession.kind == SessionKind.TEST,
            AttendanceMark.mark.in_(sorted(COUNTS)),
            ~exists().where(
                TestResult.session_id == AttendanceMark.session_id,
                TestResult.registration_id == AttendanceMark.registration_id,
            ),
        )
        .scalar_subquery()
    )


def passed_in(course_id: str) -> frozenset[str]:
    """The registrations of a course whose latest test result is *passed*.

    Someone who failed and passed a later test has passed; the test before the course no longer
    counts once there is one after it.
    """
    return _passed(AgendaSession.course_id == course_id)


def passed_of(registration_ids: Collection[str]) -> frozenset[str]:
    """The same for some registrations, in any course."""
    if not registration_ids:
        return frozenset()
    return _passed(TestResult.registration_id.in_(registration_ids))


def _passed(whose: ColumnElement[bool]) -> frozenset[str]:
    rows = db.session.execute(
        select(TestResult.registration_id, TestResult.result)
        .join(AgendaSession, AgendaSession.id == TestResult.session_id)
        .where(whose, AgendaSession.kind == SessionKind.TEST)
        .order_by(AgendaSession.starts_utc, AgendaSession.id)
    )
    latest = {registration: result for registration, result in rows}  # noqa: C416
    return frozenset(key for key, result in latest.items() if result is Result.PASSED)
