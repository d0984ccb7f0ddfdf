"""Reads the scanned signatures of those who sign a course's certificates."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import select

from trainings.core import files, sealed
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.courses.models import Course, Signatory


def picture(signatory: Signatory) -> bytes:
    """A scanned signature as a PNG; empty where there is none: it is signed by hand."""
    if signatory.picture_file is None or signatory.picture_key is None:
        return b""
    key = sealed.open_bytes(signatory.picture_key, f"signatory|picture_key|{signatory.id}")
    try:
        return files.read(signatory.picture_file, key)
    except FileNotFoundError:
        current_app.logger.error("the signature of signatory %s is gone", signatory.id)
        return b""


def of_course(course: Course, signatory_id: str) -> Signatory:
    """A signatory of a course that was found within the viewer's reach. Raises ``NotFound``."""
    found = db.session.scalar(
        select(Signatory).where(Signatory.id == signatory_id, Signatory.course_id == course.id)
    )
    if found is None:
        raise NotFound
    return found
