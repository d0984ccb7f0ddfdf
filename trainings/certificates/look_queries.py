"""Looks up how the certificates of a course shall look."""

from __future__ import annotations

from trainings.certificates.look_rules import DEFAULT_LOOKS, Look
from trainings.certificates.models import CertificateLook
from trainings.certificates.rules import Kind
from trainings.core.db import db


def look_of(course_id: str, kind: Kind) -> Look:
    """The look chosen for a kind of certificate in a course, or the one each kind begins with."""
    kept = db.session.get(CertificateLook, (course_id, kind))
    return Look(kept.style, kept.beside) if kept else DEFAULT_LOOKS[kind]
