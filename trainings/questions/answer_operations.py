"""Answering the questions of a course; reminding whose answers are missing; erasing at the date."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from trainings.audit.writes import record
from trainings.core import clock, files, versions
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.mailings import writes as mailings
from trainings.mailings.queries import awaited
from trainings.questions import queries, writes
from trainings.questions.answer_rules import Typed, kept_all
from trainings.questions.models import CourseQuestion
from trainings.questions.rules import (
    ENDED_KEPT,
    MOST_BYTES,
    OWN,
    AskedOf,
    NobodyMissing,
    QuestionKind,
    check_asked,
    erased_on,
)
from trainings.registrations import locked_queries, mail_writes
from trainings.registrations.candidate_rules import check_going
from trainings.registrations.models import Registration
from trainings.registrations.rules import LIVE
from trainings.uploads import content_inspector
from trainings.uploads.rules import Upload, check_size

FILE = QuestionKind.FILE
NOMINATE, SELECT = Permission.REGISTRATION_NOMINATE, Permission.REGISTRATION_SELECT
NOT_AGAIN = timedelta(days=1)  # how long nobody is emailed again by a button
REMINDED, BEFORE = timedelta(days=6, hours=12), timedelta(days=21)  # by itself: weekly, from then


def answer_own(number: str, given: Mapping[str, Typed], by: Viewer) -> None:
    """Answer what one is asked oneself; what is left empty is not answered.

    Raises ``FollowUpMissing``, ``NotAsked``, ``CourseIsOver``, ``NotFound``.
    """
    with transaction() as session:
        course, registration = locked_queries.own_for_update(by, number)
        versions.check()
        _keep(session, course, registration, given, OWN, by)


def answer_about(course_id: str, number: str, given: Mapping[str, Typed], by: Viewer) -> None:
    """Answer what a focal point is asked about a candidate of theirs; raises the same."""
    with transaction() as session:
        course = courses.course_locked(by, NOMINATE, course_id)
        (registration,) = locked_queries.for_acting(by, NOMINATE, course.id, [number])
        versions.check()
        _keep(session, course, registration, given, [AskedOf.FOCAL_POINT], by)


def answer_for(course_id: str, number: str, given: Mapping[str, Typed], by: Viewer) -> None:
    """Write down what somebody told an organiser, on the telephone for example; raises the same.

    Only what the organiser may see can be written.
    """
    with transaction() as session:
        course = courses.course_locked(by, SELECT, course_id)
        (registration,) = locked_queries.for_acting(by, SELECT, course.id, [number])
        versions.check()
        seen = {one.id for one in queries.seen(by, queries.READ, course)}
        if not seen.issuperset(given):
            raise NotFound
        _keep(session, course, registration, given, OWN, by)


def _keep(
    session: Session,
    course: Course,
    registration: Registration,
    given: Mapping[str, Typed],
    of: Collection[AskedOf],
    by: Viewer,
) -> None:
    questions = queries.by_ids(course.id, given)
    for question in questions.values():
        _check_asked(course, registration, question, of)
    askings = {key: one.asking for key, one in questions.items()}
    answered = {key: one for key, one in given.items() if askings[key].kind is not FILE}
    writes.answer(session, course, registration, kept_all(askings, answered), by)


def _check_asked(
    course: Course, registration: Registration, question: CourseQuestion, of: Collection[AskedOf]
) -> None:
    """Check that a question is asked of this person now. Raises ``NotAsked`` and others."""
    if question.asked_of not in of:
        raise NotFound
    over = clock.today(course.zone) > course.ends_on
    check_asked(question.asking, registration.state, course.state, over)


def send_file(number: str, question_id: str, upload: Upload, by: Viewer) -> None:
    """Send a file as one's own answer; it takes the place of the one before.

    Raises what is wrong with the file, ``NotAsked``, ``CourseIsOver``, ``NotFound``.
    """
    size = upload.content.seek(0, os.SEEK_END)
    check_size(size, MOST_BYTES)
    looked = content_inspector.looked_into(upload)
    upload.content.seek(0)
    key = os.urandom(32)
    with files.stored(upload.content.read(), key) as name, transaction() as session:
        course, registration = locked_queries.own_for_update(by, number)
        question = queries.question_of(course.id, question_id)
        _check_asked(course, registration, question, OWN)
        if question.kind is not QuestionKind.FILE:
            raise NotFound
        value = {
            "name": f"{looked.name}.{looked.kind.endings[0]}",
            "kind": str(looked.kind),
            "size": looked.size,
            "scanned": looked.scanned,
        }
        before = queries.answers_of(registration.id).get(question_id)
        row = writes.put_answer(session, question_id, registration.id, value, before)
        if row is not None:
            writes.put_file(session, row, name, key)
        record(
            session,
            "answer.file",
            "registration",
            registration.id,
            by=by.account_id,
            course_id=course.id,
            number=number,
            question=question_id,
        )


def remove_file(number: str, question_id: str, by: Viewer) -> None:
    """Take back a file that one sent. Raises ``NotFound``, ``CourseIsOver``."""
    with transaction() as session:
        course, registration = locked_queries.own_for_update(by, number)
        _check_asked(course, registration, queries.question_of(course.id, question_id), OWN)
        row = queries.answers_of(registration.id).get(question_id)
        if row is None or row.file is None:
            raise NotFound
        writes.drop_answers(session, [row])
        record(
            session,
            "answer.file_back",
            "registration",
            registration.id,
            by=by.account_id,
            course_id=course.id,
            number=number,
            question=question_id,
        )


def chase(course_id: str, by: Viewer) -> int:
    """Email everyone whose required answers are missing, once a day at most; returns how many.

    Raises ``NobodyMissing``, ``NotFound``.
    """
    with transaction() as session:
        course = courses.course_locked(by, Permission.MESSAGE_SEND, course_id)
        check_going(course.state)
        told = _told(session, course, clock.now() - NOT_AGAIN)
        if not told:
            raise NobodyMissing
        _told_of(session, course, told, by.account_id)
        return told


def _told(session: Session, course: Course, since: datetime) -> int:
    """Email those whose answers are missing, but nobody who was emailed since a moment."""
    missing = queries.missing(course.id)
    if not missing:
        return 0
    lately = queries.emailed_since(course.id, "registration_questions", since)
    lately |= awaited(course.id, "registration_questions")
    people = locked_queries.with_persons(course.id, LIVE, missing)
    notices = [
        mail_writes.Notice(
            "questions", one, context={"questions": [each.titles for each in missing[one.id]]}
        )
        for one in people
        if one.person_id not in lately
    ]
    return mailings.tell_each(session, course, notices) if notices else 0


def _told_of(session: Session, course: Course, told: int, account_id: str | None) -> None:
    record(
        session, "answer.chase", "course", course.id, by=account_id, course_id=course.id, told=told
    )


def remind() -> None:
    """Email whose answers are missing, weekly from three weeks before the course; a round."""
    today = clock.now().date()
    for course_id in queries.beginning(today, today + BEFORE):
        with transaction() as session:
            course = courses.course_for_update(course_id)
            if clock.today(course.zone) >= course.starts_on:
                continue
            told = _told(session, course, clock.now() - REMINDED)
            if told:
                _told_of(session, course, told, None)


def clear() -> None:
    """Erase the answers whose date has come, and details of those who no longer come; a round."""
    due: dict[str, list[queries.Due]] = {}
    for one in queries.past(clock.now().date() + timedelta(days=1)):
        if erased_on(one.kept_for, one.ends_on) <= clock.today(one.zone):
            due.setdefault(one.course_id, []).append(one)
    gone = queries.ended(clock.now() - ENDED_KEPT)
    for course_id in sorted({*due, *gone}):
        with transaction() as session:
            course = courses.course_for_update(course_id)
            questions = [
                one.question_id
                for one in due.get(course_id, [])
                if erased_on(one.kept_for, course.ends_on) <= clock.today(course.zone)
            ]
            erased = writes.erase_answers(session, questions, gone.get(course_id, []))
            record(
                session,
                "answer.clear",
                "course",
                course_id,
                by=None,
                course_id=course_id,
                answers=erased,
            )
