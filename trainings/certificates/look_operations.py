"""Chooses how the certificates of a course look, before they are issued."""

from __future__ import annotations

from trainings.audit.writes import record
from trainings.certificates.look_rules import Style, look
from trainings.certificates.models import CertificateLook
from trainings.certificates.rules import Kind
from trainings.core.db import transaction
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses


def choose(course_id: str, kind: Kind, style: Style, beside: str, by: Viewer) -> None:
    """Keep the look of a kind of certificate in a course; what was issued keeps its own.

    Raises ``BesideMissing``, ``NotFound``.
    """
    chosen = look(style, beside)
    with transaction() as session:
        courses.course_locked(by, Permission.CERTIFICATE_ISSUE, course_id)
        session.merge(
            CertificateLook(
                course_id=course_id, kind=kind, style=chosen.style, beside=chosen.beside
            )
        )
        record(
            session, "certificate.look", "course", course_id, by=by.account_id,
            course_id=course_id, kind=str(kind), style=str(chosen.style), beside=chosen.beside,
        )  # fmt: skip
