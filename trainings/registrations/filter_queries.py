"""What a list of a course's registrations is narrowed to, in SQL."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, select

from trainings.core import clock
from trainings.core.permissions import Permission, Viewer
from trainings.courses.models import Course
from trainings.people.models import Person
from trainings.registrations import queries
from trainings.registrations.listing_rules import UNDECIDED, Filters, Problem
from trainings.registrations.models import Registration, SeatBlock
from trainings.registrations.rules import State


def conditions(
    viewer: Viewer, permission: Permission, course: Course, filters: Filters
) -> list[ColumnElement[bool]]:
    """What keeps a list to the viewer's scope, and to what was chosen."""
    found = [queries.within_course(viewer, permission, course.id)]
    if filters.state is not None:
        found.append(Registration.state == filters.state)
    if filters.country:
        found.append(Registration.country == filters.country)
    if filters.function:
        found.append(Registration.function == filters.function)
    if filters.undecided:
        found.append(Registration.state.in_(sorted(UNDECIDED)))
    if filters.problem is not None:
        found += _troubled(filters.problem)
    if filters.block is not None:
        found.append(_seated(course, *filters.block))
    if filters.number is not None:
        found.append(Registration.number.startswith(filters.number, autoescape=True))
    return found


def _troubled(problem: Problem) -> list[ColumnElement[bool]]:
    if problem is Problem.BOUNCED:
        live = (State.OFFERED, State.CONFIRMED, *UNDECIDED, State.RESERVE)
        bounced = select(Person.id).where(Person.mail_bounced_at.is_not(None))
        return [Registration.person_id.in_(bounced), Registration.state.in_(live)]
    if problem is Problem.INCOMPLETE:
        seated = (State.OFFERED, State.CONFIRMED)
        return [Registration.complete.is_(False), Registration.state.in_(seated)]
    soon = clock.now() + timedelta(days=2)
    return [Registration.state == State.OFFERED, Registration.offered_until <= soon]


def _seated(course: Course, country: str | None, function: str | None) -> ColumnElement[bool]:
    """Whether one holds a seat of the block for this country and function."""
    block = select(SeatBlock.id).where(
        SeatBlock.course_id == course.id, SeatBlock.country.is_not_distinct_from(country),
        SeatBlock.function.is_not_distinct_from(function),
    )  # fmt: skip
    return Registration.block_id.in_(block)
