"""Changes the register; every row carries a code that covers it, every act is on record."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from trainings.audit.writes import record, record_each
from trainings.core import clock, files, sealed
from trainings.core.db import upsert
from trainings.core.i18n import Texts
from trainings.register import document, endings, queries, register_mac
from trainings.register.models import Certificate, Picture
from trainings.register.rules import ChangedByOthers, EndReason, Kind, Status, check_status
from trainings.register.trust_rules import ERASE, ISSUE


def add(
    session: Session,
    *,
    key: str,
    kind: Kind,
    course_id: str,
    person_id: str,
    language: str,
    token: str,
    serial: str,
    course_titles: Texts,
    agencies: list[Texts],
    ended_on: date,
    minutes: int,
    frozen: bytes,
    by: str | None,
    registration_id: str | None = None,
    course_trainer_id: str | None = None,
) -> Certificate:
    """Add a certificate to the register, its content sealed under a data key of its own.

    Its issuing is already counted: ``record_issue`` adds that to the trail, after all locks.
    """
    data_key = secrets.token_bytes(32)
    certificate = Certificate(
        id=key,
        token=token,
        serial=serial,
        serial_key=serial.replace("-", ""),
        kind=kind,
        status=Status.ISSUED,
        course_id=course_id,
        registration_id=registration_id,
        course_trainer_id=course_trainer_id,
        person_id=person_id,
        language=language,
        course_titles=course_titles,
        agencies=agencies,
        ended_on=ended_on,
        minutes=minutes,
        data_key=sealed.seal_bytes(data_key, f"certificate|data_key|{key}"),
        content=sealed.seal_with(data_key, frozen, f"certificate|content|{key}"),
        issued_at=clock.now(),
        issued_by=by,
        mac="",
        signed=False,
        failed=False,
    )
    register_mac.begin(certificate)
    session.add(certificate)
    return certificate


def record_issue(
    session: Session, issued: Sequence[tuple[str, dict[str, Any]]], course_id: str, by: str | None
) -> None:
    """Add the issuing of these to the trail: their ids, each with its ``issue_details``."""
    record_each(session, ISSUE, "certificate", issued, by=by, course_id=course_id)


def record_ending(
    session: Session, certificate: Certificate, act: str, by: str | None, **details: Any
) -> None:
    """Add the ending of a certificate to the trail, its row's count and the file of endings.

    It locks the head of the trail: call it last. The caller has already checked and then changed
    the row.
    """
    record(
        session,
        act,
        "certificate",
        certificate.id,
        by=by,
        course_id=certificate.course_id,
        **details,
    )
    register_mac.add_act(certificate, act, by, details)
    done = endings.WIPED if act == ERASE else endings.DONE
    endings.note_with(session, {certificate.id: certificate.acts}, done)


def keep_pictures(session: Session, pictures: bytes) -> None:
    """Store a certificate's pictures, sealed; the same pictures are not stored twice."""
    digest = document.digest_of(pictures)
    if not digest or queries.is_kept(digest):
        return
    content = sealed.seal_bytes(pictures, f"certificate_picture|content|{digest}")
    kept = upsert(session, Picture).values(digest=digest, content=content)
    session.execute(kept.on_conflict_do_nothing())


def file_name(certificate: Certificate) -> str:
    """The name a certificate's file is stored under: unique, and always the same."""
    return hashlib.sha256(f"certificate|{certificate.id}".encode()).hexdigest()[:32]


def make_ready(certificate: Certificate, *, file_name: str, digest: str, signed: bool) -> None:
    """Mark the file as stored; from now on it can be downloaded. The row is ``authentic``."""
    check_status(certificate.status, Status.READY)
    certificate.status, certificate.ready_at = Status.READY, clock.now()
    certificate.file_name, certificate.digest, certificate.signed = file_name, digest, signed
    certificate.failed = False
    register_mac.vouch(certificate)


def end(certificate: Certificate, status: Status, reason: EndReason, note: str) -> None:
    """Revoke or supersede a certificate; the note is sealed, the reason is one of ``EndReason``.

    ``record_ending`` must follow, and rewrites the code. Raises ``ChangedByOthers``.
    """
    register_mac.check_coded(certificate)
    check_status(certificate.status, status)
    certificate.status, certificate.ended_at = status, clock.now()
    certificate.ended_reason = reason
    place = f"certificate|ended_note|{certificate.id}"
    certificate.ended_note = sealed.seal(note, place) if note else None


def forget_person(session: Session, person_id: str, by: str | None = None) -> int:
    """Detach the certificates of an erased person; returns how many. Call it after all locks.

    Their keys are destroyed, so names and files cannot be opened any more; the entries and any
    original file dropped on the check page still verify. The reasons for exceptions are wiped. The
    files are deleted once the transaction has committed. Rows that others had changed are wiped
    too, but not re-coded.
    """
    rows = queries.of_person_for_update(session, person_id)
    waivers = queries.waivers_of_person_for_update(session, person_id)
    for waiver in waivers:
        waiver.reason = b""
    for row in rows:
        ours = register_mac.authentic(row, erasing=True)
        # a killed process may have left the file of a certificate that has none yet
        files.remove_with(session, row.file_name or file_name(row))
        row.data_key = row.content = row.file_name = row.ended_note = None
        row.person_id = None
        if ours:
            record_ending(session, row, ERASE, by)
    return len(rows)


def hand_over(
    session: Session, goes: str, stays: str, invitations: Mapping[str, str]
) -> Sequence[Certificate]:
    """Make the certificates of one person those of another, who is the same; returns them.

    ``invitations``: course trainers that became others. What is printed on them stays. Raises
    ``ChangedByOthers`` where the register does not agree with the records kept beside it.
    """
    rows = queries.of_person_for_update(session, goes)
    for row in rows:
        if not register_mac.authentic(row):
            raise ChangedByOthers(serials=row.serial)
        row.person_id = stays
        row.course_trainer_id = invitations.get(row.course_trainer_id or "", row.course_trainer_id)
        register_mac.vouch(row)
    session.flush()
    return rows


def data_key(certificate: Certificate) -> bytes | None:
    """The key of a certificate's content and file; None once its holder was erased."""
    if certificate.data_key is None:
        return None
    return sealed.open_bytes(certificate.data_key, f"certificate|data_key|{certificate.id}")


def content(certificate: Certificate) -> bytes | None:
    """The frozen content, opened; None once its holder was erased."""
    key = data_key(certificate)
    if key is None or certificate.content is None:
        return None
    return sealed.open_with(key, certificate.content, f"certificate|content|{certificate.id}")
