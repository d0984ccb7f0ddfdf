"""Reads for operations and jobs after their permission check: locked, by id, across the course."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, union_all
from sqlalchemy.orm import contains_eager, joinedload

from trainings.core.db import db, for_update
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people.models import Person
from trainings.registrations.models import HistoryStep, Registration
from trainings.registrations.queries import born, scoped, within
from trainings.registrations.rules import LIVE, State


def for_acting(
    viewer: Viewer, permission: Permission, course_id: str, numbers: Collection[str]
) -> list[Registration]:
    """Registrations of a course by number, in the given order, their rows locked, with persons.

    Raises ``NotFound`` if one of them is hidden or missing.
    """
    statement = (
        scoped(viewer, permission)
        .where(Registration.course_id == course_id, Registration.number.in_(list(numbers)))
        .options(joinedload(Registration.person, innerjoin=True))
        .order_by(Registration.id)
        .execution_options(populate_existing=True)
    )
    rows = db.session.scalars(for_update(statement, Registration))
    found = {one.number: one for one in rows}
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
    """The course id of a registration within a permission's scope. Raises ``NotFound``."""
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
    """A course's registrations in some states, with persons, for an operation already allowed."""
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


def numbers_taken(numbers: Collection[str]) -> set[str]:
    """Which of these numbers registrations already have."""
    return set(db.session.scalars(_TAKEN, {"numbers": list(numbers)}))


_TAKEN = (
    select(Registration.number)
    .where(Registration.number.in_(bindparam("numbers", expanding=True)))
    .execution_options(scope="operation")
)


def last_steps(registration_ids: Collection[str], act: str) -> dict[str, HistoryStep]:
    """The last time an act was done to each of some registrations, by registration."""
    last = (
        select(func.max(HistoryStep.number))
        .where(HistoryStep.registration_id.in_(list(registration_ids)), HistoryStep.act == act)
        .group_by(HistoryStep.registration_id)
    )
    return {
        one.registration_id: one
        for one in db.session.scalars(select(HistoryStep).where(HistoryStep.number.in_(last)))
    }


def acts_of(registration_ids: Collection[str]) -> dict[str, list[str]]:
    """All that was done to each of some registrations, oldest first, by registration."""
    rows = db.session.execute(
        select(HistoryStep.registration_id, HistoryStep.act)
        .where(HistoryStep.registration_id.in_(list(registration_ids)))
        .order_by(HistoryStep.number)
    )
    found: dict[str, list[str]] = {}
    for registration_id, act in rows:
        found.setdefault(registration_id, []).append(act)
    return found


def last_step(registration_id: str, act: str) -> HistoryStep | None:
    """The last time an act was done to a registration."""
    return last_steps([registration_id], act).get(registration_id)


def reached_by_mail(viewer: Viewer, permission: Permission, index: str) -> Sequence[Registration]:
    """The registrations with an email address within a permission's scope; oldest first."""
    return _reached(viewer, permission, Person.mail_index == index)


def reached_by_name(viewer: Viewer, permission: Permission, index: str) -> Sequence[Registration]:
    """The registrations of people with a name within a permission's scope; oldest first."""
    return _reached(viewer, permission, Person.name_index == index)


def reached_by_any(
    viewer: Viewer, permission: Permission, mails: Collection[str], names: Collection[str]
) -> Sequence[Registration]:
    """The registrations with one of several addresses or names, within a permission's scope."""
    condition = or_(Person.mail_index.in_(list(mails)), Person.name_index.in_(list(names)))
    return _reached(viewer, permission, condition)


def standing_on(course_id: str, person_ids: Collection[str]) -> set[str]:
    """Which of these people have a live registration on a course, whoever may see it."""
    return set(
        db.session.scalars(
            select(Registration.person_id)
            .where(
                Registration.course_id == course_id,
                Registration.person_id.in_(list(person_ids)),
                Registration.state.in_(sorted(LIVE)),
            )
            .execution_options(scope="operation")
        )
    )


def last_priorities(viewer: Viewer, permission: Permission, course_id: str) -> dict[str, int]:
    """The last rank that is taken on a course, by country, within a permission's scope."""
    rows = db.session.execute(
        scoped(viewer, permission)
        .where(Registration.course_id == course_id)
        .with_only_columns(Registration.country, func.max(Registration.priority))
        .group_by(Registration.country)
    )
    return {country: last or 0 for country, last in rows}


def _reached(
    viewer: Viewer, permission: Permission, condition: ColumnElement[bool]
) -> Sequence[Registration]:
    return db.session.scalars(
        scoped(viewer, permission)
        .join(Person, Person.id == Registration.person_id)
        .where(condition)
        .order_by(Registration.created_at, Registration.id)
        .options(contains_eager(Registration.person))
    ).all()


def reaches(viewer: Viewer, permission: Permission, registration_id: str) -> bool:
    """Whether a registration is within a permission's scope."""
    return (
        db.session.scalar(
            scoped(viewer, permission)
            .where(Registration.id == registration_id)
            .with_only_columns(Registration.id)
        )
        is not None
    )


def maybe_same(
    viewer: Viewer, permission: Permission, registration: Registration
) -> Sequence[Registration]:
    """Others on the same course who may be the same person, within the permission's scope.

    They have the same email address, or the same name and country or date of birth.
    """
    who, its_birth = registration.person, born(registration)
    alike = union_all(  # each half by its own index
        select(Person.id).where(Person.mail_index == (who.mail_index or "")),
        select(Person.id).where(Person.name_index == (who.name_index or "")),
    )
    here = Registration.course_id == registration.course_id
    return [
        one
        for one in _reached(viewer, permission, and_(here, Registration.person_id.in_(alike)))
        if one.person_id != registration.person_id
        if one.person.mail_index == who.mail_index
        or one.country == registration.country
        or (its_birth and born(one) == its_birth)
    ]


def came_themselves(viewer: Viewer, permission: Permission, person_id: str) -> bool:
    """Whether a person within the permission's scope has filled in their own details."""
    return (
        db.session.scalar(
            scoped(viewer, permission)
            .where(Registration.person_id == person_id, Registration.complete)
            .limit(1)
            .with_only_columns(Registration.id)
        )
        is not None
    )


def invited(course_id: str) -> tuple[list[str], list[str]]:
    """The countries and functions that a course invites, read before its row is locked."""
    found = db.session.execute(_INVITED, {"course": course_id}).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


_INVITED = select(Course.countries, Course.functions).where(Course.id == bindparam("course"))


def registered_beyond(viewer: Viewer, permission: Permission, person_id: str) -> bool:
    """Whether a person has a registration, ended or not, outside the permission's scope."""
    beyond = (
        select(Registration.id)
        .join(Course, Course.id == Registration.course_id)
        .where(Registration.person_id == person_id, ~within(viewer, permission))
        .limit(1)
        .execution_options(scope="operation")
    )
    return db.session.scalar(beyond) is not None
