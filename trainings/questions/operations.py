"""What organisers do with the questions of a course: add, change, put in order, remove."""

from __future__ import annotations

from collections.abc import Collection

from trainings.audit.writes import record
from trainings.core import versions
from trainings.core.db import transaction
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.questions import answer_queries, queries, writes
from trainings.questions.change_rules import TooManyQuestions, check_change, check_lost, check_whole
from trainings.questions.rules import MOST, Asking
from trainings.questions.usual_rules import SETS, UsualSet
from trainings.registrations.listing_rules import Step, moved

EDIT = Permission.COURSE_EDIT


def add(course_id: str, asking: Asking, by: Viewer) -> str:
    """Ask something new; returns the question's id. Raises ``TitleMissing``, ``NotFound``."""
    check_whole(asking)
    with transaction() as session:
        course = courses.course_locked(by, EDIT, course_id)
        there = queries.questions(course.id)
        if len(there) >= MOST:
            raise TooManyQuestions(most=MOST)
        last = max((one.place for one in there), default=0)
        row = writes.add_question(session, course.id, asking, last + 1)
        record(
            session,
            "question.add",
            "question",
            row.id,
            by=by.account_id,
            course_id=course.id,
            kind=str(asking.kind),
            asked_of=str(asking.asked_of),
        )
        return row.id


def add_usual(course_id: str, sets: Collection[UsualSet], by: Viewer) -> int:
    """Ask the usual questions of these sets, as far as they are not asked yet; returns how many."""
    with transaction() as session:
        course = courses.course_locked(by, EDIT, course_id)
        there = queries.questions(course.id)
        known = {one.usual for one in there}
        new = [one for each in UsualSet if each in sets for one in SETS[each] if one not in known]
        if len(there) + len(new) > MOST:
            raise TooManyQuestions(most=MOST)
        last = max((one.place for one in there), default=0)
        for place, usual in enumerate(new, last + 1):
            writes.add_question(session, course.id, writes.usual_asking(usual), place, usual)
        record(
            session,
            "question.usual",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            added=[str(one) for one in new],
        )
        return len(new)


def change(
    course_id: str, question_id: str, asking: Asking, by: Viewer, *, fits: bool = False
) -> None:
    """Change a question. ``fits``: it was said that the answers there are fit the new words.

    Raises what ``rules.check_change`` refuses, ``TitleMissing``, ``NotFound``.
    """
    check_whole(asking)
    with transaction() as session:
        course = courses.course_locked(by, EDIT, course_id)
        row = queries.question_of(course.id, question_id)
        versions.check()
        answered = queries.number(row.id)
        chosen = answer_queries.chosen(row) if answered else {}
        check_change(row.asking, asking, answered, chosen, fits=fits)
        writes.put_question(row, asking)
        record(
            session,
            "question.change",
            "question",
            row.id,
            by=by.account_id,
            course_id=course.id,
            answered=answered,
            seen_by=str(asking.seen_by),
            kept_for=str(asking.kept_for),
            going_on=asking.going_on,
        )


def move(course_id: str, question_id: str, step: Step, by: Viewer) -> None:
    """Move a question among those that the same people are asked. Raises ``NotFound``."""
    with transaction() as session:
        course = courses.course_locked(by, EDIT, course_id)
        row = queries.question_of(course.id, question_id)
        among = [one for one in queries.questions(course.id) if one.asked_of is row.asked_of]
        places, keys = sorted(one.place for one in among), [one.id for one in among]
        after = moved(keys, row.id, step)
        if after == keys:
            return
        by_key = {one.id: one for one in among}
        for place, key in zip(places, after, strict=True):
            by_key[key].place = place
        record(
            session,
            "question.move",
            "question",
            row.id,
            by=by.account_id,
            course_id=course.id,
            step=str(step),
        )


def remove(course_id: str, question_id: str, by: Viewer, *, answered: int) -> None:
    """Remove a question with all that was answered to it.

    ``answered``: how many answers the page said would be lost; if there are others by now, nothing
    is removed. Raises ``AnswersChanged``, ``NotFound``.
    """
    with transaction() as session:
        course = courses.course_locked(by, EDIT, course_id)
        row = queries.question_of(course.id, question_id)
        check_lost(queries.number(row.id), answered)
        lost = writes.erase_answers(session, [row.id], [])
        session.delete(row)
        record(
            session,
            "question.remove",
            "question",
            question_id,
            by=by.account_id,
            course_id=course.id,
            answers=lost,
        )
