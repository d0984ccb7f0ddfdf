"""Looks up what of a course can be printed, and what was."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import defer

from trainings.certificates.models import Certificate, PrintRun
from trainings.certificates.rules import Status
from trainings.core.db import db
from trainings.courses.models import Course
from trainings.people.models import Person
from trainings.registrations.models import Registration


def printable(course: Course, *, scope: str) -> Sequence[Certificate]:
    """The certificates of a course that can be had and whose holders are known, by serial."""
    return db.session.scalars(
        select(Certificate)
        .where(
            Certificate.course_id == course.id,
            Certificate.status == Status.READY,
            Certificate.file_name.is_not(None),
        )
        .options(defer(Certificate.content))
        .order_by(Certificate.serial)
        .execution_options(scope=scope)
    ).all()


def countries(course: Course, *, scope: str) -> dict[str, str]:
    """From which country each holder came to a course, by certificate."""
    rows = db.session.execute(
        select(Certificate.id, func.coalesce(Registration.country, Person.country, ""))
        .join(Person, Person.id == Certificate.person_id)
        .outerjoin(Registration, Registration.id == Certificate.registration_id)
        .where(Certificate.course_id == course.id)
        .execution_options(scope=scope)
    )
    return {key: country for key, country in rows}  # noqa: C416


def runs(course: Course, limit: int = 20) -> Sequence[PrintRun]:
    """The latest print runs of a course that was found within the viewer's reach."""
    return db.session.scalars(
        select(PrintRun)
        .where(PrintRun.course_id == course.id)
        .order_by(PrintRun.at.desc(), PrintRun.id)
        .limit(limit)
    ).all()
