"""Looks up what agencies were asked, by the people who may answer for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, select, union
from sqlalchemy.orm import contains_eager, joinedload

from trainings.accounts.models import Account, AccountGrant, Agency
from trainings.agencies.rules import agencies_of
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Course, CourseAgency, Signatory
from trainings.courses.rules import CourseState
from trainings.register.models import Certificate


class Asked(NamedTuple):
    """Which agency was asked about which course, by id."""

    course_id: str
    agency_id: str


def _answerable(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """What a viewer can answer for: their own agencies, on courses that go on."""
    return (
        CourseAgency.agency_id.in_(agencies_of(viewer)),
        Course.template.is_(False),
        Course.state != CourseState.CANCELLED,
    )


def asked(viewer: Viewer, code: str, agency_code: str) -> Asked:
    """That an agency of the viewer's own stands on a course. Raises ``NotFound``.

    It tells ids alone: what an operation decides on, it loads under its lock.
    """
    found = db.session.execute(
        select(CourseAgency.course_id, CourseAgency.agency_id)
        .join(Course, Course.id == CourseAgency.course_id)
        .join(Agency, Agency.id == CourseAgency.agency_id)
        .where(Course.code == code, Agency.code == agency_code, *_answerable(viewer))
    ).one_or_none()
    if found is None:
        raise NotFound
    return Asked(found.course_id, found.agency_id)


def row(one: Asked) -> CourseAgency | None:
    """An agency on a course, with the course and all its agencies; none once it was removed."""
    return db.session.scalar(
        select(CourseAgency)
        .where(CourseAgency.course_id == one.course_id, CourseAgency.agency_id == one.agency_id)
        .options(
            joinedload(CourseAgency.agency),
            joinedload(CourseAgency.course).joinedload(Course.lead_agency),
            joinedload(CourseAgency.course)
            .selectinload(Course.asked)
            .joinedload(CourseAgency.agency),
        )
    )


def signatories(one: Asked) -> Sequence[Signatory]:
    """Who signs, or is proposed to sign, for an agency on a course."""
    return db.session.scalars(
        select(Signatory)
        .where(Signatory.course_id == one.course_id, Signatory.agency_id == one.agency_id)
        .order_by(Signatory.position)
    ).all()


def signatory(one: Asked, signatory_id: str) -> Signatory | None:
    """One signatory of an agency on a course; none once it was removed."""
    return next((who for who in signatories(one) if who.id == signatory_id), None)


def unanswered(viewer: Viewer) -> Sequence[CourseAgency]:
    """What waits for an answer of the viewer's agencies: to organise a course, or to sign."""
    if not agencies_of(viewer):
        return []
    waiting = union(  # found by indexes of what waits, which is little
        *(
            select(one.course_id, one.agency_id).where(
                one.agency_id.in_(agencies_of(viewer)), one.agreed_at.is_(None)
            )
            for one in (CourseAgency, Signatory)
        )
    ).subquery()
    agency, course = CourseAgency.agency_id, CourseAgency.course_id
    waits = and_(agency == waiting.c.agency_id, course == waiting.c.course_id)
    return db.session.scalars(
        select(CourseAgency)
        .join(waiting, waits)  # not a condition: then all courses would be looked through
        .join(CourseAgency.course)
        .join(CourseAgency.agency)
        .where(*_answerable(viewer))
        .options(contains_eager(CourseAgency.course), contains_eager(CourseAgency.agency))
        .order_by(Course.starts_on, Course.code, Agency.position)
    ).all()


def is_issued(course_id: str) -> bool:
    """Whether any certificate of a course was issued."""
    found = select(exists().where(Certificate.course_id == course_id))
    return bool(db.session.scalar(found.execution_options(scope="count")))


def organisers(condition: ColumnElement[bool], but: str | None) -> dict[str, str]:
    """The organisers whose role meets a condition: person ids with their language."""
    rows = db.session.execute(
        select(Account.person_id, Account.language)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .where(
            AccountGrant.role == Role.ORGANISER,
            AccountGrant.ended_at.is_(None),
            Account.disabled_at.is_(None),
            Account.id != (but or ""),
            condition,
        )
    )
    return {person: language for person, language in rows}  # noqa: C416
