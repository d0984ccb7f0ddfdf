"""Looks up the comparisons of a course: what is planned, what was frozen."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.courses.models import Course
from trainings.law_reviews.models import LawReview
from trainings.legislation import queries as laws
from trainings.legislation.models import LawVersion
from trainings.legislation.queries import Place
from trainings.legislation.rules import Mark


def planned(course: Course) -> LawReview | None:
    """What a course loaded within the viewer's scope is to compare, as long as it is not frozen."""
    found: LawReview | None = db.session.scalar(
        select(LawReview)
        .where(LawReview.course_id == course.id, LawReview.frozen_at.is_(None))
        .execution_options(populate_existing=True)
    )
    return found


def frozen(course: Course) -> Sequence[LawReview]:
    """What was frozen for a course loaded within the viewer's scope, the newest first."""
    return db.session.scalars(
        select(LawReview)
        .where(LawReview.course_id == course.id, LawReview.frozen_at.is_not(None))
        .order_by(LawReview.number.desc())
    ).all()


def newest(course: Course) -> LawReview | None:
    """What was frozen last for a course whose participant or staff the viewer is."""
    found: LawReview | None = db.session.scalar(
        select(LawReview)
        .where(LawReview.course_id == course.id, LawReview.frozen_at.is_not(None))
        .order_by(LawReview.number.desc())
        .limit(1)
    )
    return found


def frozen_as(course: Course, number: int) -> LawReview:
    """One of these. Raises ``NotFound``."""
    found = db.session.scalar(
        select(LawReview).where(
            LawReview.course_id == course.id,
            LawReview.number == number,
            LawReview.frozen_at.is_not(None),
        )
    )
    if found is None:
        raise NotFound
    return found


def held(review: LawReview) -> dict[Place, LawVersion]:
    """The versions of a frozen comparison, by place."""
    rows = db.session.scalars(select(LawVersion).where(LawVersion.id.in_(review.versions)))
    return {(one.country, one.topic): one for one in rows}


def to_check(countries: Collection[str], topics: Collection[str]) -> dict[str, int]:
    """How many entries of each country are to be confirmed, checked again or found."""
    there = laws.entries(countries, topics) if countries else {}
    return {
        country: sum(
            there.get((country, topic), laws.Entry()).mark is not Mark.CONFIRMED for topic in topics
        )
        for country in countries
    }
