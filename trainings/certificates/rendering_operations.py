"""Makes the files of issued certificates, and takes up what a restart left half-made.

See docs/decisions/2026-11-24-many-certificates.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from itertools import islice

from flask import current_app
from msgspec.structs import replace

from trainings.audit.writes import record
from trainings.certificates.writes import enqueue_rendering, rendering_of
from trainings.core import clock, files
from trainings.core.db import transaction
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.jobs import queries as jobs
from trainings.printing.cage import workers
from trainings.printing.rules import CertificateDocument, Failure
from trainings.register import (
    document,
    file_mac,
    mail_writes,
    queries,
    register_mac,
    signature,
    writes,
)
from trainings.register.models import Certificate
from trainings.register.rules import Status

PORTION = 250  # certificates drawn by one job


def render(course_id: str) -> None:
    """Render and store the files of a course's issued certificates (a job).

    Each becomes *ready* in a short transaction of its own; one that fails is marked and does not
    stop the others. Work left by a killed worker is resumed; nothing is made twice. After some
    hundreds the job ends and queues another, so that emails and deadlines do not wait.
    """
    by_key: dict[str, Certificate] = {}
    kept = cache(queries.kept)  # most certificates share the same pictures
    signer = signature.signer()
    drawn = 0

    def documents() -> Iterator[tuple[str, CertificateDocument]]:
        nonlocal drawn
        for certificate in islice(queries.unrendered(course_id), PORTION):
            drawn += 1
            frozen = writes.content(certificate)
            if frozen is not None:
                by_key[certificate.id] = certificate
                paper = document.thaw(frozen, kept)
                code = file_mac.of_certificate(certificate)
                signing = signer is not None
                yield certificate.id, replace(paper, file_code=code, to_be_signed=signing)

    for key, result in workers().render(documents()):
        certificate = by_key.pop(key)
        if isinstance(result, Failure):
            current_app.logger.error("certificate %s: %s", key, result.reason)
            _give_up(key)
        else:
            signed = result if signer is None else signer.sign(result, certificate.issued_at)
            _store(key, signed, signed=signer is not None)
    if drawn == PORTION:
        with transaction() as session:
            enqueue_rendering(session, course_id)


def take_up() -> None:
    """Queue the files again that no job is making because theirs was given up (runs regularly)."""
    for course_id in queries.courses_unrendered():
        if not jobs.in_hand(rendering_of(course_id), clock.now()):
            with transaction() as session:
                enqueue_rendering(session, course_id)


def _store(certificate_id: str, pdf: bytes, *, signed: bool) -> None:
    """Store the file and record it, with the certificate's row locked.

    The file's name is derived from the certificate: if a worker is killed in between, the next one
    writes it again in the same place, so that no file is without a certificate.
    """
    digest = hashlib.sha256(pdf).hexdigest()
    with transaction() as session:
        locked = queries.for_update_by_id(session, certificate_id)
        if locked is None or locked.status is not Status.ISSUED:
            return
        key = writes.data_key(locked)
        if key is None:
            return
        if not register_mac.authentic(locked):  # others changed it: no file, no code
            current_app.logger.error("certificate %s was changed by others", certificate_id)
            locked.failed = True
            return
        name = files.store(pdf, key, writes.file_name(locked))
        writes.make_ready(locked, file_name=name, digest=digest, signed=signed)
        mail_writes.tell_ready(session, locked)


def _give_up(certificate_id: str) -> None:
    with transaction() as session:
        locked = queries.for_update_by_id(session, certificate_id)
        if locked is not None and locked.status is Status.ISSUED:
            locked.failed = True


def render_again(course_id: str, by: Viewer) -> int:
    """Retry the files whose rendering was given up; returns how many."""
    with transaction() as session:
        courses.course_locked(by, Permission.CERTIFICATE_ISSUE, course_id)
        failed = queries.failed_for_update(session, course_id)
        for certificate in failed:
            certificate.failed = False
        if failed:
            enqueue_rendering(session, course_id)
            record(
                session,
                "certificate.render_again",
                "course",
                course_id,
                by=by.account_id,
                course_id=course_id,
                number=len(failed),
            )
        return len(failed)
