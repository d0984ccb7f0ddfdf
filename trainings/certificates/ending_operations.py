"""Ends certificates: revoked, superseded by a corrected one, or cut loose from an erased person."""

from __future__ import annotations

from sqlalchemy.orm import Session

from trainings.audit.writes import record
from trainings.certificates import (
    document,
    issuing_writes,
    notice_writes,
    picture_queries,
    queries,
    standing_queries,
    vouching,
    writes,
)
from trainings.certificates.models import Certificate
from trainings.certificates.rules import EndReason, NoLongerEarned, Status, qualifies
from trainings.certificates.standing_queries import Standing
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.core.text import clean
from trainings.courses import queries as courses
from trainings.courses.models import Course

NOTE, NAME = 1000, 160  # characters


def revoke(course_id: str, certificate_id: str, reason: EndReason, note: str, by: Viewer) -> None:
    """Say for everyone that a certificate is no longer valid; its check page shows it at once.

    The holder who could have it is told by mail; not of one that had been superseded, since
    another stands in its place. Raises ``NotFound``, ``StatusRefused``.
    """
    note = clean(note, NOTE, lines=True)
    with transaction() as session:
        certificate = _under_lock(session, course_id, certificate_id, by)
        could_be_had = certificate.status is Status.READY
        writes.end(certificate, Status.REVOKED, reason, note)
        if could_be_had:
            notice_writes.tell_revoked(session, certificate, courses.by_id(course_id))
        record(
            session, "certificate.revoke", "certificate", certificate.id, by=by.account_id,
            course_id=course_id, serial=certificate.serial, reason=str(reason),
        )  # fmt: skip


def reissue(
    course_id: str, certificate_id: str, printed_name: str, reason: EndReason, note: str,
    by: Viewer, *, afresh: bool = False,
) -> str:  # fmt: skip
    """Issue a corrected certificate that supersedes the old one; gives the new one's id.

    All else that was frozen stays, or is taken ``afresh`` from course, registration and look as
    they are now. The check pages of both show it at once, the new file follows by a job. Raises
    ``NotFound``, ``StatusRefused``, ``NoLongerEarned``, the refusals of the name.
    """
    printed_name, note = clean(printed_name, NAME), clean(note, NOTE, lines=True)
    with transaction() as session:
        old = _under_lock(session, course_id, certificate_id, by)
        frozen = writes.content(old)
        if frozen is None or old.person_id is None:
            raise NotFound
        standing = _standing(old, by) if afresh else None
        writes.end(old, Status.SUPERSEDED, reason, note)
        session.flush()
        if standing is not None:
            course, one = standing
            (new,) = issuing_writes.issue(
                session, course, old.kind, [one], by.account_id, name=printed_name,
                replaces=old.serial,
            )  # fmt: skip
        else:
            paper = document.thaw(frozen, picture_queries.kept)
            new = issuing_writes.issue_like(session, old, paper, by.account_id, name=printed_name)
        session.flush()
        old.successor_id = new.id
        vouching.vouch(old)
        issuing_writes.enqueue_rendering(session, course_id)
        record(
            session, "certificate.supersede", "certificate", old.id, by=by.account_id,
            course_id=course_id, serial=old.serial, successor=new.serial, reason=str(reason),
            afresh=afresh,
        )  # fmt: skip
        return new.id


def _standing(old: Certificate, by: Viewer) -> tuple[Course, Standing]:
    """Course and holder as they are now. Raises ``NotFound``, ``NoLongerEarned``."""
    course = courses.course_by_id(
        by, Permission.CERTIFICATE_ISSUE, old.course_id, load=("modules", "signatories")
    )
    key = old.registration_id or old.course_trainer_id or ""
    found = standing_queries.earners(course, old.kind, [key], scope="operation")
    if not found:
        raise NotFound
    if not qualifies(found[0].facts):
        raise NoLongerEarned
    return course, found[0]


def _under_lock(session: Session, course_id: str, certificate_id: str, by: Viewer) -> Certificate:
    courses.course_locked(by, Permission.CERTIFICATE_ISSUE, course_id)
    certificate = queries.for_update_by_id(session, certificate_id)
    if certificate is None or certificate.course_id != course_id:
        raise NotFound
    return certificate
