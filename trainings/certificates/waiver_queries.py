"""Looks up exceptions from the share of hours."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, Subquery, exists, func, select
from sqlalchemy.orm import Session

from trainings.certificates.standing_queries import EARNING
from trainings.core import sealed
from trainings.core.db import db, for_update
from trainings.courses.models import Course
from trainings.people.models import Person
from trainings.register.models import Waiver
from trainings.registrations.models import Registration

_WAITING = (  # a registration, its person, and an exception that nobody has decided on yet
    # found by the exceptions, which are few, and not by the people of all courses
    Registration.id.in_(select(Waiver.registration_id).where(Waiver.approved_at.is_(None))),
    Registration.state.in_(EARNING),
    ~exists()  # asked last, of the few who are left
    .where(Person.id == Registration.person_id, Person.erased_at.is_not(None))
    .correlate(Registration),
)

# said so that no index of courses tempts SQLite to read all their people
_of_course = func.coalesce(Registration.course_id, "")


def for_registration_for_update(session: Session, registration_id: str) -> Waiver | None:
    """The exception that was asked for on a registration, locked."""
    found: Waiver | None = session.scalar(
        for_update(select(Waiver).where(Waiver.registration_id == registration_id))
    )
    return found


def earning_registration(course_id: str, number: str) -> str | None:
    """The id of a registration that can earn a certificate, by its number."""
    return db.session.scalar(
        select(Registration.id)
        .join(Person, Person.id == Registration.person_id)
        .where(
            Registration.course_id == course_id,
            Registration.number == number,
            Registration.state.in_(EARNING),
            Person.erased_at.is_(None),
        )
        .execution_options(scope="operation")
    )


def waiting(course: Course) -> Sequence[str]:
    """The numbers of the registrations whose exception another organiser has to approve.

    The course was found within the viewer's scope.
    """
    return db.session.scalars(
        select(Registration.number)
        .where(_of_course == course.id, *_WAITING)
        .order_by(Registration.number)
        .execution_options(scope="viewer")
    ).all()


def how_many_wait() -> Subquery:
    """How many exceptions another organiser has to approve, by ``course_id``: looked up once.

    Courses without any are left out.
    """
    return (
        select(Registration.course_id, func.count().label("number"))
        .where(*_WAITING)
        .group_by(Registration.course_id)
        .subquery()
    )


def courses_waiting(among: Select[str]) -> Select[str]:
    """The courses with exceptions that wait for another organiser, among those of a statement."""
    among_them = _of_course.in_(among)
    return select(Registration.course_id).where(*_WAITING, among_them).distinct()


def reason(waiver: Waiver) -> str:
    """Why an exception was asked for, opened; empty once its person has been erased."""
    if not waiver.reason:
        return ""
    return sealed.unseal(waiver.reason, f"certificate_waiver|reason|{waiver.registration_id}")
