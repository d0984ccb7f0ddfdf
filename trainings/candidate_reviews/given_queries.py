"""Looks up whom a reader was given to read, as far as the course lets its readers see them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, or_, select

from trainings.candidate_reviews import progress_queries, queries
from trainings.candidate_reviews.models import CandidateReview
from trainings.candidate_reviews.rules import Shown
from trainings.core import paging
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Viewer
from trainings.courses.models import Course
from trainings.people import reading
from trainings.people.sealed_rules import Identity
from trainings.registrations import queries as registrations
from trainings.registrations.listing_rules import UNDECIDED
from trainings.registrations.models import Registration
from trainings.registrations.rules import LIVE, State


class Candidate(Struct, frozen=True):
    """A candidate as far as the course lets their readers see them."""

    id: str
    number: str
    state: State
    country: str
    function: str
    person: Identity | None
    unit: str
    sex: str | None
    rank: int | None
    score: int | None  # the reader's own


def numbers(viewer: Viewer, course: Course) -> Counter[tuple[bool, str]]:
    """How many candidates the viewer was given, by whether that is done, and by country.

    Done is who was read, and who waits for no decision any more; who left is not counted.
    """
    found = Counter[tuple[bool, str]]()
    for one in progress_queries.progress(course.id).given:
        if one.account_id == viewer.account_id and one.state in LIVE:
            found[(one.read or one.state not in UNDECIDED, one.country)] += one.number
    return found


def given(
    viewer: Viewer, course: Course, counted: Mapping[tuple[bool, str], int], page: int, size: int
) -> list[Candidate]:
    """A page of the candidates whom the viewer has to read; the look is logged.

    Those who are to be read come first. ``counted``: their ``numbers``. Nobody where the viewer was
    not named, or is no longer. What the course does not show is not opened.
    """
    groups, before = paging.reached(sorted(counted.items()), page, size)
    part = [
        and_(_DONE if done else _TO_READ, Registration.country.in_(countries))
        for done in (False, True)
        if (countries := [country for is_done, country in groups if is_done is done])
    ]
    order: list[Any] = (
        [] if len(part) < 2 else [_DONE]
    )  # who is done with and who is not are sorted apart
    order += [Registration.country, Registration.function, Registration.number]
    return _candidates(viewer, course, or_(False, *part), order, before, size)


def candidate(viewer: Viewer, course: Course, number: str) -> Candidate:
    """One of the candidates whom the viewer has to read. Raises ``NotFound``."""
    found = _candidates(viewer, course, Registration.number == number)
    if not found:
        raise NotFound
    return found[0]


_TO_READ = and_(CandidateReview.score.is_(None), Registration.state.in_(sorted(UNDECIDED)))
_DONE = or_(CandidateReview.score.is_not(None), Registration.state.not_in(sorted(UNDECIDED)))


def _candidates(
    viewer: Viewer,
    course: Course,
    which: ColumnElement[bool],
    order: Sequence[Any] = (),
    before: int = 0,
    most: int = 1,
) -> list[Candidate]:
    if not queries.reads_for(viewer, course):
        return []
    statement = (
        select(Registration, CandidateReview.score)
        .join(CandidateReview, CandidateReview.registration_id == Registration.id)
        .where(
            CandidateReview.account_id == viewer.account_id,
            CandidateReview.course_id == course.id,
            Registration.course_id == course.id,
            Registration.state.in_(sorted(LIVE)),
            which,
        )
        .order_by(*order)
        .limit(most)
        .offset(before)
        .execution_options(scope="viewer")
    )
    rows = db.session.execute(statement).all()
    seen = queries.shown(course.id)
    wanted = [row.Registration.person_id for row in rows]
    people: Mapping[str, Identity] = {}
    if Shown.NAME in seen:
        people = reading.open(wanted, by=viewer.account_id, purpose="candidate reading")
    elif Shown.UNIT in seen and rows:
        reading.log(wanted, by=viewer.account_id, purpose="candidate reading")
    return [
        Candidate(
            one.id,
            one.number,
            one.state,
            one.country,
            one.function,
            people.get(one.person_id),
            registrations.unit(one) if Shown.UNIT in seen else "",
            one.sex if Shown.SEX in seen else None,
            one.priority if Shown.RANK in seen else None,
            score,
        )
        for one, score in rows
    ]
