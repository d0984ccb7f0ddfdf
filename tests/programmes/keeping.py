"""A programme with lessons for tests: IOM's Spartacus, which has a course, and one that follows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests import factories
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses import operations as programmes
from trainings.courses import programme_queries, writes
from trainings.courses.models import Course, Lesson
from trainings.courses.programme_rules import LessonKind, LessonState
from trainings.programmes import operations, queries
from trainings.programmes.operations import Opening
from trainings.programmes.rules import Cause, LessonStanding

CODE, NEXT = "SPAR", "SPAR-II"


def organiser(agency: str = "IOM", **more: Any) -> Viewer:
    """Somebody who organises for an agency."""
    return factories.account(Role.ORGANISER, agency=agency, **more)


def programme(by: Viewer, code: str = CODE, follows: str | None = None) -> str:
    """A programme of the organiser's agency; gives its id."""
    (grant,) = by.grants
    titles = {"en": f"Programme {code}", "es": f"Programa {code}"}
    programmes.add_programme(code, titles, {"en": "T"}, agency_id=grant.agency_id or "", by=by)
    found = programme_queries.programme(code)
    if follows is not None:
        before = programme_queries.programme(follows).id
        programmes.change_programme(code, titles, {"en": "T"}, by=by, follows_id=before)
    db.session.remove()
    return found.id


def course(programme_id: str, code: str = "BUE27", **values: Any) -> str:
    """A course of a programme; gives its id."""
    return factories.course(code, programme_id=programme_id, **values)


def lesson(by: Viewer, text: str = "Follow the money", code: str = CODE, **more: Any) -> str:
    """A lesson opened by hand; gives its id."""
    kind = more.pop("kind", LessonKind.LESSON)
    return operations.open_lesson(code, Opening(kind, {"en": text}, **more), by)


def take_up(by: Viewer, lesson_id: str, code: str = CODE, **what: Any) -> None:
    """Say what came of a lesson: ``module_id=``, ``course_id=``, ``topic=``, ``note=``."""
    operations.set_state(code, lesson_id, LessonStanding(LessonState.TAKEN_UP, **what), by)


def drop(by: Viewer, lesson_id: str, why: str = "Not for a course.", code: str = CODE) -> None:
    """Drop a lesson for a reason."""
    operations.set_state(code, lesson_id, LessonStanding(LessonState.DROPPED, why), by)


def kept(lesson_id: str) -> Lesson:
    """A lesson as it is kept now."""
    db.session.remove()
    return db.session.get_one(Lesson, lesson_id)


def standing(lesson_id: str) -> LessonStanding:
    """Where a lesson is now."""
    return queries.standing(kept(lesson_id))


def causes(lesson_id: str) -> list[Cause]:
    """What changed a lesson, the oldest first."""
    return [one.cause for one in reversed(queries.steps(lesson_id))]


def loaded(course_id: str) -> Course:
    """A course as it is now."""
    db.session.remove()
    return db.session.get_one(Course, course_id)


def fill(programme_id: str, lessons: int, phases: int = 0, text: str = "Lesson") -> None:
    """Many lessons and phases, straight into the tables."""
    with transaction() as session:
        for number in range(phases):
            first = date(2026, 1, 1) + timedelta(days=30 * number)
            writes.add_phase(
                session,
                programme_id,
                number,
                titles={"en": f"Phase {number}"},
                texts={"en": text},
                starts_on=first,
                ends_on=first + timedelta(days=20),
            )
        for number in range(lessons):
            writes.add_lesson(session, programme_id, number, {"en": f"{text} {number}"})
