"""What operations and jobs read once they were let in: under locks, by id, across the course."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from trainings.core.db import db, for_update
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people.models import Person
from trainings.registrations.models import Move, Registration
from trainings.registrations.queries import scoped
from trainings.registrations.rules import HOLDS_SEAT, LIVE, State


def for_acting(
    viewer: Viewer, permission: Permission, course_id: str, numbers: Collection[str]
) -> list[Registration]:
    """Registrations of a course by number, in the order given, their rows locked, with persons.

    Raises ``NotFound`` where one of them is hidden or missing.
    """
    statement = (
        scoped(viewer, permission)
        .where(Registration.course_id == course_id, Registration.number.in_(list(numbers)))
        .options(joinedload(Registration.person, innerjoin=True))
        .order_by(Registration.id)
        .with_for_update(of=Registration)
        .execution_options(populate_existing=True)
    )
    found = {one.number: one for one in db.session.scalars(statement)}
    if len(found) != len(set(numbers)):
        raise NotFound
    return [found[number] for number in dict.fromkeys(numbers)]


def own_for_update(viewer: Viewer, number: str) -> tuple[Course, Registration]:
    """The viewer's own registration and its course, the course's row locked first."""
    course_id = db.session.scalar(
        select(Registration.course_id)
        .where(Registration.person_id == viewer.person_id, Registration.number == number)
        .execution_options(scope="own")
    )
    if viewer.person_id is None or course_id is None:
        raise NotFound
    course = courses.course_for_update(course_id)
    registration = db.session.scalars(
        for_update(select(Registration).where(Registration.number == number))
        .options(joinedload(Registration.person, innerjoin=True))
        .execution_options(scope="own", populate_existing=True)
    ).one()
    if registration.person.erased_at is not None:  # a request that came a moment too late
        raise NotFound
    return course, registration


def course_of(viewer: Viewer, permission: Permission, number: str) -> str:
    """The id of the course of a registration that a permission reaches. Raises ``NotFound``."""
    found: str | None = db.session.scalar(
        scoped(viewer, permission)
        .where(Registration.number == number)
        .with_only_columns(Registration.course_id)
    )
    if found is None:
        raise NotFound
    return found


def by_id(registration_id: str) -> Registration | None:
    """One registration with its person, for a job."""
    return db.session.scalar(
        select(Registration)
        .where(Registration.id == registration_id)
        .options(joinedload(Registration.person, innerjoin=True))
        .execution_options(scope="job", populate_existing=True)
    )


def with_persons(
    course_id: str, states: Collection[State], ids: Collection[str] | None = None
) -> Sequence[Registration]:
    """A course's registrations in some states, with persons, for an operation that may."""
    statement = (
        select(Registration)
        .where(Registration.course_id == course_id, Registration.state.in_(sorted(states)))
        .options(joinedload(Registration.person, innerjoin=True))
        .order_by(Registration.created_at, Registration.id)
        .execution_options(scope="operation")
    )
    if ids is not None:
        statement = statement.where(Registration.id.in_(list(ids)))
    return db.session.scalars(statement).all()


def number_taken(number: str) -> bool:
    """Whether a registration already has this number."""
    return (
        db.session.scalar(
            select(Registration.id)
            .where(Registration.number == number)
            .execution_options(scope="operation")
        )
        is not None
    )


def last_step(registration_id: str, act: str) -> Move | None:
    """The last time an act was done to a registration."""
    return db.session.scalar(
        select(Move)
        .where(Move.registration_id == registration_id, Move.act == act)
        .order_by(Move.number.desc())
        .limit(1)
    )


def known_with_mail(index: str, countries: Collection[str] | None = None) -> Sequence[Person]:
    """The persons under a mail address, among those of some countries if they are given."""
    statement = (
        select(Person).where(Person.mail_index == index).execution_options(scope="operation")
    )
    if countries is not None:
        statement = statement.where(Person.country.in_(sorted(countries)))
    return db.session.scalars(statement.order_by(Person.created_at, Person.id)).all()


def numbers_of(person_ids: Collection[str], countries: Collection[str]) -> Sequence[str]:
    """The registration numbers of persons within some countries."""
    return db.session.scalars(
        select(Registration.number)
        .where(
            Registration.person_id.in_(list(person_ids)),
            Registration.country.in_(sorted(countries)),
        )
        .order_by(Registration.number)
        .execution_options(scope="operation")
    ).all()


def came_themselves(person_id: str) -> bool:
    """Whether a person has completed their details on any course: the address is theirs."""
    return (
        db.session.scalar(
            select(Registration.id)
            .where(Registration.person_id == person_id, Registration.complete)
            .limit(1)
            .execution_options(scope="operation")
        )
        is not None
    )


def invited(course_id: str) -> tuple[list[str], list[str]]:
    """The countries and functions that a course invites, as they are before its row is locked."""
    found = db.session.execute(
        select(Course.countries, Course.functions).where(Course.id == course_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


def registered_beyond(viewer: Viewer, permission: Permission, person_id: str) -> bool:
    """Whether a person is on a course that the permission does not reach."""
    beyond = (
        select(Registration.id)
        .join(Course, Course.id == Registration.course_id)
        .where(
            Registration.person_id == person_id,
            Registration.state.in_(sorted(LIVE | HOLDS_SEAT)),
            ~courses.within(viewer, permission),
        )
        .limit(1)
        .execution_options(scope="operation")
    )
    return db.session.scalar(beyond) is not None
