"""Moves findings and lessons from state to state within the caller's transaction."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from trainings.audit.writes import record
from trainings.core import clock
from trainings.core.db import new_key
from trainings.core.permissions import Viewer
from trainings.courses import programme_queries
from trainings.courses.models import Course, Lesson, Programme
from trainings.legislation import queries as laws
from trainings.programmes import queries
from trainings.programmes.models import LessonLeft, LessonStep
from trainings.programmes.rules import Cause, LessonStanding, ModuleGone, TopicGone


def move(
    session: Session,
    programme: Programme,
    lesson: Lesson,
    to: LessonStanding,
    cause: Cause,
    by: Viewer,
    *,
    course_id: str | None = None,
) -> bool:
    """Move a lesson, and note the step; whether anything changed.

    ``course_id``: the course for which it is done. Raises ``ModuleGone``, ``TopicGone``.
    """
    before = queries.standing(lesson)
    if to == before:
        return False
    if to.module_id is not None and not programme_queries.modules([to.module_id]):
        raise ModuleGone
    if to.topic is not None and not laws.topics([to.topic]):
        raise TopicGone
    last = queries.steps(lesson.id)
    for name, value in to._asdict().items():
        setattr(lesson, name, value)
    session.add(
        LessonStep(
            id=new_key(),
            lesson_id=lesson.id,
            number=last[0].number + 1 if last else 1,
            cause=cause,
            before=before._asdict(),
            after=to._asdict(),
            by=by.account_id,
            agency_id=queries.agency_for(by, programme),
            at=clock.now(),
        )
    )
    try:
        session.flush()
    except IntegrityError:
        raise ModuleGone from None
    record(
        session,
        "programme.lesson_state",
        "programme",
        programme.id,
        by=by.account_id,
        course_id=course_id,
        lesson=lesson.id,
        before=str(before.state),
        after=str(to.state),
        cause=str(cause),
    )
    return True


def reopen_for(session: Session, course: Course, by: Viewer) -> int:
    """Open again what a course had taken up, since it is cancelled; gives how many."""
    reopened = 0
    for programme in queries.programmes_of_for_update(course.id):
        taken = select(Lesson).where(
            Lesson.programme_id == programme.id, Lesson.course_id == course.id
        )
        for one in session.scalars(taken).all():
            to, cause = LessonStanding(), Cause.CANCELLED
            reopened += move(session, programme, one, to, cause, by, course_id=course.id)
    return reopened


def remove(session: Session, lesson: Lesson) -> None:
    """Remove a lesson with its history."""
    for kind in (LessonStep, LessonLeft):
        session.execute(delete(kind).where(kind.lesson_id == lesson.id))
    session.delete(lesson)


def forget_owner(session: Session, account_id: str) -> None:
    """Leave what an erased person saw to without an owner; the agency stays."""
    session.execute(update(Lesson).where(Lesson.owner_id == account_id).values(owner_id=None))
    session.execute(update(LessonStep).where(LessonStep.by == account_id).values(by=None))
