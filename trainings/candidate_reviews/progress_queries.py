"""Counts how far the reading of a course's candidates is, and lists who was not read yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import ColumnElement, case, func, select

from trainings.candidate_reviews import queries
from trainings.candidate_reviews.models import CandidateReview
from trainings.candidate_reviews.rules import READERS, Reading
from trainings.core import paging
from trainings.core.db import db
from trainings.core.permissions import Permission, Viewer
from trainings.courses.models import Course
from trainings.registrations import queries as registrations
from trainings.registrations.listing_rules import UNDECIDED
from trainings.registrations.models import Registration


def _unread(course: Course, by: Viewer) -> list[ColumnElement[bool]]:
    """The conditions for those who wait for a decision and were not read by both yet."""
    score = CandidateReview.score  # in one look: how many scores, or none while one is left
    read = (
        select(case((func.count(score) == func.count(), func.count()), else_=0))
        .where(CandidateReview.registration_id == Registration.id)
        .correlate(Registration)
        .scalar_subquery()
    )
    return [
        registrations.within_course(by, Permission.REGISTRATION_SELECT, course.id),
        Registration.state.in_(sorted(UNDECIDED)),
        read < READERS,
    ]


def unread_by_country(course: Course, by: Viewer) -> dict[str, int]:
    """How many who wait were not read by both yet, in the order of their countries' codes."""
    rows = db.session.execute(
        select(Registration.country, func.count())
        .where(*_unread(course, by))
        .group_by(Registration.state, Registration.country)  # as an index has them
        .execution_options(scope="count")
    )
    numbers = Counter[str]()
    for country, number in rows:
        numbers[country] += number
    return dict(sorted(numbers.items()))


def unread(
    course: Course, by: Viewer, numbers: Mapping[str, int], page: int, size: int
) -> list[tuple[queries.Waiting, Reading]]:
    """A page of them, without names, with what was read of each; ``numbers``: by country."""
    countries, before = paging.reached(numbers.items(), page, size)
    rows = db.session.execute(
        select(*queries.WAITING)
        .where(*_unread(course, by), Registration.country.in_(countries))
        .order_by(Registration.country, Registration.function, Registration.number)
        .limit(size)
        .offset(before)
        .execution_options(scope="viewer")
    )
    waiting = [queries.Waiting(*row) for row in rows]
    kept = queries.readings(course.id, [one.id for one in waiting])
    return [(one, kept.get(one.id, Reading())) for one in waiting]


def loads(course: Course, by: Viewer) -> dict[str, tuple[int, int]]:
    """By reader: how many who wait for a decision they were given, and have read."""
    rows = db.session.execute(
        select(CandidateReview.account_id, func.count(), func.count(CandidateReview.score))
        .join(Registration, Registration.id == CandidateReview.registration_id)
        .where(
            registrations.within_course(by, Permission.REGISTRATION_SELECT, course.id),
            Registration.state.in_(sorted(UNDECIDED)),
        )
        .group_by(CandidateReview.account_id)
        .execution_options(scope="count")
    )
    return {account: (int(given), int(read)) for account, given, read in rows}
