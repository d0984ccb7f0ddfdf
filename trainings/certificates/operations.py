"""Issues the certificates of a course and renders their files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import islice

from flask import current_app

from trainings.audit.writes import record, record_each
from trainings.certificates import (
    document,
    issuing_writes,
    notice_writes,
    picture_queries,
    queries,
    signature,
    standing_queries,
    writes,
)
from trainings.certificates.issuing_writes import enqueue_rendering, rendering_of
from trainings.certificates.models import Certificate
from trainings.certificates.rules import Kind, NoneEarned, Status, check_completed, qualifies
from trainings.core import clock, files
from trainings.core.db import transaction
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.jobs import queries as jobs
from trainings.printing.rules import CertificateDocument, Failure
from trainings.printing.warm import workers

PORTION = 250  # certificates drawn by one job


def issue_for_course(
    course_id: str, by: Viewer, kind: Kind = Kind.COMPLETION, again: str = ""
) -> int:
    """Issue a certificate of a kind to everyone who earned one and has none yet.

    All are put into the register at once, their files follow by a job; gives how many. A second
    click issues nothing twice. Whose certificate was revoked gets none, unless it is the one that
    is named to be issued ``again``. Raises ``CourseNotCompleted``, ``NoneEarned``, ``NotFound``.
    """
    with transaction() as session:
        course = courses.course_locked(
            by, Permission.CERTIFICATE_ISSUE, course_id, load=("modules", "signatories")
        )
        check_completed(course.state)
        found = standing_queries.earners(course, kind, scope="operation")
        earned = [one for one in found if qualifies(one.facts)]
        if not earned:
            raise NoneEarned
        fresh = [one for one in earned if (one.lost(again) if again else one.fresh)]
        if fresh:
            made = [
                (one.id, {"serial": one.serial, "kind": str(kind)})
                for one in issuing_writes.issue(session, course, kind, fresh, by.account_id)
            ]
            record_each(
                session, "certificate.issue", "certificate", made,
                by=by.account_id, course_id=course.id,
            )  # fmt: skip
            enqueue_rendering(session, course.id)
        return len(fresh)


def render(course_id: str) -> None:
    """Render and store the files of a course's issued certificates (a job).

    Each becomes *ready* in a short transaction of its own; one that fails is marked and leaves
    the others going. What a killed worker left is taken up again; nothing is made twice. After
    some hundreds the job ends and another goes on, so that mails and deadlines do not wait.
    """
    by_key: dict[str, Certificate] = {}
    kept = cache(picture_queries.kept)  # most show the same
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
                yield certificate.id, replace(paper, to_be_signed=signer is not None)

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
    """Ask for the files again that nobody is making: their job was given up (a round)."""
    for course_id in queries.courses_unrendered():
        if not jobs.in_hand(rendering_of(course_id), clock.now()):
            with transaction() as session:
                enqueue_rendering(session, course_id)


def _store(certificate_id: str, pdf: bytes, *, signed: bool) -> None:
    """Keep the file and say so, under the lock of its row.

    The file's name follows from the certificate: killed anywhere in between, the next worker
    writes it again in the same place, so that there is never a file without a certificate.
    """
    digest = hashlib.sha256(pdf).hexdigest()
    with transaction() as session:
        locked = queries.for_update_by_id(session, certificate_id)
        if locked is None or locked.status is not Status.ISSUED:
            return
        key = writes.data_key(locked)
        if key is None:
            return
        name = files.store(pdf, key, writes.file_name(locked))
        writes.make_ready(locked, file_name=name, digest=digest, signed=signed)
        notice_writes.tell_ready(session, locked)


def _give_up(certificate_id: str) -> None:
    with transaction() as session:
        locked = queries.for_update_by_id(session, certificate_id)
        if locked is not None and locked.status is Status.ISSUED:
            locked.failed = True


def render_again(course_id: str, by: Viewer) -> int:
    """Try those again whose rendering was given up; gives how many."""
    with transaction() as session:
        courses.course_locked(by, Permission.CERTIFICATE_ISSUE, course_id)
        failed = queries.failed_for_update(session, course_id)
        for certificate in failed:
            certificate.failed = False
        if failed:
            enqueue_rendering(session, course_id)
            record(
                session, "certificate.render_again", "course", course_id, by=by.account_id,
                course_id=course_id, number=len(failed),
            )  # fmt: skip
        return len(failed)
