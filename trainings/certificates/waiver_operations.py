"""Exceptions from the share of hours: one organiser asks with a reason, another approves."""

from __future__ import annotations

from trainings.audit.writes import record
from trainings.certificates import waiver_queries
from trainings.certificates.rules import (
    WaiverApproved,
    WaiverReasonMissing,
    WaiverThere,
    check_approval,
)
from trainings.core import clock, sealed
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.core.text import clean
from trainings.courses import queries as courses
from trainings.register.models import Waiver

REASON = 1000  # characters


def ask(course_id: str, number: str, reason: str, by: Viewer) -> None:
    """Ask for somebody to get the certificate although hours are missing.

    Raises ``WaiverReasonMissing``, ``WaiverThere``, ``NotFound``.
    """
    reason = clean(reason, REASON, lines=True)
    if not reason:
        raise WaiverReasonMissing
    with transaction() as session:
        registration_id = _registration(course_id, number, by)
        if waiver_queries.for_registration_for_update(session, registration_id) is not None:
            raise WaiverThere
        session.add(
            Waiver(
                registration_id=registration_id,
                asked_by=by.account_id or "",
                asked_at=clock.now(),
                reason=sealed.seal(reason, f"certificate_waiver|reason|{registration_id}"),
            )
        )
        record(
            session,
            "waiver.ask",
            "registration",
            registration_id,
            by=by.account_id,
            course_id=course_id,
            number=number,
        )


def approve(course_id: str, number: str, by: Viewer) -> None:
    """Approve an exception that another organiser asked for. Raises ``WaiverOwn``, ``NotFound``."""
    with transaction() as session:
        registration_id = _registration(course_id, number, by)
        waiver = waiver_queries.for_registration_for_update(session, registration_id)
        if waiver is None:
            raise NotFound
        if waiver.approved_at is not None:
            return
        check_approval(waiver.asked_by, by.account_id)
        waiver.approved_by, waiver.approved_at = by.account_id, clock.now()
        record(
            session,
            "waiver.approve",
            "registration",
            registration_id,
            by=by.account_id,
            course_id=course_id,
            number=number,
        )


def refuse(course_id: str, number: str, by: Viewer) -> None:
    """Remove an exception that nobody has approved. Raises ``WaiverApproved``, ``NotFound``."""
    with transaction() as session:
        registration_id = _registration(course_id, number, by)
        waiver = waiver_queries.for_registration_for_update(session, registration_id)
        if waiver is None:
            raise NotFound
        if waiver.approved_at is not None:  # meanwhile: a certificate may depend on it
            raise WaiverApproved
        session.delete(waiver)
        record(
            session,
            "waiver.refuse",
            "registration",
            registration_id,
            by=by.account_id,
            course_id=course_id,
            number=number,
        )


def _registration(course_id: str, number: str, by: Viewer) -> str:
    courses.course_locked(by, Permission.REGISTRATION_SELECT, course_id)
    found = waiver_queries.earning_registration(course_id, number)
    if found is None:
        raise NotFound
    return found
