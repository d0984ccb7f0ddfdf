"""Changes the register; every row carries a code that vouches for it."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from trainings.certificates import document, erasing_queries, picture_queries, vouching
from trainings.certificates.models import Certificate, Picture
from trainings.certificates.rules import EndReason, Kind, Status, check_status
from trainings.core import clock, files, sealed
from trainings.core.i18n import Texts


def add(
    session: Session, *, key: str, kind: Kind, course_id: str, person_id: str, language: str,
    token: str, serial: str, course_titles: Texts, agencies: list[Texts], ended_on: date,
    minutes: int, frozen: bytes, by: str | None, registration_id: str | None = None,
    course_trainer_id: str | None = None,
) -> Certificate:  # fmt: skip
    """Put a certificate into the register, its content sealed under a data key of its own."""
    data_key = secrets.token_bytes(32)
    certificate = Certificate(
        id=key, token=token, serial=serial, serial_key=serial.replace("-", ""), kind=kind,
        status=Status.ISSUED, course_id=course_id, registration_id=registration_id,
        course_trainer_id=course_trainer_id, person_id=person_id, language=language,
        course_titles=course_titles, agencies=agencies, ended_on=ended_on, minutes=minutes,
        data_key=sealed.seal_bytes(data_key, f"certificate|data_key|{key}"),
        content=sealed.seal_with(data_key, frozen, f"certificate|content|{key}"),
        issued_at=clock.now(), issued_by=by, mac="", signed=False, failed=False,
    )  # fmt: skip
    vouching.vouch(certificate)
    session.add(certificate)
    return certificate


def keep_pictures(session: Session, pictures: bytes) -> None:
    """Keep what certificates show, sealed, once: the same pictures are not kept twice."""
    digest = document.digest_of(pictures)
    if not digest or picture_queries.is_kept(digest):
        return
    content = sealed.seal_bytes(pictures, f"certificate_picture|content|{digest}")
    on = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    kept = on.insert(Picture).values(digest=digest, content=content)
    session.execute(kept.on_conflict_do_nothing())


def file_name(certificate: Certificate) -> str:
    """Under which name a certificate's file is stored: always the same, and its own."""
    return hashlib.sha256(f"certificate|{certificate.id}".encode()).hexdigest()[:32]


def make_ready(certificate: Certificate, *, file_name: str, digest: str, signed: bool) -> None:
    """Say that the file is stored; from now on it can be had."""
    check_status(certificate.status, Status.READY)
    certificate.status, certificate.ready_at = Status.READY, clock.now()
    certificate.file_name, certificate.digest, certificate.signed = file_name, digest, signed
    certificate.failed = False
    vouching.vouch(certificate)


def end(certificate: Certificate, status: Status, reason: EndReason, note: str) -> None:
    """Revoke or supersede a certificate; the note is sealed, the reason is a word of the house."""
    check_status(certificate.status, status)
    certificate.status, certificate.ended_at = status, clock.now()
    certificate.ended_reason = reason
    place = f"certificate|ended_note|{certificate.id}"
    certificate.ended_note = sealed.seal(note, place) if note else None
    vouching.vouch(certificate)


def forget_person(session: Session, person_id: str) -> int:
    """Cut the certificates of an erased person loose; gives how many.

    Their keys are destroyed, so names and files cannot be opened any more; the entries and
    dropped originals still verify. Why exceptions were made is wiped. The files go once the
    transaction has committed.
    """
    rows = erasing_queries.of_person_for_update(session, person_id)
    waivers = erasing_queries.waivers_of_person_for_update(session, person_id)
    for waiver in waivers:
        waiver.reason = b""
    for row in rows:
        # a kill may have left the file of one that has none yet
        files.remove_with(session, row.file_name or file_name(row))
        row.data_key = row.content = row.file_name = row.ended_note = None
        row.person_id = None
        vouching.vouch(row)
    return len(rows)


def data_key(certificate: Certificate) -> bytes | None:
    """The key of a certificate's content and file; None once its holder was erased."""
    if certificate.data_key is None:
        return None
    return sealed.open_bytes(certificate.data_key, f"certificate|data_key|{certificate.id}")


def content(certificate: Certificate) -> bytes | None:
    """What was frozen, opened; None once its holder was erased."""
    key = data_key(certificate)
    if key is None or certificate.content is None:
        return None
    return sealed.open_with(key, certificate.content, f"certificate|content|{certificate.id}")
