"""What courses do with lessons: asked one by one, answered, cancelled; and two at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from tests import factories, racing, teaching
from tests.programmes import keeping
from tests.programmes.keeping import CODE
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.courses import programme_queries
from trainings.courses import queries as courses
from trainings.courses.programme_rules import LessonKind, LessonState
from trainings.courses.rules import CourseMove, CourseState
from trainings.desk import move_operations
from trainings.programmes import course_queries, operations, queries, writes
from trainings.programmes.rules import AnsweredElsewhere, Cause, CourseGone, LessonStanding

OPEN = LessonStanding()


# A course is asked


def test_a_course_is_asked_what_is_open_in_its_line_and_takes_it_up(
    by: Viewer, programme: str
) -> None:
    following = keeping.programme(by, keeping.NEXT, follows=CODE)
    first, second = keeping.lesson(by), keeping.lesson(by, "Second")
    keeping.lesson(by, "A finding", kind=LessonKind.FINDING)
    third = keeping.lesson(by, "Third", keeping.NEXT)
    module_id, other = teaching.module(), teaching.module("victims")
    course_id = keeping.course(following, state=CourseState.DRAFT)
    teaching.teach(course_id, module_id)
    waiting = [one.id for one in course_queries.unanswered(keeping.loaded(course_id))]
    assert waiting == [first, second, third]
    operations.answer(course_id, first, module_id, by)
    operations.answer(course_id, second, other, by)
    operations.answer(course_id, third, None, by)
    assert course_queries.unanswered(keeping.loaded(course_id)) == []
    assert keeping.standing(first) == LessonStanding(
        LessonState.TAKEN_UP, module_id=module_id, course_id=course_id
    )
    taught = courses.by_id(course_id, ("modules",)).modules
    assert [one.module_id for one in taught] == [module_id, other], "it is added to the course"
    assert keeping.standing(third) == OPEN
    asked = [one.id for one in course_queries.asked(keeping.loaded(course_id))]
    assert asked == [first, second, third]
    later = keeping.course(following, "BUE28")
    assert [one.id for one in course_queries.unanswered(keeping.loaded(later))] == [third]


def test_an_answer_can_be_changed_while_the_course_lasts(by: Viewer, programme: str) -> None:
    lesson, module_id = keeping.lesson(by), teaching.module()
    course_id = keeping.course(programme)
    operations.answer(course_id, lesson, None, by)
    operations.answer(course_id, lesson, module_id, by)
    assert course_queries.left_by(course_id) == frozenset()
    operations.answer(course_id, lesson, None, by)
    assert keeping.standing(lesson) == OPEN
    assert course_queries.left_by(course_id) == {lesson}
    over = keeping.course(programme, "OLD27", state=CourseState.COMPLETED)
    with pytest.raises(CourseGone):
        operations.answer(over, lesson, module_id, by)
    assert course_queries.asked(keeping.loaded(over)) == []


def test_what_another_course_took_up_or_somebody_dropped_is_not_taken_again(
    by: Viewer, programme: str
) -> None:
    lesson, module_id = keeping.lesson(by), teaching.module()
    one, two = keeping.course(programme), keeping.course(programme, "BUE28")
    operations.answer(one, lesson, module_id, by)
    with pytest.raises(AnsweredElsewhere):
        operations.answer(two, lesson, module_id, by)
    keeping.drop(by, lesson)
    with pytest.raises(AnsweredElsewhere):
        operations.answer(two, lesson, None, by)


@pytest.mark.parametrize(
    "who",
    [
        lambda _course: keeping.organiser("INTERPOL"),  # beside the lead
        lambda _course: keeping.organiser("UNODC"),
        lambda course: factories.account(Role.TRAINER, course_id=course),
        lambda _course: factories.account(Role.FOCAL_POINT, country="BO"),
    ],
)
def test_the_lead_answers_for_a_course_and_nobody_else(
    by: Viewer, programme: str, who: Callable[[str], Viewer]
) -> None:
    course_id = keeping.course(programme, agencies=("IOM", "INTERPOL"))
    lesson, module_id = keeping.lesson(by), teaching.module()
    with pytest.raises(NotFound):
        operations.answer(course_id, lesson, module_id, who(course_id))


def test_a_lesson_of_another_line_is_not_there(by: Viewer, programme: str) -> None:
    keeping.programme(by, "OTHER")
    lesson = keeping.lesson(by, "Elsewhere", "OTHER")
    with pytest.raises(NotFound):
        operations.answer(keeping.course(programme), lesson, None, by)
    with pytest.raises(NotFound):
        operations.answer(factories.course("NONE27"), lesson, None, by)
    with pytest.raises(NotFound):
        operations.set_state(CODE, lesson, LessonStanding(LessonState.DROPPED, "x"), by)


# Two at once


def _both_take(
    app: Flask, by: Viewer, programme: str, patch: pytest.MonkeyPatch
) -> tuple[list[Any], str]:
    """Two courses of a programme that take up one lesson at the same moment."""
    lesson, module_id = keeping.lesson(by), teaching.module()
    ids = [keeping.course(programme, code) for code in ("BUE27", "BUE28")]
    db.session.remove()
    acts = [lambda one=one: operations.answer(one, lesson, module_id, by) for one in ids]
    return racing.both_look(app, patch, queries, "lesson", acts), lesson


def test_of_two_courses_one_takes_a_lesson_up(
    each_app: Flask, by: Viewer, programme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, lesson = _both_take(each_app, by, programme, monkeypatch)
    assert sorted(isinstance(one, AnsweredElsewhere) for one in found) == [False, True]
    assert keeping.causes(lesson) == [Cause.PLANNED]


def test_without_the_lock_both_take_it_up(
    each_app: Flask, by: Viewer, programme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL then refuses the second step's number; SQLite turns the second away as busy."""
    racing.take_locks_off(monkeypatch, courses, queries, programme_queries)
    found, _lesson = _both_take(each_app, by, programme, monkeypatch)
    assert not any(isinstance(one, AnsweredElsewhere) for one in found)


def _cancelled_while_taken(
    app: Flask, by: Viewer, programme: str, patch: pytest.MonkeyPatch
) -> tuple[list[Any], LessonStanding]:
    """A lesson taken up by a course that is cancelled at the same moment.

    The cancelling begins once the course was looked at, and the lesson is written once the
    cancelling has looked for lessons, unless the lock forbids it.
    """
    lesson = keeping.lesson(by)
    course_id = keeping.course(programme)
    db.session.remove()
    seen, looked = threading.Event(), threading.Event()
    course_for_update, move, reopen_for = courses.course_for_update, writes.move, writes.reopen_for

    def see(*args: Any) -> Any:
        found = course_for_update(*args)
        seen.set()
        return found

    def wait(*args: Any, **values: Any) -> bool:
        racing.wait_until(looked.is_set)
        return move(*args, **values)

    def look(*args: Any) -> int:
        found = reopen_for(*args)
        looked.set()
        return found

    def cancel() -> Any:
        assert seen.wait(racing.COMES)
        return move_operations.move_course(by, "BUE27", CourseMove.CANCEL, "No money")

    with patch.context() as patched, ThreadPoolExecutor(2) as pool:
        patched.setattr(courses, "course_for_update", see)
        patched.setattr(writes, "move", wait)
        patched.setattr(move_operations, "reopen_for", look)
        acts = [lambda: keeping.take_up(by, lesson, course_id=course_id), cancel]
        found = list(pool.map(lambda act: racing.outcome(app, act), acts))
    return found, keeping.standing(lesson)


def test_a_cancelled_course_is_left_with_no_lesson(
    each_app: Flask, by: Viewer, programme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, standing = _cancelled_while_taken(each_app, by, programme, monkeypatch)
    assert standing == OPEN, found
    assert not [one for one in found if isinstance(one, Exception) and not _gone(one)]


def _gone(fault: Exception) -> bool:
    return isinstance(fault, CourseGone)


def test_without_the_lock_a_cancelled_course_keeps_a_lesson(
    each_app: Flask, by: Viewer, programme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL then keeps the lesson with it; SQLite turns the second away as busy."""
    racing.take_locks_off(monkeypatch, courses, queries, programme_queries)
    found, standing = _cancelled_while_taken(each_app, by, programme, monkeypatch)
    if db.engine.dialect.name == "sqlite":
        assert any(isinstance(one, OperationalError) for one in found), found
    else:
        assert standing.state is LessonState.TAKEN_UP, found


def test_the_writes_guard_a_cancelled_course_by_its_lessons(by: Viewer, programme: str) -> None:
    """What is taken up again after the cancelled course looked is left alone."""
    course_id, module_id = keeping.course(programme), teaching.module()
    lesson = keeping.lesson(by)
    keeping.take_up(by, lesson, course_id=course_id)
    keeping.take_up(by, lesson, module_id=module_id)
    with transaction() as session:
        assert writes.reopen_for(session, courses.by_id(course_id), by) == 0
    assert keeping.standing(lesson).module_id == module_id
