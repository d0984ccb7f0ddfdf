"""Asks agencies and tells answers by email, within the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import or_
from sqlalchemy.orm import Session

from trainings.accounts.models import AccountGrant
from trainings.agreements import queries
from trainings.agreements.queries import Asked
from trainings.agreements.rules import Answer
from trainings.audit.writes import record
from trainings.core.permissions import Viewer
from trainings.courses.models import Course, CourseAgency
from trainings.mail.writes import Letter, enqueue_each
from trainings.people import reading
from trainings.web.responses import external_url


def ask(
    session: Session,
    course_id: str,
    *,
    organise: Collection[str],
    sign: Collection[str] = (),
    by: Viewer,
) -> None:
    """Ask agencies to organise a course, or those on it already to sign for it: one email each.

    The emails go to the organisers of the asked agency, and belong to no course: its staff would
    read there who works for an agency that has not agreed.
    """
    session.flush()
    for agency_id in dict.fromkeys((*organise, *sign)):
        row = queries.row(Asked(course_id, agency_id))
        if row is None or (agency_id not in organise and row.agreed_at is None):
            continue  # it was asked before, and sees on the same page who is proposed
        people = queries.organisers(AccountGrant.agency_id == agency_id, but=by.account_id)
        page = external_url("agreements.show", code=row.course.code, agency=row.agency.code)
        _mail(session, "agency_asked", people, row, organise=agency_id in organise, page=page)
        record(
            session,
            "agreement.ask",
            "agency",
            agency_id,
            by=by.account_id,
            course_id=course_id,
            organise=agency_id in organise,
        )


def answered(session: Session, row: CourseAgency, answer: Answer, by: Viewer, **more: Any) -> None:
    """Email the organisers of a course what an agency answered, and record it.

    ``more``: the reason, and the title of who signs or does not.
    """
    course: Course = row.course
    mine = or_(AccountGrant.agency_id == course.lead_agency_id, AccountGrant.course_id == course.id)
    people = queries.organisers(mine, but=by.account_id)
    page = external_url("desk.show", code=course.code)
    _mail(session, "agency_answered", people, row, answer=answer, page=page, **more)
    record(
        session,
        f"agreement.{answer}",
        "agency",
        row.agency_id,
        by=by.account_id,
        course_id=course.id,
    )


def _mail(
    session: Session, event: str, people: Mapping[str, str], row: CourseAgency, **context: Any
) -> None:
    letters = [
        Letter(
            event,
            to=one.mail,
            language=people[one.id] or "en",
            person_id=one.id,
            context={"course": row.course, "agency": row.agency, "name": one.name, **context},
        )
        for one in reading.opened(people).values()
        if one.mail
    ]
    enqueue_each(session, letters)
