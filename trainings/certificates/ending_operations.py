"""Ends certificates: revoked, superseded by a corrected one, or cut loose from an erased person."""

from __future__ import annotations

import secrets
from dataclasses import replace

from sqlalchemy.orm import Session

from trainings.audit.writes import record
from trainings.certificates import document, queries, writes
from trainings.certificates.issuing_writes import enqueue_rendering, fresh_serials, proof
from trainings.certificates.models import Certificate
from trainings.certificates.rules import EndReason, Status
from trainings.core.db import new_key, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.core.text import clean
from trainings.courses import queries as courses

NOTE, NAME = 1000, 160  # characters


def revoke(course_id: str, certificate_id: str, reason: EndReason, note: str, by: Viewer) -> None:
    """Say for everyone that a certificate is no longer valid; its check page shows it at once.

    Raises ``NotFound``, ``StatusRefused``.
    """
    note = clean(note, NOTE, lines=True)
    with transaction() as session:
        certificate = _under_lock(session, course_id, certificate_id, by)
        writes.end(certificate, Status.REVOKED, reason, note)
        record(
            session, "certificate.revoke", "certificate", certificate.id, by=by.account_id,
            course_id=course_id, serial=certificate.serial, reason=str(reason),
        )  # fmt: skip


def reissue(
    course_id: str, certificate_id: str, printed_name: str, reason: EndReason, note: str, by: Viewer
) -> str:
    """Issue a corrected certificate that supersedes the old one; gives the new one's id.

    All else that was frozen stays; the check pages of both show it at once, the new file follows
    by a job. Raises ``NotFound``, ``StatusRefused``, the refusals of the name.
    """
    printed_name, note = clean(printed_name, NAME), clean(note, NOTE, lines=True)
    with transaction() as session:
        old = _under_lock(session, course_id, certificate_id, by)
        frozen = writes.content(old)
        if frozen is None or old.person_id is None:
            raise NotFound
        course = courses.by_id(course_id)
        key, token, serial = new_key(), secrets.token_urlsafe(16), next(fresh_serials(course))
        writes.end(old, Status.SUPERSEDED, reason, note)
        session.flush()
        before, marks = document.thaw(frozen), proof(token, serial)
        paper = replace(
            before, holder_name=printed_name or before.holder_name, serial=serial,
            verify_url=marks.verify_url, short_url=marks.short_url,
            first=replace(before.first, notes=document.supersedes(old.serial, old.language)),
        )  # fmt: skip
        writes.add(
            session, key=key, kind=old.kind, course_id=course_id, person_id=old.person_id,
            registration_id=old.registration_id, course_trainer_id=old.course_trainer_id,
            language=old.language, token=token, serial=serial,
            course_titles=dict(old.course_titles), agencies=[dict(row) for row in old.agencies],
            ended_on=old.ended_on, minutes=old.minutes, frozen=document.freeze(paper),
            by=by.account_id,
        )  # fmt: skip
        session.flush()
        old.successor_id = key
        writes.vouch(old)
        enqueue_rendering(session, course_id)
        record(
            session, "certificate.supersede", "certificate", old.id, by=by.account_id,
            course_id=course_id, serial=old.serial, successor=serial, reason=str(reason),
        )  # fmt: skip
        return key


def _under_lock(session: Session, course_id: str, certificate_id: str, by: Viewer) -> Certificate:
    courses.course_for_update(course_id)
    courses.course_by_id(by, Permission.CERTIFICATE_ISSUE, course_id)
    certificate = queries.for_update_by_id(session, certificate_id)
    if certificate is None or certificate.course_id != course_id:
        raise NotFound
    return certificate
