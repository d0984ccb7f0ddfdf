"""Looks up what a course asks, who has answered, and whose answers are missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from trainings.audit.kept_queries import KeptNumbers
from trainings.core.db import ForOneOrEach, db, those_of
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.mail.models import OutboxMail
from trainings.questions.models import CourseQuestion, QuestionAnswer
from trainings.questions.rules import (
    OWN,
    STATES,
    AskedOf,
    Asking,
    KeptFor,
    QuestionKind,
    no_longer_comes,
    sees,
)
from trainings.questions.usual_rules import Usual
from trainings.registrations.models import Registration
from trainings.registrations.rules import State

READ, NOMINATE = Permission.REGISTRATION_READ, Permission.REGISTRATION_NOMINATE
LEAD = Permission.COURSE_EDIT
_ORDER = (CourseQuestion.place, CourseQuestion.id)
_REQUIRED = (CourseQuestion.going_on, CourseQuestion.required)


def questions(course_id: str) -> Sequence[CourseQuestion]:
    """All that a course asks or has asked, in order."""
    return db.session.scalars(
        _OF_COURSE, {"course": course_id}, execution_options={"populate_existing": True}
    ).all()


_OF_COURSE = (
    select(CourseQuestion).where(CourseQuestion.course_id == bindparam("course")).order_by(*_ORDER)
)


def by_ids(course_id: str, question_ids: Collection[str]) -> dict[str, CourseQuestion]:
    """Some questions of a course. Raises ``NotFound`` where one is not of this course."""
    rows = db.session.scalars(
        select(CourseQuestion)
        .where(CourseQuestion.id.in_(list(question_ids)), CourseQuestion.course_id == course_id)
        .execution_options(populate_existing=True)
    )
    found = {one.id: one for one in rows}
    if len(found) != len(set(question_ids)):
        raise NotFound
    return found


def question_of(course_id: str, question_id: str) -> CourseQuestion:
    """One question of a course. Raises ``NotFound``."""
    return by_ids(course_id, [question_id])[question_id]


def asked_now(course_id: str, state: State, of: Collection[AskedOf]) -> list[CourseQuestion]:
    """What is asked now about a registration in this state, of the person or the focal point."""
    return [
        one
        for one in questions(course_id)
        if one.going_on and one.asked_of in of and state in STATES[one.asked_of]
    ]


class Asked(NamedTuple):
    """What candidates are asked while they apply, and what only those who come are asked."""

    now: dict[str, CourseQuestion]  # in order; a file is asked for once the application is sent
    later: frozenset[Usual]  # of the usual questions: nobody is asked for it earlier

    @property
    def askings(self) -> dict[str, Asking]:
        """What they are asked now, without where it is kept."""
        return {key: one.asking for key, one in self.now.items()}


def asked_on_applying(course_id: str) -> Asked:
    """What a course asks its candidates while they apply."""
    rows = [one for one in questions(course_id) if one.going_on]
    return Asked(
        {
            one.id: one
            for one in rows
            if one.asked_of is AskedOf.CANDIDATE and one.kind is not QuestionKind.FILE
        },
        frozenset(one.usual for one in rows if one.usual and one.asked_of is AskedOf.SELECTED),
    )


def seen(viewer: Viewer, permission: Permission, course: Course) -> list[CourseQuestion]:
    """The questions of a course whose answers the viewer sees under a permission."""
    rows = questions(course.id)
    lead = bool(rows) and courses.may(viewer, LEAD, course)
    focal_point = permission is NOMINATE
    return [
        one
        for one in rows
        if sees(one.seen_by, lead=lead, focal_point=focal_point)
        or (focal_point and one.asked_of is AskedOf.FOCAL_POINT)
    ]


def numbers(course_id: str) -> dict[str, int]:
    """How many have answered each question of a course."""
    rows = db.session.execute(
        select(QuestionAnswer.question_id, func.count())
        .where(
            QuestionAnswer.question_id.in_(
                select(CourseQuestion.id).where(CourseQuestion.course_id == course_id)
            )
        )
        .group_by(QuestionAnswer.question_id)
    )
    return {question_id: number for question_id, number in rows}  # noqa: C416


def number(question_id: str) -> int:
    """How many have answered one question."""
    counting = select(func.count()).where(QuestionAnswer.question_id == question_id)
    return db.session.scalar(counting) or 0


def answers_of(registration_id: str) -> dict[str, QuestionAnswer]:
    """What was answered for a registration found within the viewer's scope, by question."""
    rows = db.session.scalars(
        select(QuestionAnswer)
        .where(QuestionAnswer.registration_id == registration_id)
        .execution_options(populate_existing=True)
    )
    return {one.question_id: one for one in rows}


def answers_to(
    question_ids: Collection[str], keys: Collection[str] | None = None
) -> Sequence[QuestionAnswer]:
    """All answers to some questions of a course found within the viewer's scope.

    Or those of the registrations with these ``keys``.
    """
    return db.session.scalars(
        select(QuestionAnswer).where(
            QuestionAnswer.question_id.in_(list(question_ids)),
            true() if keys is None else QuestionAnswer.registration_id.in_(list(keys)),
        )
    ).all()


def _asked_own() -> ColumnElement[bool]:
    """Whether a question is asked now of the person of a registration."""
    asked = [
        and_(CourseQuestion.asked_of == one, Registration.state.in_(sorted(STATES[one])))
        for one in OWN
    ]
    return and_(CourseQuestion.course_id == Registration.course_id, *_REQUIRED, or_(*asked))


def _unanswered(question_id: Any) -> ColumnElement[bool]:
    return ~(
        select(QuestionAnswer.question_id)  # what the index holds: no row is read
        .where(
            QuestionAnswer.question_id == question_id,
            QuestionAnswer.registration_id == Registration.id,
        )
        .correlate_except(QuestionAnswer)
        .exists()
    )


def missing(course_id: str, keys: Collection[str] | None = None) -> dict[str, list[CourseQuestion]]:
    """Which required answers of the persons themselves are missing, by registration.

    Of all, or of those with these ``keys``.
    """
    rows = db.session.execute(
        select(Registration.id, CourseQuestion)
        .join(CourseQuestion, _asked_own())
        .where(
            those_of(Registration.course_id, course_id, Registration.id, keys),
            _unanswered(CourseQuestion.id),
        )
        .order_by(Registration.number, *_ORDER)
        .execution_options(scope="count")
    )
    found: dict[str, list[CourseQuestion]] = {}
    for registration_id, question in rows:
        found.setdefault(registration_id, []).append(question)
    return found


def lacks(course_id: str) -> ColumnElement[bool]:
    """Whether the person of a registration of a course has not answered all that is required."""
    asked, parts = _asked_together(), []
    for of, some in asked.items():
        first = _first(course_id, of)
        lack = and_(first.is_not(None), _lack(first, course_id, of))
        parts.append(and_(Registration.state.in_(some), lack))
    return and_(Registration.state.in_(sorted(chain(*asked.values()))), or_(*parts))


def _asked_together() -> dict[tuple[AskedOf, ...], list[State]]:
    """The states whose people are asked the same, by what is asked of them."""
    asked: dict[tuple[AskedOf, ...], list[State]] = {}
    for state in State:
        asked.setdefault(tuple(one for one in OWN if state in STATES[one]), []).append(state)
    asked.pop((), None)
    return asked


def _asked(course_id: Any, of: Collection[AskedOf]) -> list[ColumnElement[bool]]:
    """The conditions for the required questions that a course asks of these; an index has them."""
    return [CourseQuestion.course_id == course_id, CourseQuestion.asked_of.in_(of), *_REQUIRED]


def _first(course_id: ForOneOrEach, of: Collection[AskedOf]) -> ScalarSelect[str | None]:
    """The first of the required questions asked of these; looked up once for all people."""
    found = select(func.min(CourseQuestion.id)).where(*_asked(course_id, of))
    return found.correlate_except(CourseQuestion).scalar_subquery()


def _lack(first: Any, course_id: Any, of: Collection[AskedOf]) -> ColumnElement[bool]:
    """Whether one of the required questions asked of these is not answered.

    Who has not answered the first lacks an answer: the others are not looked for.
    """
    other = exists().where(
        *_asked(course_id, of), CourseQuestion.id > first, _unanswered(CourseQuestion.id)
    )
    return or_(_unanswered(first), other.correlate_except(CourseQuestion))


def how_many_lack(course_ids: Collection[str]) -> dict[str, int]:
    """How many people of each of these courses have not answered all that is required."""
    return KEPT.of(course_ids)


def _counted(course_ids: Collection[str]) -> dict[str, int]:
    rows = db.session.execute(
        select(Course.id, _number(Course.id))
        .where(Course.id.in_(list(course_ids)))
        .execution_options(scope="count")
    )
    return dict.fromkeys(course_ids, 0) | {course_id: number for course_id, number in rows}  # noqa: C416


KEPT = KeptNumbers("lacking", _counted, 10_000)


def _number(course_id: ForOneOrEach) -> ColumnElement[int]:
    """How many of a course, to be counted in SQL."""
    number: ColumnElement[int] = literal(0)
    for of, some in _asked_together().items():
        first = aliased(CourseQuestion)  # without any, nobody is looked at
        number += (
            select(func.count())
            .select_from(first)
            .join(Registration, Registration.course_id == first.course_id)
            .where(
                first.id == _first(course_id, of),
                Registration.state.in_(some),
                _lack(first.id, first.course_id, of),
            )
            .scalar_subquery()
        )
    return number


def unanswered(registration_ids: Collection[str]) -> Mapping[str, int]:
    """How many required answers are missing of each of one's own registrations."""
    if not registration_ids:
        return {}
    rows = db.session.execute(
        select(Registration.id, func.count())
        .join(CourseQuestion, _asked_own())
        .where(Registration.id.in_(list(registration_ids)), _unanswered(CourseQuestion.id))
        .group_by(Registration.id)
        .execution_options(scope="own")
    )
    return {registration_id: number for registration_id, number in rows}  # noqa: C416


def emailed_since(course_id: str, event: str, moment: datetime) -> set[str]:
    """Who was sent an email of this kind about a course since a moment."""
    found = db.session.scalars(
        select(OutboxMail.person_id).where(
            OutboxMail.course_id == course_id,
            OutboxMail.event == event,
            OutboxMail.created_at >= moment,
            OutboxMail.person_id.is_not(None),
        )
    )
    return {one for one in found if one is not None}


def beginning(first: date, last: date) -> Sequence[str]:
    """The courses that ask something and begin within these days."""
    going = (CourseState.PUBLISHED, CourseState.REGISTRATION_CLOSED)
    asks = exists().where(CourseQuestion.course_id == Course.id, CourseQuestion.going_on)
    return db.session.scalars(
        select(Course.id)
        .where(Course.starts_on.between(first, last), Course.state.in_(going), asks)
        .order_by(Course.id)
    ).all()


class Due(NamedTuple):
    """Answers whose time may be over: of a course, how long they are kept, and its last day."""

    course_id: str
    question_id: str
    kept_for: KeptFor
    ends_on: date
    zone: str


def past(today: date) -> list[Due]:
    """The questions with answers of courses whose last day has passed."""
    answered = exists().where(QuestionAnswer.question_id == CourseQuestion.id)
    rows = db.session.execute(
        select(
            CourseQuestion.course_id,
            CourseQuestion.id,
            CourseQuestion.kept_for,
            Course.ends_on,
            Course.zone,
        )
        .join(Course, Course.id == CourseQuestion.course_id)
        .where(Course.ends_on <= today, answered)
        .order_by(CourseQuestion.course_id)
    )
    return [Due(*row) for row in rows]


def ended(before: datetime) -> dict[str, list[str]]:
    """Answers asked only of who comes, of those who no longer do since a moment, by course."""
    rows = db.session.execute(
        select(CourseQuestion.course_id, QuestionAnswer.id)
        .join(CourseQuestion, CourseQuestion.id == QuestionAnswer.question_id)
        .join(Registration, Registration.id == QuestionAnswer.registration_id)
        .where(
            CourseQuestion.asked_of == AskedOf.SELECTED,
            Registration.state.in_([one for one in State if no_longer_comes(one)]),
            Registration.state_at <= before,
        )
        .execution_options(scope="job")
    )
    found: dict[str, list[str]] = {}
    for course_id, answer_id in rows:
        found.setdefault(course_id, []).append(answer_id)
    return found
