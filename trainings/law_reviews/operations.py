"""The comparison of a course: planned, its countries asked to check, frozen, printed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trainings.audit.writes import record
from trainings.core import clock, versions
from trainings.core.db import new_key, transaction
from trainings.core.i18n import localized, speaking
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.law_reviews import document, queries
from trainings.law_reviews.models import LawReview
from trainings.law_reviews.rules import (
    LawsNotDrawn,
    NothingPlanned,
    TooFewCountries,
    TooManyCountries,
)
from trainings.legislation import queries as laws
from trainings.legislation.compare_rules import FEWEST, MOST
from trainings.mail.writes import Letter, enqueue_each
from trainings.people import reading
from trainings.printing import cage
from trainings.printing.paper_rules import LawsForm
from trainings.web.responses import external_url

EDIT = Permission.AGENDA_EDIT


def plan(course_id: str, countries: Sequence[str], topics: Sequence[str], by: Viewer) -> int:
    """Say what a course lays side by side, and ask its countries to check what is said of them.

    A country is asked once for each comparison. Gives how many were asked. Raises
    ``TooFewCountries``, ``TooManyCountries``, ``NotFound``.
    """
    with transaction() as session:
        course = courses.course_locked(by, EDIT, course_id)
        review = queries.planned(course)
        versions.check()
        if len(countries) < FEWEST:
            raise TooFewCountries
        if len(countries) > MOST:
            raise TooManyCountries
        if review is None:
            review = _begun(session, course, by)
        review.countries, review.topics = sorted(countries), list(topics)
        waiting = queries.to_check(review.countries, topics)
        to_ask = [one for one in review.countries if waiting[one] and one not in review.asked]
        asked = _ask(session, course, {one: waiting[one] for one in to_ask})
        review.asked = sorted({*review.asked, *asked})
        record(
            session,
            "law.ask",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            countries=review.countries,
            asked=asked,
        )
        return len(asked)


def _begun(session: Session, course: Course, by: Viewer) -> LawReview:
    last = session.scalar(
        select(func.max(LawReview.number)).where(LawReview.course_id == course.id)
    )
    made = LawReview(
        id=new_key(),
        course_id=course.id,
        number=(last or 0) + 1,
        asked=[],
        versions=[],
        worded=[],
        by=by.account_id,
        at=clock.now(),
    )
    session.add(made)
    return made


def _ask(session: Session, course: Course, waiting: dict[str, int]) -> list[str]:
    """Email those who keep the rows of these countries; gives the countries that have somebody."""
    keepers = laws.keepers(waiting) if waiting else {}
    accounts = {one.person_id: one for some in keepers.values() for one in some}
    known = reading.opened(accounts)
    letters = [
        Letter(
            "law_check_asked",
            to=known[account.person_id].mail,
            language=account.language or "en",
            person_id=account.person_id,
            course_id=course.id,
            context={
                "course": course,
                "name": known[account.person_id].name,
                "country": country,
                "number_to_check": waiting[country],
                "page": external_url("legislation.country", country=country),
            },
        )
        for country, some in sorted(keepers.items())
        for account in some
        if known[account.person_id].mail
    ]
    enqueue_each(session, letters)
    return sorted(keepers)


def freeze(course_id: str, by: Viewer) -> int:
    """Freeze what counts now for a course, so that what was taught can be shown later.

    Gives its number. Raises ``NothingPlanned``, ``NotFound``.
    """
    with transaction() as session:
        course = courses.course_locked(by, EDIT, course_id)
        review = queries.planned(course)
        if review is None:
            raise NothingPlanned
        there = laws.entries(review.countries, review.topics)
        review.versions = [one.current.id for one in there.values() if one.current is not None]
        review.worded = [
            {"code": one.code, "titles": one.titles, "questions": one.questions}
            for one in laws.topics(review.topics)
        ]
        review.frozen_at = clock.now()
        record(
            session,
            "law.freeze",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            number=review.number,
            entries=len(review.versions),
        )
        return review.number


def print_laws(
    course: Course, number: int, form: LawsForm, language: str, by: Viewer
) -> tuple[bytes, str]:
    """A frozen comparison as a PDF in a language, and a note on what could not be printed.

    ``course`` is one loaded within the viewer's scope. Raises ``LawsNotDrawn``, ``NotFound``.
    """
    review = queries.frozen_as(course, number)
    with speaking(language):
        drawn = document.paper(course, review, queries.held(review), form, reading.own_name(by))
        title = localized(course.titles)
    (pdf,), gaps = cage.drawn_with_gaps([drawn], LawsNotDrawn())
    return pdf, document.gaps(gaps.get(0, ""), title)
