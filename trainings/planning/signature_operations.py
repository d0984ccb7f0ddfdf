"""Adds and removes scanned signatures; issued certificates keep the ones they have."""

from __future__ import annotations

import secrets

from trainings.agencies.rules import NoPicture, agencies_of
from trainings.audit.writes import record
from trainings.core import files, sealed, versions
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course, Signatory
from trainings.printing.renderer import reencoded


def own_signatory(course: Course, signatory_id: str, by: Viewer) -> Signatory:
    """Somebody who signs for the viewer's own agency, which agreed to it. Raises ``NotFound``.

    A signature is its agency's own: whoever leads the course cannot set it for another.
    """
    signatory = courses.signatory_of(course, signatory_id)
    if signatory.agreed_at is None or signatory.agency_id not in agencies_of(by):
        raise NotFound
    return signatory


def set_signature(course_id: str, signatory_id: str, upload: bytes, by: Viewer) -> None:
    """Use an uploaded picture as a signatory's signature. Raises ``NoPicture``, ``NotFound``."""
    own_signatory(courses.course_by_id(by, Permission.SIGNATURE_SET, course_id), signatory_id, by)
    picture = reencoded(upload)
    if picture is None:
        raise NoPicture
    key = secrets.token_bytes(32)
    with files.stored(picture, key) as name, transaction() as session:
        course = courses.course_locked(by, Permission.SIGNATURE_SET, course_id)
        signatory = own_signatory(course, signatory_id, by)
        versions.check()
        if signatory.picture_file is not None:
            files.remove_with(session, signatory.picture_file)
        signatory.picture_file = name
        signatory.picture_key = sealed.seal_bytes(key, f"signatory|picture_key|{signatory.id}")
        record(
            session,
            "signature.set",
            "signatory",
            signatory.id,
            by=by.account_id,
            course_id=course_id,
            kept=True,
        )


def remove_signature(course_id: str, signatory_id: str, by: Viewer) -> None:
    """Remove a scanned signature: that line is signed by hand again. Raises ``NotFound``."""
    with transaction() as session:
        course = courses.course_locked(by, Permission.SIGNATURE_SET, course_id)
        signatory = own_signatory(course, signatory_id, by)
        if signatory.picture_file is not None:
            files.remove_with(session, signatory.picture_file)
            signatory.picture_file = signatory.picture_key = None
            record(
                session,
                "signature.set",
                "signatory",
                signatory.id,
                by=by.account_id,
                course_id=course_id,
                kept=False,
            )
