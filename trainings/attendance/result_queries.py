"""Looks up who passed which test."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, select

from trainings.agenda.models import AgendaSession
from trainings.agenda.rules import SessionKind
from trainings.attendance.models import AttendanceMark, TestResult
from trainings.attendance.result_rules import Result
from trainings.attendance.rules import COUNTS
from trainings.core.db import db


def results_of(session_id: str) -> Mapping[str, Result]:
    """The results of a test, by registration."""
    rows = db.session.execute(
        select(TestResult.registration_id, TestResult.result).where(
            TestResult.session_id == session_id
        )
    )
    return {registration: result for registration, result in rows}  # noqa: C416


def numbers(course_id: str) -> Mapping[str, int]:
    """For how many people a result is entered, for each test of a course."""
    rows = db.session.execute(
        select(TestResult.session_id, func.count())
        .join(AgendaSession, AgendaSession.id == TestResult.session_id)
        .where(AgendaSession.course_id == course_id)
        .group_by(TestResult.session_id)
    )
    return {session_id: number for session_id, number in rows}  # noqa: C416


def entered(session_id: str) -> int:
    """For how many people of a test a result is entered."""
    return len(results_of(session_id))


def there(session_id: str) -> frozenset[str]:
    """The registrations that were seen at a session."""
    return frozenset(
        db.session.scalars(
            select(AttendanceMark.registration_id).where(
                AttendanceMark.session_id == session_id,
                AttendanceMark.mark.in_(sorted(COUNTS)),
            )
        )
    )


def results_missing(course_id: str) -> ScalarSelect[int]:
    """How many times somebody was there in a test of a course and has no result, to be selected."""
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
    """The registrations of a course that passed: whose latest result of a test says so.

    So who failed and passed a later test passed, and the test before the course decides nothing
    once there is one after it.
    """
    return _passed(AgendaSession.course_id == course_id)


def passed_of(registration_ids: Collection[str]) -> frozenset[str]:
    """The same of some registrations, in whichever courses they are."""
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
