"""Looks up who was at which session, and what it comes to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from trainings.agenda import queries as agenda
from trainings.agenda.models import AgendaSession
from trainings.agenda.rules import COUNTED, SessionKind
from trainings.attendance.models import AttendanceMark, TestResult
from trainings.attendance.result_rules import Result
from trainings.attendance.rules import COUNTS, Mark, Share
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.registrations.models import Registration
from trainings.registrations.rules import State

Kept = TypeVar("Kept", Mark, Result)
# Those who confirmed their seat, and what became of them when the course was completed.
MARKED = (State.CONFIRMED, State.ATTENDED, State.NO_SHOW)


class Participant(NamedTuple):
    """Someone of a course, as attendance needs them; the name is opened by the page."""

    registration_id: str
    number: str
    person_id: str
    country: str
    function: str
    state: State


def participants(course_id: str) -> list[Participant]:
    """The confirmed people of a course that was loaded within its scope, in no order of names."""
    rows = db.session.execute(
        select(
            Registration.id, Registration.number, Registration.person_id, Registration.country,
            Registration.function, Registration.state,
        )
        .where(Registration.course_id == course_id, Registration.state.in_(MARKED))
        .order_by(Registration.id)
        .execution_options(scope="viewer")
    )  # fmt: skip
    return [Participant(*row) for row in rows]


def marks_of(session_id: str) -> Mapping[str, Mark]:
    """The marks of a session, by registration."""
    rows = db.session.execute(
        select(AttendanceMark.registration_id, AttendanceMark.mark).where(
            AttendanceMark.session_id == session_id
        )
    )
    return {registration: mark for registration, mark in rows}  # noqa: C416


def numbers(course_id: str) -> Mapping[str, Mapping[Mark, int]]:
    """How many were marked how, for each session of a course."""
    rows = db.session.execute(
        select(AttendanceMark.session_id, AttendanceMark.mark, func.count())
        .join(AgendaSession, AgendaSession.id == AttendanceMark.session_id)
        .where(AgendaSession.course_id == course_id)
        .group_by(AttendanceMark.session_id, AttendanceMark.mark)
    )
    found: dict[str, dict[Mark, int]] = {}
    for session_id, mark, number in rows:
        found.setdefault(session_id, {})[mark] = number
    return found


def minutes_attended(course_id: str) -> Mapping[str, int]:
    """The minutes of modules and tests each registration was present for (or late)."""
    return _minutes(AgendaSession.course_id == course_id)


def minutes_of(registration_ids: Collection[str]) -> Mapping[str, int]:
    """The same of some registrations, in whichever courses they are."""
    return _minutes(AttendanceMark.registration_id.in_(registration_ids))


def _minutes(whose: ColumnElement[bool]) -> Mapping[str, int]:
    rows = db.session.execute(
        select(AttendanceMark.registration_id, func.sum(AgendaSession.minutes))
        .join(AgendaSession, AgendaSession.id == AttendanceMark.session_id)
        .where(
            whose,
            AgendaSession.kind.in_(sorted(COUNTED)),
            AttendanceMark.mark.in_(sorted(COUNTS)),
        )
        .group_by(AttendanceMark.registration_id)
    )
    return {registration: int(minutes) for registration, minutes in rows}


def shares(course_id: str) -> Mapping[str, Share]:
    """The share of the planned hours of each confirmed person of a course, by registration."""
    planned = agenda.planned_minutes(course_id)
    hours = AgendaSession.kind.in_(sorted(COUNTED))
    there = AttendanceMark.mark.in_(sorted(COUNTS))
    rows = db.session.execute(
        select(
            Registration.id,
            func.sum(case((and_(hours, there), AgendaSession.minutes), else_=0)),
            func.sum(case((and_(hours, ~there), AgendaSession.minutes), else_=0)),
        )
        .outerjoin(AttendanceMark, AttendanceMark.registration_id == Registration.id)
        .outerjoin(AgendaSession, AgendaSession.id == AttendanceMark.session_id)
        .where(Registration.course_id == course_id, Registration.state.in_(MARKED))
        .group_by(Registration.id)
        .execution_options(scope="viewer")
    )
    return {key: Share(int(was or 0), planned, int(not_ or 0)) for key, was, not_ in rows}


def came(course_id: str) -> frozenset[str]:
    """The registrations with any session present or late: *attended*; the others did not come."""
    return frozenset(
        db.session.scalars(
            select(AttendanceMark.registration_id)
            .join(AgendaSession, AgendaSession.id == AttendanceMark.session_id)
            .where(AgendaSession.course_id == course_id, AttendanceMark.mark.in_(sorted(COUNTS)))
            .distinct()
        )
    )


def count_for(course_id: str) -> int:
    """For how many sessions of a course attendance was taken: the number on the tab."""
    return (
        db.session.scalar(
            select(func.count(AttendanceMark.session_id.distinct()))
            .join(AgendaSession, AgendaSession.id == AttendanceMark.session_id)
            .where(AgendaSession.course_id == course_id)
        )
        or 0
    )


def marked(session_id: str) -> int:
    """How many people of a session are marked."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(AttendanceMark)
            .where(AttendanceMark.session_id == session_id)
        )
        or 0
    )


# for operations, inside their transaction


def made_present(session_id: str, moment: datetime, by: str) -> list[str]:
    """The registrations that somebody marked present in a session at one moment."""
    return list(
        db.session.scalars(
            select(AttendanceMark.registration_id)
            .where(
                AttendanceMark.session_id == session_id,
                AttendanceMark.at == moment,
                AttendanceMark.by == by,
                AttendanceMark.mark == Mark.PRESENT,
            )
            .order_by(AttendanceMark.registration_id)
        )
    )


class Marking(NamedTuple, Generic[Kept]):
    """What decides whether people of a session may be marked, and as what they are now."""

    session: AgendaSession
    course: Course
    before: Mapping[str, Kept | None]  # by registration


def for_marking(
    viewer: Viewer, session_id: str, registration_ids: Collection[str] | None = None
) -> Marking[Mark]:
    """A session with its course and these people of it (or all), in one statement.

    The course's row is share-locked: it is not completed meanwhile, and marks do not wait for
    each other. Raises ``NotFound`` where the session, or one of the people, is hidden or missing.
    """
    return _for_change(viewer, session_id, registration_ids, AttendanceMark, AttendanceMark.mark)


def for_results(
    viewer: Viewer, session_id: str, registration_ids: Collection[str] | None = None
) -> Marking[Result]:
    """The same for the results of a test. Raises ``NotFound`` also where it is no test."""
    found = _for_change(viewer, session_id, registration_ids, TestResult, TestResult.result)
    if found.session.kind is not SessionKind.TEST:
        raise NotFound
    return found


def _for_change(
    viewer: Viewer, session_id: str, registration_ids: Collection[str] | None,
    model: type[AttendanceMark | TestResult], column: InstrumentedAttribute[Kept],
) -> Marking[Kept]:  # fmt: skip
    statement = (
        select(AgendaSession, Course, Registration.id, column)
        .join(Course, Course.id == AgendaSession.course_id)
        .outerjoin(
            Registration,
            and_(Registration.course_id == Course.id, Registration.state.in_(MARKED)),
        )
        .outerjoin(
            model,
            and_(
                model.session_id == AgendaSession.id,
                model.registration_id == Registration.id,
            ),
        )
        .where(AgendaSession.id == session_id, courses.within(viewer, Permission.ATTENDANCE_TAKE))
        .with_for_update(read=True, of=Course)
        .execution_options(scope="operation", populate_existing=True)
    )
    if registration_ids is not None:
        statement = statement.where(Registration.id.in_(list(registration_ids)))
    rows: Sequence[tuple[AgendaSession, Course, str | None, Kept | None]] = db.session.execute(
        statement
    ).all()
    if not rows or (registration_ids is not None and len(rows) != len(set(registration_ids))):
        raise NotFound
    before = {key: kept for _session, _course, key, kept in rows if key is not None}
    return Marking(rows[0][0], rows[0][1], before)
