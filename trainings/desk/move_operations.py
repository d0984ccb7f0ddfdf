"""Moving a course from state to state, and what each move does to people."""

from __future__ import annotations

from sqlalchemy.orm import Session

from trainings.agenda import booking_writes
from trainings.attendance import queries as attendance
from trainings.audit.writes import record
from trainings.core.db import transaction
from trainings.core.permissions import Permission, Viewer
from trainings.core.text import clean
from trainings.course_mails import queries as course_mails
from trainings.courses import queries as courses
from trainings.courses import writes as course_writes
from trainings.courses.models import Course
from trainings.courses.rules import CourseMove, CourseState
from trainings.courses.writes import tell
from trainings.desk import queries
from trainings.desk.checklist_rules import check_course
from trainings.desk.rules import PlannedInTemplate
from trainings.programmes.queries import programmes_of_for_update
from trainings.programmes.writes import reopen_for
from trainings.seats import ending_writes
from trainings.seats import writes as seat_writes

REASON = 1000


def move_course(by: Viewer, code: str, move: CourseMove, reason: str = "") -> CourseState:
    """Move a course forward, back or to cancelled if all conditions are met; returns its state.

    Publishing notifies the focal points of the invited countries; completing closes the
    registrations; cancelling ends them and notifies everyone. Raises ``MoveRefused``,
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
            session,
            f"course.{move}",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            **details,
        )
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
        programmes_of_for_update(course.id)  # before anything is recorded: the trail is held last
        booking_writes.free_all(session, course.id)
        ended = ending_writes.cancel_all(session, course, reason, by=by.account_id)
        told = _tell_trainers(session, course)
        return {
            "registrations": ended,
            "trainers": told,
            "lessons": reopen_for(session, course, by),
        }
    return {}


def _tell_focal_points(session: Session, course: Course) -> int:
    """Email the call for candidates to the focal points of invited countries, in their language."""
    people = course_mails.focal_point_persons(course.countries, course.functions)
    return tell(session, course, "course_published", people)


def _tell_trainers(session: Session, course: Course) -> int:
    return tell(session, course, "course_cancelled", course_mails.trainer_persons(course.id))
