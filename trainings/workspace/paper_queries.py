"""Looks up for whom the papers of a course are."""

from __future__ import annotations

from sqlalchemy import select

from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.courses.models import Course
from trainings.people.models import Person
from trainings.registrations.models import Registration
from trainings.seating.models import TablePlace
from trainings.seating.queries import SEATED
from trainings.seating.rules import place_at
from trainings.workspace.paper_rules import Comer


def comers(course: Course) -> list[Comer]:
    """All with a confirmed seat of a course that was found within the viewer's reach.

    Nobody carries a badge, or gets a letter, of whom no name is kept any more.
    """
    rows = db.session.execute(
        select(
            Registration.number, Registration.person_id, Registration.country,
            Registration.function, Registration.certificate_language, Person.language,
            TablePlace.table_no, TablePlace.place_no,
        )
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(TablePlace, TablePlace.registration_id == Registration.id)
        .where(Registration.course_id == course.id, Registration.state.in_(SEATED),
               Person.erased_at.is_(None))
        .order_by(Registration.number)
        .execution_options(scope="viewer")
    )  # fmt: skip
    return [Comer(*row[:4], row[4] or row[5], place_at(row[6], row[7])) for row in rows]


def comer(course: Course, number: str) -> Comer:
    """One of them by the registration's number. Raises ``NotFound``."""
    found = next((one for one in comers(course) if one.number == number), None)
    if found is None:
        raise NotFound
    return found
