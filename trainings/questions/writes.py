"""Changes questions and answers, inside the open transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainings.audit.writes import record
from trainings.core import clock, files, sealed
from trainings.core.db import new_key
from trainings.core.i18n import LANGUAGES, LazyText, speaking
from trainings.core.permissions import Viewer
from trainings.courses.models import Course
from trainings.questions import queries
from trainings.questions.answer_queries import place, sealed_value
from trainings.questions.answer_rules import Unsent, still_fitting
from trainings.questions.models import CourseQuestion, QuestionAnswer
from trainings.questions.rules import Asking, Option
from trainings.questions.usual_rules import WORDINGS, Usual, asking_of
from trainings.registrations.models import Registration


def put_question(row: CourseQuestion, asking: Asking) -> None:
    """Make a question as it is written."""
    row.kind, row.asked_of, row.seen_by = asking.kind, asking.asked_of, asking.seen_by
    row.kept_for, row.required, row.going_on = asking.kept_for, asking.required, asking.going_on
    row.titles, row.hints = dict(asking.titles), dict(asking.hints)
    row.follow_ups = dict(asking.follow_ups or {})
    row.options = [{"code": one.code, "texts": dict(one.texts)} for one in asking.options]


def add_question(
    session: Session, course_id: str, asking: Asking, at: int, usual: Usual | None = None
) -> CourseQuestion:
    """Add a question at a place of the order; the caller has locked the course."""
    row = CourseQuestion(id=new_key(), course_id=course_id, place=at, usual=usual)
    put_question(row, asking)
    session.add(row)
    return row


def usual_asking(usual: Usual) -> Asking:
    """A usual question in the words of all our languages."""
    wording = WORDINGS[usual]
    options = tuple(
        Option(str(number), _in_each(text)) for number, text in enumerate(wording.options, 1)
    )
    words = (_in_each(wording.title), _in_each(wording.hint))
    return asking_of(usual, *words, options, _in_each(wording.follow_up))


def _in_each(text: LazyText | str) -> dict[str, str]:
    if not text:
        return {}
    found = {}
    for code in LANGUAGES:
        with speaking(code):
            found[code] = str(text)
    return found


def copy_questions(session: Session, from_course_id: str, to_course_id: str) -> int:
    """Copy the questions of another course, without answers; returns how many."""
    rows = queries.questions(from_course_id)
    for row in rows:
        add_question(session, to_course_id, row.asking, row.place, row.usual)
    session.flush()
    return len(rows)


def put_answer(
    session: Session, question_id: str, registration_id: str, value: Any, before: Any
) -> QuestionAnswer | None:
    """Keep what was answered; an empty answer is none. ``before``: the row that is there, or None.

    The file of an answer is removed with it.
    """
    row: QuestionAnswer | None = before
    if value is None:
        if row is not None:
            drop_answers(session, [row])
        return None
    if row is None:
        row = QuestionAnswer(id=new_key(), question_id=question_id, registration_id=registration_id)
        session.add(row)
    row.value, row.at = sealed_value(row.id, value), clock.now()
    return row


def answer(
    session: Session,
    course: Course,
    registration: Registration,
    values: Mapping[str, Any],
    by: Viewer,
) -> None:
    """Keep what was answered for a registration, by question, and record that it was."""
    rows = queries.answers_of(registration.id)
    for question_id, value in values.items():
        put_answer(session, question_id, registration.id, value, rows.get(question_id))
    session.flush()
    record(
        session,
        "answer.give",
        "registration",
        registration.id,
        by=by.account_id,
        course_id=course.id,
        number=registration.number,
        answers=len(queries.answers_of(registration.id)),
    )


def take_over(
    session: Session, course: Course, registration: Registration, unsent: Unsent, by: Viewer
) -> None:
    """Keep the answers of an application that is sent, as far as they are still asked."""
    asked = queries.asked_on_applying(course.id).now
    askings = {key: one.asking for key, one in asked.items() if key in unsent}
    answer(session, course, registration, still_fitting(askings, unsent), by)


def put_file(session: Session, row: QuestionAnswer, name: str, key: bytes) -> None:
    """Make a stored file the one of an answer; the one before is removed."""
    if row.file is not None:
        files.remove_with(session, row.file)
    row.file, row.data_key = name, sealed.seal_bytes(key, place(row.id, "data_key"))


def drop_answers(session: Session, rows: Collection[QuestionAnswer]) -> int:
    """Erase answers and their files; returns how many."""
    for row in rows:
        if row.file is not None:
            files.remove_with(session, row.file)
        session.delete(row)
    session.flush()
    return len(rows)


def forget_answers(session: Session, registration_ids: Collection[str]) -> None:
    """Erase all that was answered by, and about, somebody who is being erased."""
    wanted = QuestionAnswer.registration_id.in_(list(registration_ids))
    drop_answers(session, session.scalars(select(QuestionAnswer).where(wanted)).all())


def erase_answers(
    session: Session, question_ids: Collection[str], answer_ids: Collection[str]
) -> int:
    """Erase all answers to some questions, and single ones; returns how many."""
    by_question = QuestionAnswer.question_id.in_(list(question_ids))
    wanted = by_question | QuestionAnswer.id.in_(list(answer_ids))
    return drop_answers(session, session.scalars(select(QuestionAnswer).where(wanted)).all())
