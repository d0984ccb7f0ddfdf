"""Carries the demo's findings and lessons on: opened, owned, taken up by courses, dropped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trainings.agenda import queries as agenda
from trainings.core.permissions import Viewer
from trainings.courses import programme_queries
from trainings.courses import queries as courses
from trainings.courses.models import Lesson
from trainings.courses.programme_rules import LessonKind, LessonSource, LessonState
from trainings.demo import queries
from trainings.programmes import course_queries, operations
from trainings.programmes import queries as lessons
from trainings.programmes.operations import Opening
from trainings.programmes.rules import LessonStanding

CODE = "SPARTACUS"


def _told() -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each lesson of the data with its phase."""
    (programme,) = (one for one in queries.data("programme")["programmes"] if one["code"] == CODE)
    for phase in programme["phases"]:
        for lesson in phase["lessons"]:
            yield phase, lesson


def _there() -> dict[str, Lesson]:
    """The lessons that were opened, by what they say in English."""
    programme = programme_queries.programme(CODE)
    return {one.texts["en"]: one for one in lessons.lessons(programme.id)}


def open_in_phase(
    code: str, phase: Mapping[str, Any], phase_id: str, modules: Mapping[str, str], by: Viewer
) -> None:
    """Open what a phase found, with what came of it, and its lessons, as far as by hand."""
    for one in phase["findings"]:
        opening = Opening(LessonKind.FINDING, one["text"], phase_id)
        made = operations.open_lesson(code, opening, by)
        if "module" in one or "topic" in one:
            module_id = modules[one["module"]] if "module" in one else None
            came = LessonStanding(LessonState.TAKEN_UP, module_id=module_id, topic=one.get("topic"))
            operations.set_state(code, made, came, by)
    for one in phase["lessons"]:
        if "from" not in one:
            opening = Opening(LessonKind.LESSON, one["text"], phase_id)
            operations.open_lesson(code, opening, by)


def hand_over(by: Viewer, organisers: Mapping[str, Viewer]) -> None:
    """Other agencies take on some of the lessons that the first one opened."""
    there = _there()
    for _phase, one in _told():
        lesson = there.get(one["text"]["en"])
        if lesson is None or "owner" not in one:
            continue
        taker = organisers[one["owner"]]
        if lesson.owner_id == by.account_id:
            operations.give_up(CODE, lesson.id, by)
            operations.take_on(CODE, lesson.id, taker)


def open_from_course(course_id: str, organisers: Mapping[str, Viewer]) -> None:
    """Open what the evaluation of a course and one of its sessions taught."""
    course, there = courses.by_id(course_id), _there()
    session = next(one for one in agenda.sessions_of(course_id) if one.module is not None)
    titles = dict(session.titles or (session.module.titles if session.module else {}))
    for _phase, one in _told():
        if one["text"]["en"] in there or "from" not in one:
            continue
        source = LessonSource(one["from"])
        opening = Opening(
            LessonKind.LESSON,
            one["text"],
            source=source,
            course_id=course.id,
            titles=titles if source is LessonSource.SESSION else {},
        )
        operations.open_lesson(CODE, opening, organisers[one.get("owner", "IOM")])


def answer_for(course_id: str, code: str, modules: Mapping[str, str], by: Viewer) -> None:
    """Answer one by one which module of a course takes up each open lesson; drop one."""
    course = courses.by_id(course_id)
    known = {one["text"]["en"]: one for _phase, one in _told()}
    for lesson in course_queries.unanswered(course):
        one = known[lesson.texts["en"]]
        module_id = modules[one["module"]] if one.get("taken_by") == code else None
        operations.answer(course_id, lesson.id, module_id, by)


def drop(by: Viewer) -> None:
    """Drop what a course cannot bring about, and say why."""
    there = _there()
    for _phase, one in _told():
        lesson = there[one["text"]["en"]]
        if "dropped" in one and lesson.state is not LessonState.DROPPED:
            standing = LessonStanding(LessonState.DROPPED, one["dropped"])
            operations.set_state(CODE, lesson.id, standing, by)
