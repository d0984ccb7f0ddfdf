"""Looks up who reads whom on a course, and what they think, as far as the viewer may see it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Select, case, exists, func, select

from trainings.accounts import queries as accounts
from trainings.candidate_reviews.models import CandidateReader, CandidateReview, ReadingSetting
from trainings.candidate_reviews.rules import (
    FAR,
    READERS,
    SHOWN_AT_FIRST,
    Reading,
    Review,
    Shown,
    ToShare,
)
from trainings.core import sealed
from trainings.core.db import db, those_of
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.registrations import locked_queries, queries
from trainings.registrations.listing_rules import UNDECIDED
from trainings.registrations.models import HistoryStep, Registration
from trainings.registrations.rules import Act, State


def label(row: CandidateReview) -> str:
    """What a note is sealed for."""
    return f"candidate_review|note|{row.id}"


def able(course: Course) -> set[str]:
    """The accounts that may read candidates: staff who work on the course now."""
    return courses.staff_with(Permission.COURSE_WORK, course)


def readers(course_id: str) -> list[str]:
    """The accounts that were named to read candidates of a course."""
    return list(
        db.session.scalars(
            select(CandidateReader.account_id)
            .where(CandidateReader.course_id == course_id)
            .order_by(CandidateReader.account_id)
        )
    )


def reads_for(viewer: Viewer, course: Course) -> bool:
    """Whether the viewer was named to read candidates of a course they work on."""
    if viewer.account_id is None or not courses.may(viewer, Permission.COURSE_WORK, course):
        return False
    return db.session.get(CandidateReader, (course.id, viewer.account_id)) is not None


def shown(course_id: str) -> frozenset[Shown]:
    """What readers see of a candidate, beside country and function."""
    kept = db.session.get(ReadingSetting, course_id)
    if kept is None:
        return SHOWN_AT_FIRST
    return frozenset(one for one in Shown if one in kept.shown)


def readings(course_id: str, keys: Collection[str] | None = None) -> dict[str, Reading]:
    """The scores of a course's candidates by registration, without the notes.

    Of all, or of the registrations with these ``keys``.
    """
    rows = db.session.execute(
        select(CandidateReview.registration_id, CandidateReview.account_id, CandidateReview.score)
        .where(
            those_of(CandidateReview.course_id, course_id, CandidateReview.registration_id, keys)
        )
        .order_by(CandidateReview.id)
    )
    found: dict[str, list[Review]] = {}
    for registration_id, account_id, score in rows:
        found.setdefault(registration_id, []).append(Review(account_id, score))
    return {key: Reading(tuple(reviews)) for key, reviews in found.items()}


def totals(course_id: str) -> Select[Any]:
    """Both scores added, and whether they are far from each other, by candidate of a course.

    The same in SQL as ``Reading.total`` and ``Reading.far``; empty until both are in.
    """
    score = CandidateReview.score
    whole = func.count(score) >= READERS
    none_left = func.count(score) == func.count()
    far = func.max(score) - func.min(score) >= FAR
    return (
        select(
            CandidateReview.registration_id,
            case((whole & none_left, func.sum(score))).label("total"),
            (whole & none_left & far).label("far"),
        )
        .where(CandidateReview.course_id == course_id)
        .group_by(CandidateReview.registration_id)
    )


def reading_of(registration_id: str) -> Reading:
    """What is thought of one candidate found within the viewer's scope, the notes opened."""
    rows = db.session.scalars(
        select(CandidateReview)
        .where(CandidateReview.registration_id == registration_id)
        .order_by(CandidateReview.id)
    )
    return Reading(tuple(Review(one.account_id, one.score, note_of(one)) for one in rows))


def note_of(row: CandidateReview) -> str:
    """A reader's note, opened."""
    return sealed.unseal(row.note, label(row)) if row.note else ""


def review_of(registration_id: str, account_id: str | None) -> CandidateReview:
    """What one reader has of a candidate. Raises ``NotFound``."""
    found = db.session.scalar(
        select(CandidateReview)
        .where(
            CandidateReview.registration_id == registration_id,
            CandidateReview.account_id == account_id,
        )
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def settled(course_id: str) -> dict[str, list[str]]:
    """Who was named to read the candidates of a course, and what they see; one statement."""
    rows = db.session.execute(
        select(CandidateReader.account_id, ReadingSetting.shown)
        .select_from(Course)
        .outerjoin(CandidateReader, CandidateReader.course_id == Course.id)
        .outerjoin(ReadingSetting, ReadingSetting.course_id == Course.id)
        .where(Course.id == course_id)
        .order_by(CandidateReader.account_id)
    ).all()
    kept = rows[0].shown if rows else None
    return {
        "readers": [row.account_id for row in rows if row.account_id is not None],
        "shown": sorted(SHOWN_AT_FIRST if kept is None else {one for one in Shown if one in kept}),
    }


def begun(course_id: str) -> bool:
    """Whether somebody of a course was selected, and that was not undone."""
    selected = exists().where(
        HistoryStep.registration_id == Registration.id, HistoryStep.act == str(Act.SELECT)
    )
    somebody = exists().where(
        Registration.course_id == course_id,
        Registration.selected_at.is_not(None),
        selected.correlate(Registration),
    )
    return bool(db.session.scalar(select(somebody).execution_options(scope="count")))


class Known(NamedTuple):
    """A registration as far as a score needs it."""

    id: str
    person_id: str
    state: State


def given_to(viewer: Viewer, course: Course, number: str) -> Known:
    """One of the candidates whom the viewer has to read, no name opened. Raises ``NotFound``."""
    row = None
    if reads_for(viewer, course):
        row = db.session.execute(
            select(Registration.id, Registration.person_id, Registration.state)
            .join(CandidateReview, CandidateReview.registration_id == Registration.id)
            .where(
                CandidateReview.account_id == viewer.account_id,
                CandidateReview.course_id == course.id,
                Registration.number == number,
            )
            .execution_options(scope="viewer")
        ).one_or_none()
    if row is None:
        raise NotFound
    return Known(*row)


class Waiting(NamedTuple):
    """A candidate who waits for a decision, without a name."""

    id: str
    number: str
    country: str
    function: str
    person_id: str


WAITING = (
    Registration.id,
    Registration.number,
    Registration.country,
    Registration.function,
    Registration.person_id,
)


def undecided(course: Course, by: Viewer) -> list[Waiting]:
    """Who waits for a decision within the viewer's scope, without names."""
    rows = db.session.execute(
        select(*WAITING)
        .where(
            queries.within_course(by, Permission.REGISTRATION_SELECT, course.id),
            Registration.state.in_(sorted(UNDECIDED)),
        )
        .order_by(Registration.country, Registration.function, Registration.number)
        .execution_options(scope="viewer")
    )
    return [Waiting(*row) for row in rows]


def to_share(course: Course, by: Viewer) -> list[ToShare]:
    """Who waits for a decision within the viewer's scope: their readers, and who must not read."""
    rows = undecided(course, by)
    kept = readings(course.id)
    barred = barred_from({row.id: row.person_id for row in rows})
    return [
        ToShare(
            row.id,
            tuple(one.account_id for one in kept.get(row.id, Reading()).reviews),
            barred[row.id],
        )
        for row in rows
    ]


def barred_from(persons: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Who must not score each of some registrations: who nominated them, and they themselves.

    ``persons``: whose each registration is.
    """
    nominated = locked_queries.last_steps(list(persons), str(Act.NOMINATE))
    own = {one.person_id: one.id for one in accounts.accounts_of(list(persons.values())).values()}
    return {
        key: frozenset(
            who
            for who in (nominated[key].by if key in nominated else None, own.get(person_id))
            if who is not None
        )
        for key, person_id in persons.items()
    }
