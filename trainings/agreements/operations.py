"""What an agency's own organisers answer: to organise a course, to sign for it, to leave it."""

from __future__ import annotations

from trainings.agreements import queries, writes
from trainings.agreements.queries import Asked
from trainings.agreements.rules import (
    REASON,
    AgreedAlready,
    AgreeFirst,
    Answer,
    NotAskedAnyMore,
    check_leaving,
    check_reason,
)
from trainings.core import clock
from trainings.core.db import transaction
from trainings.core.permissions import Viewer
from trainings.core.text import clean
from trainings.courses import queries as courses
from trainings.courses import writes as course_writes
from trainings.courses.models import CourseAgency, Signatory


def _locked(by: Viewer, code: str, agency_code: str) -> tuple[Asked, CourseAgency]:
    """The agency's place on a course, with the course locked. Raises ``NotAskedAnyMore``."""
    one = queries.asked(by, code, agency_code)
    courses.course_for_update(one.course_id)
    row = queries.row(one)
    if row is None:
        raise NotAskedAnyMore
    return one, row


def agree(by: Viewer, code: str, agency_code: str) -> None:
    """Agree that the own agency organises a course. Raises ``AgreedAlready`` and others."""
    with transaction() as session:
        _one, row = _locked(by, code, agency_code)
        if row.agreed_at is not None:
            raise AgreedAlready
        row.agreed_at = clock.now()
        writes.answered(session, row, Answer.AGREE, by)


def decline(by: Viewer, code: str, agency_code: str, reason: str) -> None:
    """Decline to organise a course: the agency leaves it. Raises ``AgreedAlready`` and others."""
    reason = clean(reason, REASON, lines=True)
    check_reason(reason)
    with transaction() as session:
        _one, row = _locked(by, code, agency_code)
        if row.agreed_at is not None:
            raise AgreedAlready
        writes.answered(session, row, Answer.DECLINE, by, reason=reason)
        course_writes.leave(session, row)


def take_back(by: Viewer, code: str, agency_code: str, reason: str) -> None:
    """Take the agreement back, while nothing is issued with the agency's name on it.

    The agency leaves the course. Raises ``CertificatesIssued``, ``LeadStays`` and others.
    """
    reason = clean(reason, REASON, lines=True)
    check_reason(reason)
    with transaction() as session:
        _one, row = _locked(by, code, agency_code)
        leads = row.agency_id == row.course.lead_agency_id
        check_leaving(leads=leads, issued=queries.is_issued(row.course_id))
        answer = Answer.DECLINE if row.agreed_at is None else Answer.TAKE_BACK
        writes.answered(session, row, answer, by, reason=reason)
        course_writes.leave(session, row)


def sign(by: Viewer, code: str, agency_code: str, signatory_id: str) -> None:
    """Agree that somebody of the own agency signs for a course. Raises ``AgreeFirst``."""
    with transaction() as session:
        one, row = _locked(by, code, agency_code)
        signatory = _proposed(one, signatory_id)
        if row.agreed_at is None:
            raise AgreeFirst
        if signatory.agreed_at is not None:
            raise AgreedAlready
        signatory.agreed_at = clock.now()
        writes.answered(session, row, Answer.SIGN, by, titles=signatory.titles)


def not_sign(by: Viewer, code: str, agency_code: str, signatory_id: str) -> None:
    """Remove somebody of the own agency who signs, or is proposed to sign, for a course.

    Who signs already can only be removed while nothing is issued. Raises ``CertificatesIssued``.
    """
    with transaction() as session:
        one, row = _locked(by, code, agency_code)
        signatory = _proposed(one, signatory_id)
        if signatory.agreed_at is not None:
            check_leaving(leads=False, issued=queries.is_issued(one.course_id))
        writes.answered(session, row, Answer.NOT_SIGN, by, titles=signatory.titles)
        course_writes.remove_signatory(session, signatory)


def _proposed(one: Asked, signatory_id: str) -> Signatory:
    signatory = queries.signatory(one, signatory_id)
    if signatory is None:
        raise NotAskedAnyMore
    return signatory
