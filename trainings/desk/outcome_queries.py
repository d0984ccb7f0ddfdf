"""What came of a completed course: who attended, the certificates, the evaluation."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from sqlalchemy import func, select

from trainings.core.db import db
from trainings.courses.models import Course
from trainings.evaluations import queries as evaluations
from trainings.register.models import Certificate
from trainings.register.rules import Kind, Status
from trainings.registrations.headcount_queries import headcount
from trainings.registrations.rules import State


class Outcome(Struct, frozen=True):
    """The results of a course in numbers."""

    attended: int
    no_show: int
    certificates: Mapping[Kind, int]  # those that are valid now
    evaluation: evaluations.Numbers | None = None  # none where the course does not ask for it
    rating: float | None = None  # the mean of all ratings, once they may be shown


def outcome(course: Course) -> Outcome:
    """The results of a course loaded within the viewer's scope, in at most four statements."""
    people = headcount(course.id).by_state
    kinds = db.session.execute(
        select(Certificate.kind, func.count())
        .where(
            Certificate.course_id == course.id,
            Certificate.status.in_((Status.ISSUED, Status.READY)),
        )
        .group_by(Certificate.kind)
        .execution_options(scope="count")
    )
    certificates = {kind: number for kind, number in kinds}  # noqa: C416
    if not course.needs_evaluation:
        evaluation, rating = None, None
    else:
        evaluation, rating = evaluations.numbers(course.id), evaluations.summary(course.id).mean
    return Outcome(
        people.get(State.ATTENDED, 0),
        people.get(State.NO_SHOW, 0),
        {kind: certificates[kind] for kind in Kind if kind in certificates},
        evaluation,
        rating,
    )
