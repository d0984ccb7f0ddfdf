"""Emails the holder of a certificate: that it is ready, or that it is no longer valid."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from trainings.accounts import queries as accounts
from trainings.accounts.writes import make_link
from trainings.courses.models import Course
from trainings.mail import writes as mail
from trainings.people import reading
from trainings.register.models import Certificate
from trainings.web.responses import external_url


def tell_ready(session: Session, certificate: Certificate) -> None:
    """Email the holder that the certificate is ready to download."""
    if certificate.person_id is not None:
        link = _way_in(session, certificate.person_id)
        _tell(session, "certificate_ready", certificate, link=link)


def tell_revoked(session: Session, certificate: Certificate, course: Course) -> None:
    """Email the holder that it is no longer valid, why, and whom to ask, without the note."""
    reason = certificate.ended_reason
    _tell(
        session,
        "certificate_revoked",
        certificate,
        course=course,
        serial=certificate.serial,
        reason=reason.label if reason else "",
    )


def _tell(session: Session, event: str, certificate: Certificate, **values: Any) -> None:
    if certificate.person_id is None:
        return
    holder = reading.opened([certificate.person_id])[certificate.person_id]
    if holder.mail:
        mail.enqueue(
            session,
            event,
            to=holder.mail,
            language=certificate.language,
            person_id=holder.id,
            course_id=certificate.course_id,
            name=holder.name,
            course_titles=certificate.course_titles,
            check=external_url("verification.show", token=certificate.token),
            **values,
        )


def _way_in(session: Session, person_id: str) -> str:
    """A link that signs the holder in if they have no password, else the page's address."""
    account = accounts.account_of(person_id)
    if account is None or account.staff:
        return external_url("certificates.own")
    token = make_link(session, "certificate", account.id, "/my/certificates")
    return external_url("accounts.link", token=token)
