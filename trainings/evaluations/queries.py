"""Looks up who gave their evaluation, and a course's answers once there are five or more."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, select

from trainings.core import sealed
from trainings.core.db import db
from trainings.evaluations.models import EvaluationAnswer, EvaluationGiven
from trainings.evaluations.rules import GIVERS, Answers, Question, Statement
from trainings.registrations.models import Registration
from trainings.registrations.rules import State


class Numbers(NamedTuple):
    """How many people are asked to evaluate a course, and how many have done so."""

    asked: int
    given: int
    hidden: int  # answers hidden until there are five


def numbers(course_id: str) -> Numbers:
    """The numbers of a course loaded within the viewer's scope, in one statement."""

    def people(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
        counted = select(func.count()).select_from(Registration)
        return counted.where(Registration.course_id == course_id, *conditions).scalar_subquery()

    asked = Registration.state.in_(sorted(GIVERS))
    others = Registration.state.in_(sorted(set(State) - GIVERS))  # said for an index by state
    given = exists().where(EvaluationGiven.registration_id == Registration.id)
    given_before = people(others, given.correlate(Registration))
    hidden = (
        select(func.count())
        .where(EvaluationAnswer.course_id == course_id, EvaluationAnswer.shown.is_(False))
        .scalar_subquery()
    )
    row = db.session.execute(
        select(
            people(asked) + given_before,
            people(asked, given.correlate(Registration)) + given_before,
            hidden,
        ).execution_options(scope="count")
    ).one()
    return Numbers(*row)


def shown(course_id: str) -> list[Answers]:
    """The answers that may be shown, of a course loaded within the viewer's scope."""
    rows = db.session.scalars(
        select(EvaluationAnswer)
        .where(EvaluationAnswer.course_id == course_id, EvaluationAnswer.shown.is_(True))
        .order_by(EvaluationAnswer.id)
    )
    return [opened(row) for row in rows]


def shown_of(course_ids: Collection[str]) -> dict[str, list[Answers]]:
    """The answers that may be shown of several courses, by course."""
    rows = db.session.scalars(
        select(EvaluationAnswer)
        .where(EvaluationAnswer.course_id.in_(list(course_ids)), EvaluationAnswer.shown.is_(True))
        .order_by(EvaluationAnswer.id)
    )
    found: dict[str, list[Answers]] = {}
    for row in rows:
        found.setdefault(row.course_id, []).append(opened(row))
    return found


def opened(row: EvaluationAnswer) -> Answers:
    """One person's answers, decrypted."""
    said = json.loads(sealed.unseal(row.answers, f"evaluation_answer|answers|{row.id}"))
    return Answers(
        {Statement(key): int(rating) for key, rating in said["ratings"].items()},
        {Question(key): str(text) for key, text in said["texts"].items()},
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
