"""What organisers do with findings and lessons: open, change, move, take on, take back."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field
from sqlalchemy.orm import Session

from trainings.audit.writes import record
from trainings.core import versions
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.i18n import Texts, localized, speaking
from trainings.core.permissions import Permission, Viewer
from trainings.courses import programme_queries
from trainings.courses import queries as courses
from trainings.courses import writes as course_writes
from trainings.courses.models import Course, Lesson, Programme
from trainings.courses.programme_rules import LessonKind, LessonSource, LessonState, TextMissing
from trainings.courses.rules import ENDED, CourseState
from trainings.people import reading
from trainings.printing import cage
from trainings.printing.rules import gaps_words
from trainings.programmes import document, queries, writes
from trainings.programmes.models import LessonLeft
from trainings.programmes.rules import (
    AnsweredElsewhere,
    Cause,
    CourseGone,
    LessonNotYours,
    LessonStanding,
    NotTheLastChange,
    OpeningNotYours,
    OwnedByAnother,
    ProgrammeNotDrawn,
    can_be_undone,
    checked,
)

P = Permission


class Opening(Struct, frozen=True):
    """A finding or lesson as it is opened: what it says, and what it comes from."""

    kind: LessonKind
    texts: Texts
    phase_id: str | None = None
    source: LessonSource = LessonSource.BY_HAND
    course_id: str | None = None  # one loaded within the viewer's scope
    titles: Texts = field(default_factory=dict)  # of the session


def open_lesson(code: str, opening: Opening, by: Viewer) -> str:
    """Open a finding or lesson, which its opener owns; returns its id.

    Raises ``TextMissing``, ``OpeningNotYours``, ``NotFound``.
    """
    if not any(opening.texts.values()):
        raise TextMissing
    with transaction() as session:
        if opening.course_id is not None:
            courses.course_for_update(opening.course_id)
        programme = programme_queries.programme(code, lock=True)
        if not queries.may_open(by, programme):
            raise OpeningNotYours
        if opening.phase_id is not None:
            programme_queries.phase(programme.id, opening.phase_id)
        lesson = course_writes.add_lesson(
            session,
            programme.id,
            queries.next_position(programme.id),
            opening.texts,
            kind=opening.kind,
            phase_id=opening.phase_id,
            source=opening.source,
            source_course_id=opening.course_id,
            source_titles=opening.titles,
            owner_id=by.account_id,
            agency_id=queries.agency_for(by, programme),
        )
        record(
            session,
            "programme.lesson",
            "programme",
            programme.id,
            **_said(by, lesson, opening.course_id),
        )
        return lesson.id


def _own(code: str, lesson_id: str, by: Viewer) -> tuple[Programme, Lesson]:
    """A programme with its row locked, and a lesson that the viewer may change."""
    programme = programme_queries.programme(code, lock=True)
    lesson = queries.lesson(programme.id, lesson_id)
    if not queries.may_change(by, programme, lesson):
        raise LessonNotYours
    return programme, lesson


def _said(by: Viewer, lesson: Lesson, course_id: str | None = None) -> dict[str, Any]:
    """What the trail says of an act on a lesson."""
    return {"by": by.account_id, "course_id": course_id, "lesson": lesson.id}


def change_lesson(
    code: str, lesson_id: str, kind: LessonKind, texts: Texts, phase_id: str | None, by: Viewer
) -> None:
    """Change what a finding or lesson says. Raises ``TextMissing``, ``LessonNotYours``."""
    if not any(texts.values()):
        raise TextMissing
    with transaction() as session:
        programme, lesson = _own(code, lesson_id, by)
        versions.check()
        if phase_id is not None:
            programme_queries.phase(programme.id, phase_id)
        lesson.kind, lesson.texts, lesson.phase_id = kind, texts, phase_id
        record(session, "programme.lesson", "programme", programme.id, **_said(by, lesson))


def set_state(code: str, lesson_id: str, wanted: LessonStanding, by: Viewer) -> None:
    """Say that a lesson is taken up by something, dropped for a reason, or open.

    Raises ``NothingCameOfIt``, ``DropReasonMissing``, ``LessonNotYours``, ``CourseGone``,
    ``ModuleGone``, ``TopicGone``.
    """
    to = checked(wanted)
    with transaction() as session:
        if to.course_id is not None:  # before the programme: cancelling holds the course first
            _course_there(to.course_id)
        programme, lesson = _own(code, lesson_id, by)
        versions.check()
        if to.course_id not in (None, lesson.course_id):
            choices = queries.courses_to_choose(by, programme.id, None)
            if to.course_id not in [key for key, _titles in choices]:
                raise CourseGone
        writes.move(session, programme, lesson, to, Cause.PERSON, by)


def _course_there(course_id: str) -> None:
    """Hold the row of a course that is not cancelled. Raises ``CourseGone``."""
    try:
        course = courses.course_for_update(course_id)
    except NotFound:
        raise CourseGone from None
    if course.state is CourseState.CANCELLED:
        raise CourseGone


def undo(code: str, lesson_id: str, number: int, by: Viewer) -> None:
    """Take the last change of a lesson's state back: it is again where it was.

    Raises ``NotTheLastChange``, ``LessonNotYours``, ``CourseGone``, ``ModuleGone``.
    """
    with transaction() as session:
        found = queries.steps(lesson_id)
        before = LessonStanding.of(found[0].before) if found else LessonStanding()
        if before.course_id is not None:
            _course_there(before.course_id)
        programme, lesson = _own(code, lesson_id, by)
        found = queries.steps(lesson_id)
        if not found or not can_be_undone(found[0].number, found[0].cause, number):
            raise NotTheLastChange
        writes.move(session, programme, lesson, before, Cause.UNDONE, by)


def take_on(code: str, lesson_id: str, by: Viewer) -> None:
    """See to a finding or lesson that nobody owns. Raises ``OwnedByAnother`` and others."""
    with transaction() as session:
        programme = programme_queries.programme(code, lock=True)
        lesson = queries.lesson(programme.id, lesson_id)
        if not queries.may_open(by, programme):
            raise OpeningNotYours
        if lesson.owner_id not in (None, by.account_id):
            raise OwnedByAnother
        lesson.owner_id = by.account_id
        lesson.agency_id = queries.agency_for(by, programme)
        record(session, "programme.lesson_owner", "programme", programme.id, **_said(by, lesson))


def give_up(code: str, lesson_id: str, by: Viewer) -> None:
    """Leave a finding or lesson to others; its agency stays. Raises ``LessonNotYours``."""
    with transaction() as session:
        programme, lesson = _own(code, lesson_id, by)
        lesson.owner_id = None
        record(session, "programme.lesson_owner", "programme", programme.id, **_said(by, lesson))


def remove_lesson(code: str, lesson_id: str, *, by: Viewer) -> None:
    """Remove a finding or lesson with its history. Raises ``LessonNotYours``."""
    with transaction() as session:
        programme = programme_queries.programme(code, lock=True)
        programme_queries.check_may_edit(by, programme)
        lesson = queries.lesson(programme.id, lesson_id)
        writes.remove(session, lesson)
        record(session, "programme.lesson_remove", "programme", programme.id, **_said(by, lesson))


def answer(course_id: str, lesson_id: str, module_id: str | None, by: Viewer) -> None:
    """Say which module of a course takes up a lesson, or that none does: it stays open.

    A module that the course did not teach yet is added to it. Raises ``AnsweredElsewhere``,
    ``CourseGone``, ``ModuleGone``, ``NotFound``.
    """
    with transaction() as session:
        course = courses.course_locked(by, P.COURSE_EDIT, course_id, ("modules",))
        if course.state in ENDED:
            raise CourseGone
        programme, lesson = _asked(course, lesson_id)
        versions.check()
        left = session.get(LessonLeft, (lesson.id, course.id))
        if lesson.state is not LessonState.OPEN and lesson.course_id != course.id:
            raise AnsweredElsewhere
        if module_id is None:
            if left is None:
                session.add(LessonLeft(lesson_id=lesson.id, course_id=course.id))
            to = LessonStanding()
        else:
            if left is not None:
                session.delete(left)
            _add_module(session, course, module_id, by)
            to = queries.standing(lesson)._replace(
                state=LessonState.TAKEN_UP, module_id=module_id, course_id=course.id
            )
        moved = writes.move(session, programme, lesson, to, Cause.PLANNED, by, course_id=course.id)
        if not moved:
            record(
                session,
                "programme.lesson_left",
                "programme",
                programme.id,
                **_said(by, lesson, course.id),
            )


def _asked(course: Course, lesson_id: str) -> tuple[Programme, Lesson]:
    """The locked programme and the lesson, if the course is asked it. Raises ``NotFound``."""
    line = programme_queries.line(course.programme_id) if course.programme_id else []
    programme = queries.programme_for_update(queries.programme_of(line, lesson_id))
    return programme, queries.lesson(programme.id, lesson_id)


def _add_module(session: Session, course: Course, module_id: str, by: Viewer) -> None:
    there = [one.module_id for one in course.modules]
    if module_id in there or not programme_queries.modules([module_id]):
        return
    session.expire(course, ["modules"])
    course_writes.set_modules(session, course, [*there, module_id])
    record(
        session,
        "course.change",
        "course",
        course.id,
        by=by.account_id,
        course_id=course.id,
        section="basics",
        changed=["module_ids"],
    )


def print_programme(programme: Programme, language: str, by: Viewer) -> tuple[bytes, str]:
    """A programme as a PDF of two pages, and a note on what could not be printed.

    Raises ``ProgrammeNotDrawn``.
    """
    with speaking(language):
        drawn = document.paper(programme, by, reading.own_name(by))
        title = localized(programme.titles)
    (pdf,), gaps = cage.drawn_with_gaps([drawn], ProgrammeNotDrawn())
    return pdf, gaps_words([title]) if gaps.get(0) else ""
