"""Counts how far the reading of a course's candidates is, and lists who was not read yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import case, func, select

from trainings.audit.kept_queries import KeptNumbers
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
from trainings.registrations.rules import State

_SCORE = CandidateReview.score  # in one look: how many scores, or none while one is left
_READ = (
    select(case((func.count(_SCORE) == func.count(), func.count()), else_=0))
    .where(CandidateReview.registration_id == Registration.id)
    .correlate(Registration)
    .scalar_subquery()
)
# Who waits for a decision and was not read by both yet.
_UNREAD = (Registration.state.in_(sorted(UNDECIDED)), _READ < READERS)


class Given(NamedTuple):
    """How many candidates of one kind a reader was given, and whether they have read these."""

    account_id: str
    state: State
    country: str
    read: bool
    number: int


class Progress(NamedTuple):
    """How far the reading of a course's candidates is.

    ``unread``: who waits for a decision and was not read by both yet, by country.
    """

    given: list[Given]
    unread: dict[str, int]


def progress(course_id: str) -> Progress:
    """How far the reading of a course's candidates is; counted once after each act in it."""
    return KEPT.of([course_id])[course_id]


def _counted(course_ids: Collection[str]) -> dict[str, Progress]:
    found = {course_id: Progress([], {}) for course_id in course_ids}
    read = CandidateReview.score.is_not(None)
    for course_id, account, state, country, is_read, number in db.session.execute(
        select(
            Registration.course_id,
            CandidateReview.account_id,
            Registration.state,
            Registration.country,
            read,
            func.count(),
        )
        .join(CandidateReview, CandidateReview.registration_id == Registration.id)
        .where(Registration.course_id.in_(list(course_ids)))
        .group_by(
            Registration.course_id,
            CandidateReview.account_id,
            Registration.state,
            Registration.country,
            read,
        )
        .execution_options(scope="count")
    ):
        found[course_id].given.append(Given(account, state, country, bool(is_read), number))
    for course_id, country, number in db.session.execute(
        select(Registration.course_id, Registration.country, func.count())
        .where(Registration.course_id.in_(list(course_ids)), *_UNREAD)
        .group_by(Registration.course_id, Registration.country)
        .order_by(Registration.course_id, Registration.country)
        .execution_options(scope="count")
    ):
        found[course_id].unread[country] = number
    return found


KEPT = KeptNumbers(
    "reading", _counted, 20_000, lambda found: 1 + len(found.given) + len(found.unread)
)


def unread(
    course: Course, by: Viewer, numbers: Mapping[str, int], page: int, size: int
) -> list[tuple[queries.Waiting, Reading]]:
    """A page of them, without names, with what was read of each; ``numbers``: by country."""
    countries, before = paging.reached(numbers.items(), page, size)
    rows = db.session.execute(
        select(*queries.WAITING)
        .where(
            registrations.within_course(by, Permission.REGISTRATION_SELECT, course.id),
            *_UNREAD,
            Registration.country.in_(countries),
        )
        .order_by(Registration.country, Registration.function, Registration.number)
        .limit(size)
        .offset(before)
        .execution_options(scope="viewer")
    )
    waiting = [queries.Waiting(*row) for row in rows]
    kept = queries.readings(course.id, [one.id for one in waiting])
    return [(one, kept.get(one.id, Reading())) for one in waiting]


def loads(found: Progress) -> dict[str, tuple[int, int]]:
    """By reader: how many who wait for a decision they were given, and have read."""
    given, read = Counter[str](), Counter[str]()
    for one in found.given:
        if one.state in UNDECIDED:
            given[one.account_id] += one.number
            read[one.account_id] += one.number if one.read else 0
    return {account: (number, read[account]) for account, number in given.items()}
