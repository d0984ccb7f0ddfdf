"""Looks up the reserve list of a course: who is waiting, and in which place."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from trainings.core.db import db
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.seats import reserve_rules
from trainings.seats.placing_rules import Group
from trainings.seats.reserve_rules import Waiting


def waiting(course_id: str) -> list[Waiting]:
    """Everyone on the reserve list of a course, unordered."""
    rows = db.session.execute(
        select(
            Registration.id,
            Registration.country,
            Registration.function,
            Registration.selected_at,
            Registration.state_at,
            Registration.priority,
            Registration.reserve_place,
        )
        .where(Registration.course_id == course_id, Registration.state == State.RESERVE)
        .execution_options(scope="operation")
    )
    return [
        Waiting(key, country, function, selected or since, priority, position)
        for key, country, function, selected, since, priority, position in rows
    ]


class ReservePlace(NamedTuple):
    """Somebody's place on the reserve list, among those who wait for the same seats."""

    place: int  # from 1
    waiting: int  # how many there are


def reserve_place(registration: Registration) -> ReservePlace | None:
    """Somebody's place on the reserve list; ``None`` if they are not on it."""
    if registration.state is not State.RESERVE:
        return None
    group = Group(registration.country, registration.function)
    everyone = waiting(registration.course_id)
    return ReservePlace(
        reserve_rules.places(everyone).get(registration.id, 0),
        sum(1 for one in everyone if one.group == group),
    )
