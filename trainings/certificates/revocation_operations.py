"""Revokes certificates: from then on they are not valid."""

from __future__ import annotations

from trainings.core.db import transaction
from trainings.core.permissions import Viewer
from trainings.core.text import clean
from trainings.register import mail_writes, queries, writes
from trainings.register.rules import EndReason, Status
from trainings.register.trust_rules import REVOKE

NOTE = 1000  # characters


def revoke(course_id: str, certificate_id: str, reason: EndReason, note: str, by: Viewer) -> None:
    """Revoke a certificate; its check page says at once that it is no longer valid.

    A holder who could already have it is told by email, unless it had been superseded, because
    another certificate replaces it. Raises ``NotFound``, ``StatusRefused``, ``ChangedByOthers``,
    ``EndingNotKept``.
    """
    note = clean(note, NOTE, lines=True)
    with transaction() as session:
        course, certificate = queries.of_course_for_update(session, course_id, certificate_id, by)
        could_be_had = certificate.status is Status.READY
        with session.no_autoflush:  # the row is written once, with what it counts
            writes.end(certificate, Status.REVOKED, reason, note)
            if could_be_had:
                mail_writes.tell_revoked(session, certificate, course)
            writes.record_ending(
                session,
                certificate,
                REVOKE,
                by.account_id,
                serial=certificate.serial,
                reason=str(reason),
            )
