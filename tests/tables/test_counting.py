"""How many sit at no table is added up from few rows; it is as many as looking at each one."""

from __future__ import annotations

import random

import pytest
from flask import Flask
from sqlalchemy import select

from tests.tables.rooms import Hall
from trainings.core.db import db, transaction
from trainings.courses.models import Course
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.tables import queries
from trainings.tables.models import TableLayout, TablePlace

# who has been somewhere before may keep a place that no longer counts
STATES = (State.CONFIRMED, State.CONFIRMED, State.CONFIRMED, State.WITHDRAWN, State.ATTENDED)


def counted(course_id: str) -> int:
    """What the open tasks say, asked for each course as they do."""
    statement = select(queries.without_place(Course.id)).where(Course.id == course_id)
    return db.session.scalars(statement.execution_options(scope="count")).one()


@pytest.mark.parametrize("seed", range(3))
def test_who_has_no_place_is_counted_as_one_by_one(each_app: Flask, seed: int) -> None:
    chance = random.Random(seed)
    hall, other = Hall(8), Hall(3, "LIM27")
    assert counted(hall.course) == 0, "a course without tables lacks no place"
    with transaction() as session:
        for here in (hall, other):
            session.add(TableLayout(course_id=here.course, tables=4, places=4))
            for at, key in enumerate(here.keys):
                row = session.get_one(Registration, key, execution_options={"scope": "operation"})
                row.state = chance.choice(STATES)
                if chance.random() < 0.6:
                    session.add(
                        TablePlace(
                            registration_id=key,
                            course_id=here.course,
                            table_no=at // 4 + 1,
                            place_no=at % 4 + 1,
                        )
                    )
    for here in (hall, other):
        sits = set(db.session.scalars(select(TablePlace.registration_id)))
        there = db.session.scalars(
            select(Registration.id)
            .where(Registration.course_id == here.course, Registration.state == State.CONFIRMED)
            .execution_options(scope="operation")
        )
        assert counted(here.course) == sum(key not in sits for key in there)
