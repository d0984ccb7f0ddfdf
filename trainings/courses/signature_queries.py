"""Reads the scanned signatures of those who sign a course's certificates."""

from __future__ import annotations

from sqlalchemy import select

from trainings.core import files
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.courses.models import Course, Signatory


def picture(signatory: Signatory) -> bytes:
    """A scanned signature as a PNG; empty where there is none: it is signed by hand."""
    place = f"signatory|picture_key|{signatory.id}"
    return files.content_of(signatory.picture_file, signatory.picture_key, place)


def of_course(course: Course, signatory_id: str) -> Signatory:
    """A signatory of a course that was found within the viewer's reach. Raises ``NotFound``."""
    found = db.session.scalar(
        select(Signatory).where(Signatory.id == signatory_id, Signatory.course_id == course.id)
    )
    if found is None:
        raise NotFound
    return found
