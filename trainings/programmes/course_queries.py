"""Looks up the lessons that a course is asked, has taken up or left open, and that came from it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, case, or_, select

from trainings.core.db import db
from trainings.courses import programme_queries
from trainings.courses.models import Course, Lesson
from trainings.courses.programme_rules import LessonKind, LessonState
from trainings.courses.rules import ENDED
from trainings.programmes.models import LessonLeft
from trainings.programmes.queries import LOADED, ORDER


def asked(course: Course) -> Sequence[Lesson]:
    """The lessons that a course is asked: open ones of its programme and those that it follows.

    Those that it has taken up are among them.
    """
    if course.programme_id is None or course.template:
        return []
    line = programme_queries.line(course.programme_id)
    ours = Lesson.course_id == course.id
    if course.state not in ENDED:
        ours = or_(and_(Lesson.programme_id.in_(line), Lesson.state == LessonState.OPEN), ours)
    earliest = case(
        {one: place for place, one in enumerate(reversed(line))},
        value=Lesson.programme_id,
        else_=len(line),
    )
    return db.session.scalars(
        select(Lesson)
        .where(Lesson.kind == LessonKind.LESSON, ours)
        .options(*LOADED)
        .order_by(earliest, Lesson.position)
    ).all()


def answered(course: Course) -> Sequence[Lesson]:
    """What a course has taken up, findings among it."""
    return db.session.scalars(
        select(Lesson)
        .where(Lesson.course_id == course.id)
        .options(*LOADED)
        .order_by(Lesson.programme_id, Lesson.position)
    ).all()


def left_by(course_id: str) -> frozenset[str]:
    """The lessons that a course decided to leave open."""
    return frozenset(
        db.session.scalars(select(LessonLeft.lesson_id).where(LessonLeft.course_id == course_id))
    )


def opened_from(course: Course) -> Sequence[Lesson]:
    """What was opened from the evaluation and the sessions of a course."""
    return db.session.scalars(
        select(Lesson)
        .where(Lesson.source_course_id == course.id)
        .options(*LOADED)
        .order_by(ORDER, Lesson.position)
    ).all()


def unanswered(course: Course) -> list[Lesson]:
    """The lessons about which a course has not decided yet."""
    found = [one for one in asked(course) if one.state is LessonState.OPEN]
    left = left_by(course.id) if found else frozenset()
    return [one for one in found if one.id not in left]
