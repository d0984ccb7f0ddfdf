"""Looks up who was present in which session."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Generic, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select, true
from sqlalchemy.orm import InstrumentedAttribute

from trainings.agenda.models import AgendaSession
from trainings.agenda.rules import SessionKind
from trainings.attendance.models import AttendanceMark, TestResult
from trainings.attendance.result_rules import Result
from trainings.attendance.rules import COUNTS, Kept, Mark
from trainings.core.db import db, those_of
from trainings.core.errors import NotFound
from trainings.core.permissions import Grant, Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.registrations.headcount_queries import headcount
from trainings.registrations.models import Registration
from trainings.registrations.rules import State

# People who confirmed their seat, including what they became when the course was completed.
MARKED = (State.CONFIRMED, State.ATTENDED, State.NO_SHOW)


class Participant(NamedTuple):
    """A participant of a course, with what attendance needs; the page opens the name."""

    registration_id: str
    number: str
    person_id: str
    country: str
    function: str
    state: State


def confirmed(course_id: str, keys: Collection[str] | None = None) -> list[ColumnElement[bool]]:
    """The conditions for the confirmed people of a course, or those of these registrations."""
    return [
        those_of(Registration.course_id, course_id, Registration.id, keys),
        Registration.state.in_(MARKED),
    ]


def participants(course_id: str, keys: Collection[str]) -> list[Participant]:
    """Those of these registrations that are confirmed people of a course; not in order.

    The course was loaded within the viewer's scope.
    """
    rows = db.session.execute(
        select(
            Registration.id,
            Registration.number,
            Registration.person_id,
            Registration.country,
            Registration.function,
            Registration.state,
        )
        .where(*confirmed(course_id, keys))
        .execution_options(scope="viewer")
    )
    return [Participant(*row) for row in rows]


def how_many(course_id: str) -> int:
    """How many confirmed people a course has."""
    return headcount(course_id).number(MARKED)


def marks_of(session_id: str, keys: Collection[str] | None = None) -> Mapping[str, Mark]:
    """The marks in a session, by registration; of all or of those with these ``keys``."""
    rows = db.session.execute(
        select(AttendanceMark.registration_id, AttendanceMark.mark).where(
            AttendanceMark.session_id == session_id,
            true() if keys is None else AttendanceMark.registration_id.in_(list(keys)),
        )
    )
    return {registration: mark for registration, mark in rows}  # noqa: C416


def sessions_in(course_id: str) -> Select[str]:
    """The ids of the sessions of a course."""
    return select(AgendaSession.id).where(AgendaSession.course_id == course_id)


def numbers(course_id: str) -> Mapping[str, Mapping[Mark, int]]:
    """How many people have each mark, for each session of a course."""
    rows = db.session.execute(
        select(AttendanceMark.session_id, AttendanceMark.mark, func.count())
        # not joined: each session's marks are counted as an index has them, and nothing is sorted
        .where(AttendanceMark.session_id.in_(sessions_in(course_id)))
        .group_by(AttendanceMark.session_id, AttendanceMark.mark)
    )
    found: dict[str, dict[Mark, int]] = {}
    for session_id, mark, number in rows:
        found.setdefault(session_id, {})[mark] = number
    return found


def came(course_id: str) -> frozenset[str]:
    """The registrations marked present or late in any session: they count as *attended*."""
    return frozenset(
        db.session.scalars(
            select(AttendanceMark.registration_id)
            .join(AgendaSession, AgendaSession.id == AttendanceMark.session_id)
            .where(AgendaSession.course_id == course_id, AttendanceMark.mark.in_(sorted(COUNTS)))
            .distinct()
        )
    )


def marked(session_id: str) -> int:
    """How many people of a session are marked."""
    return db.session.scalar(_COUNT_OF_MARKS, {"session": session_id}) or 0


_COUNT_OF_MARKS = select(func.count()).where(AttendanceMark.session_id == bindparam("session"))


# for operations, inside their transaction


def made_present(session_id: str, moment: datetime, by: str) -> list[str]:
    """The registrations that an account marked present in a session at one moment."""
    return _made(AttendanceMark, AttendanceMark.mark == Mark.PRESENT, session_id, moment, by)


def made_passed(session_id: str, moment: datetime, by: str) -> list[str]:
    """The registrations that an account entered as passed in a test at one moment."""
    return _made(TestResult, TestResult.result == Result.PASSED, session_id, moment, by)


def _made(
    model: type[AttendanceMark | TestResult],
    what: ColumnElement[bool],
    session_id: str,
    moment: datetime,
    by: str,
) -> list[str]:
    made = select(model.registration_id).where(
        model.session_id == session_id, model.at == moment, model.by == by, what
    )
    return list(db.session.scalars(made.order_by(model.registration_id)))


class Marking(NamedTuple, Generic[Kept]):
    """What decides whether people in a session may be marked, with their present marks."""

    session: AgendaSession
    course: Course
    before: Mapping[str, Kept | None]  # by registration


def for_marking(
    viewer: Viewer, session_id: str, registration_ids: Collection[str] | None = None
) -> Marking[Mark]:
    """A session with its course and these people in it, in one statement; or all, in two.

    The course's row is share-locked: it cannot be completed in the meantime, and marks do not wait
    for each other. Raises ``NotFound`` if the session, or one of the people, is hidden or missing.
    """
    return _for_change(viewer, session_id, registration_ids, AttendanceMark, AttendanceMark.mark)


def for_results(
    viewer: Viewer, session_id: str, registration_ids: Collection[str] | None = None
) -> Marking[Result]:
    """The same for the results of a test. Raises ``NotFound`` also if the session is not a test."""
    found = _for_change(viewer, session_id, registration_ids, TestResult, TestResult.result)
    if found.session.kind is not SessionKind.TEST:
        raise NotFound
    return found


def _for_change(
    viewer: Viewer,
    session_id: str,
    registration_ids: Collection[str] | None,
    model: type[AttendanceMark | TestResult],
    column: InstrumentedAttribute[Kept],
) -> Marking[Kept]:
    grants = viewer.grants_with(Permission.ATTENDANCE_TAKE)
    asked: dict[str, Any] = {"session": session_id}
    if registration_ids is None:  # many: session and course are not read beside each of them
        found = db.session.execute(_session_in(grants), asked).one_or_none()
        if found is None:
            raise NotFound
        session, course = found
        everyone = (
            select(Registration.id, column)
            .outerjoin(model, _marked_in(model))
            .where(Registration.course_id == course.id, Registration.state.in_(MARKED))
            .execution_options(scope="operation")
        )
        marks = {key: kept for key, kept in db.session.execute(everyone, asked)}  # noqa: C416
        return Marking(session, course, marks)
    asked["people"] = sorted(registration_ids)
    rows: Sequence[tuple[AgendaSession, Course, str | None, Kept | None]] = db.session.execute(
        _some_in(grants, model, column), asked
    ).all()
    before = {key: kept for _session, _course, key, kept in rows if key is not None}
    if not rows or len(before) != len(set(registration_ids)):
        raise NotFound
    return Marking(rows[0][0], rows[0][1], before)


# A mark is made by the second in a full room: its statements are put together once.


@lru_cache(maxsize=200)
def _session_in(grants: tuple[Grant, ...]) -> Select[AgendaSession, Course]:
    """The session asked for, with its course, where these grants reach it."""
    return (
        select(AgendaSession, Course)
        .join(Course, Course.id == AgendaSession.course_id)
        .where(
            AgendaSession.id == bindparam("session"),
            courses.within(Viewer(grants=grants), Permission.ATTENDANCE_TAKE),
        )
        .with_for_update(read=True, of=Course)
        .execution_options(scope="operation", populate_existing=True)
    )


@lru_cache(maxsize=200)
def _some_in(
    grants: tuple[Grant, ...], model: type[AttendanceMark | TestResult], column: Any
) -> Select[Any]:
    """The same with the people asked for, and what is kept of them in the session."""
    there = and_(
        Registration.course_id == Course.id,
        Registration.state.in_(MARKED),
        Registration.id.in_(bindparam("people", expanding=True)),
    )
    statement = _session_in(grants).add_columns(Registration.id, column)
    return statement.outerjoin(Registration, there).outerjoin(model, _marked_in(model))


def _marked_in(model: type[AttendanceMark | TestResult]) -> ColumnElement[bool]:
    """What is kept of somebody in the session asked for."""
    here = model.session_id == bindparam("session")
    return and_(here, model.registration_id == Registration.id)
