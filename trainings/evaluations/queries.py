"""Looks up who gave their evaluation, and a course's answers once there are five or more."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, select

from trainings.core import sealed
from trainings.core.db import db
from trainings.evaluations import rules
from trainings.evaluations.models import EvaluationAnswer, EvaluationGiven, EvaluationSummary
from trainings.evaluations.rules import GIVERS, Answers, Question, Statement, Summary, Tally
from trainings.registrations.headcount_queries import headcount
from trainings.registrations.models import Registration
from trainings.registrations.rules import State


class Numbers(NamedTuple):
    """How many people are asked to evaluate a course, and how many have done so."""

    asked: int
    given: int
    hidden: int  # answers hidden until there are five


def numbers(course_id: str) -> Numbers:
    """The numbers of a course loaded within the viewer's scope.

    There are as many answers as people who gave theirs: both are stored together.
    """

    def answers(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
        counted = select(func.count()).select_from(EvaluationAnswer)
        return counted.where(EvaluationAnswer.course_id == course_id, *conditions).scalar_subquery()

    given = exists().where(EvaluationGiven.registration_id == Registration.id)
    others = select(func.count()).where(
        Registration.course_id == course_id,
        # said by the other states' names, for an index by state
        Registration.state.in_(sorted(set(State) - GIVERS)),
        given.correlate(Registration),
    )
    gave, number, hidden_ones = db.session.execute(
        select(
            others.scalar_subquery(), answers(), answers(EvaluationAnswer.shown.is_(False))
        ).execution_options(scope="count")
    ).one()
    return Numbers(headcount(course_id).number(GIVERS) + gave, number, hidden_ones)


def summary(course_id: str) -> Summary:
    """What the answers that are shown come to, of a course loaded within the viewer's scope."""
    return summaries([course_id])[course_id]


def summaries(course_ids: Collection[str]) -> dict[str, Summary]:
    """The same of several courses, by course, in one statement, or two.

    The answers are read of courses whose answers were shown before summaries were kept.
    """
    kept = db.session.execute(
        select(EvaluationSummary.course_id, EvaluationSummary.counts).where(
            EvaluationSummary.course_id.in_(list(course_ids))
        )
    )
    found = {course_id: opened_summary(course_id, counts) for course_id, counts in kept}
    answers: dict[str, list[Answers]] = {one: [] for one in course_ids if one not in found}
    if answers:
        shown_there = select(
            EvaluationAnswer.course_id, EvaluationAnswer.id, EvaluationAnswer.answers
        ).where(EvaluationAnswer.course_id.in_(list(answers)), EvaluationAnswer.shown.is_(True))
        for course_id, key, content in db.session.execute(shown_there):
            answers[course_id].append(_opened(key, content))
    return {one: rules.summary(given) for one, given in answers.items()} | found


def opened_summary(course_id: str, counts: bytes) -> Summary:
    """What a course's answers come to, decrypted."""
    said = json.loads(sealed.unseal(counts, summary_label(course_id)))
    return Summary(
        said["shown"],
        [Tally(one, said["ratings"][one]) for one in Statement],
        {one: said["texts"][one] for one in Question},
    )


def summary_label(course_id: str) -> str:
    """The label under which it is sealed."""
    return f"evaluation_summary|counts|{course_id}"


def shown(course_id: str, page: int, size: int) -> list[Answers]:
    """A page of the answers that may be shown, of a course loaded within the viewer's scope.

    By their random keys. They become visible five at a time, with keys side by side, so a page
    that holds a multiple of five shows the words of five people at least, and between two looks
    those of five others.
    """
    rows = db.session.scalars(
        select(EvaluationAnswer)
        .where(EvaluationAnswer.course_id == course_id, EvaluationAnswer.shown.is_(True))
        .order_by(EvaluationAnswer.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    return [opened(row) for row in rows]


def opened(row: EvaluationAnswer) -> Answers:
    """One person's answers, decrypted."""
    return _opened(row.id, row.answers)


def _opened(key: str, answers: bytes) -> Answers:
    said = json.loads(sealed.unseal(answers, f"evaluation_answer|answers|{key}"))
    return Answers(
        {Statement(statement): int(rating) for statement, rating in said["ratings"].items()},
        {Question(question): str(text) for question, text in said["texts"].items()},
    )


def has_given(registration_id: str) -> bool:
    """Whether the evaluation of a registration was given."""
    return bool(given_by([registration_id]))


def given_by(registration_ids: Collection[str]) -> frozenset[str]:
    """The registrations among these (loaded within the viewer's scope) with an evaluation given."""
    if not registration_ids:
        return frozenset()
    return frozenset(
        db.session.scalars(
            select(EvaluationGiven.registration_id).where(
                EvaluationGiven.registration_id.in_(registration_ids)
            )
        )
    )


def given_in(course_id: str) -> frozenset[str]:
    """The registrations of a course (loaded within the viewer's scope) with an evaluation given."""
    return frozenset(
        db.session.scalars(
            select(EvaluationGiven.registration_id)
            .join(Registration, Registration.id == EvaluationGiven.registration_id)
            .where(Registration.course_id == course_id)
            .execution_options(scope="count")
        )
    )


# for operations, within their transaction and with the course's row locked


def hidden(course_id: str) -> Sequence[EvaluationAnswer]:
    """The answers that stay hidden until there are five."""
    return db.session.scalars(
        select(EvaluationAnswer).where(
            EvaluationAnswer.course_id == course_id, EvaluationAnswer.shown.is_(False)
        )
    ).all()


def shown_before(course_id: str, key: str) -> int:
    """How many of the answers that are shown come before a key."""
    counted = select(func.count()).where(
        EvaluationAnswer.course_id == course_id,
        EvaluationAnswer.shown.is_(True),
        EvaluationAnswer.id < key,
    )
    return db.session.scalar(counted) or 0


def shown_so_far(course_id: str) -> list[Answers]:
    """All answers of a course that are shown, to summarise what was shown before summaries were."""
    rows = db.session.scalars(
        select(EvaluationAnswer).where(
            EvaluationAnswer.course_id == course_id, EvaluationAnswer.shown.is_(True)
        )
    )
    return [opened(row) for row in rows]
