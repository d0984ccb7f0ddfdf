"""Moving a course from state to state, with what each move does to people."""

from __future__ import annotations

from sqlalchemy.orm import Session

from trainings.attendance import queries as attendance
from trainings.audit.writes import record
from trainings.core.db import transaction
from trainings.core.permissions import Permission, Viewer
from trainings.core.text import clean
from trainings.courses import queries as courses
from trainings.courses import writes as course_writes
from trainings.courses.checklist_rules import check_course
from trainings.courses.models import Course
from trainings.courses.rules import CourseMove, CourseState
from trainings.mail.writes import enqueue
from trainings.people import reading
from trainings.registrations import ending_writes, seat_writes
from trainings.workspace import move_queries, queries
from trainings.workspace.rules import PlannedInTemplate

REASON = 1000


def move_course(by: Viewer, code: str, move: CourseMove, reason: str = "") -> CourseState:
    """Move a course on (or back, or cancel it) where all conditions are met; gives its state.

    Publishing tells the focal points of the countries invited; completing closes the
    registrations; cancelling ends them and tells everyone. Raises ``MoveRefused``,
    ``ConditionsUnmet``.
    """
    reason = clean(reason, REASON, lines=True)
    with transaction() as session:
        found = courses.course_for(by, Permission.COURSE_MOVE, code)
        course = courses.course_locked(by, Permission.COURSE_MOVE, found.id)
        if course.template:
            raise PlannedInTemplate
        needed = move is not CourseMove.CANCEL or bool(reason)
        after = check_course(move, course.state, queries.facts(course, has_reason=needed))
        course_writes.set_state(course, after)
        session.flush()
        details = _consequences(session, course, move, reason, by)
        record(
            session, f"course.{move}", "course", course.id, by=by.account_id,
            course_id=course.id, **details,
        )  # fmt: skip
        return after


def _consequences(
    session: Session, course: Course, move: CourseMove, reason: str, by: Viewer
) -> dict[str, int]:
    if move is CourseMove.PUBLISH:
        seat_writes.schedule_release(session, course)
        return {"focal_points": _tell_focal_points(session, course)}
    if move is CourseMove.COMPLETE:
        there = attendance.came(course.id)
        attended, missed = ending_writes.close_course(session, course, there, by=by.account_id)
        return {"attended": attended, "no_show": missed}
    if move is CourseMove.REOPEN:
        ending_writes.reopen_course(session, course, by=by.account_id)
    if move is CourseMove.CANCEL:
        ended = ending_writes.cancel_all(session, course, reason, by=by.account_id)
        return {"registrations": ended, "trainers": _tell_trainers(session, course)}
    return {}


def _tell_focal_points(session: Session, course: Course) -> int:
    """The call for candidates: to each focal point of a country invited, in their language."""
    people = move_queries.focal_point_persons(course.countries, course.functions)
    return _tell(session, course, "course_published", people)


def _tell_trainers(session: Session, course: Course) -> int:
    return _tell(session, course, "course_cancelled", move_queries.trainer_persons(course.id))


def _tell(session: Session, course: Course, event: str, people: dict[str, str]) -> int:
    """Mail people, given as person id and language; gives how many could be told."""
    told = 0
    for one in reading.opened(people).values():
        if one.mail:
            enqueue(
                session, event, to=one.mail, language=people[one.id] or "en", person_id=one.id,
                course_id=course.id, course=course, name=one.name,
            )  # fmt: skip
            told += 1
    return told
