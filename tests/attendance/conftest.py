"""A running course with sessions and two people, for what is marked and what it adds up to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests import factories, teaching
from trainings.agenda import operations as agenda
from trainings.agenda.rules import SessionKind
from trainings.core import clock
from trainings.core.db import transaction
from trainings.core.permissions import Role
from trainings.courses.models import Course
from trainings.courses.rules import CourseState


class Room:
    """A running course: a session of 100 and one of 50 minutes, a break, two people."""

    def __init__(self) -> None:
        self.by = factories.account(Role.ORGANISER, agency="IOM")
        self.course = factories.course(starts_in=0, state=CourseState.RUNNING)
        self.first, self.pause, self.test = (
            agenda.add_session(
                self.course, teaching.slot(self.course, start, end, kind=kind), self.by
            )
            for start, end, kind in (
                ("09:00", "10:40", SessionKind.TEST),
                ("10:40", "11:00", SessionKind.BREAK),
                ("11:00", "11:50", SessionKind.TEST),
            )
        )
        self.ana = teaching.participant(self.course)
        self.eva = teaching.participant(self.course, name=("Eva", "Quispe"))
        self.trainer = factories.account(Role.TRAINER, course_id=self.course)

    def move(self, state: CourseState) -> None:
        with transaction() as session:
            session.get_one(Course, self.course).state = state


@pytest.fixture
def room(each_app: Flask) -> Iterator[Room]:
    # at noon in Buenos Aires, so that the day of the course is the same everywhere
    noon = clock.now().replace(hour=15, minute=0, second=0)
    with clock.at(noon):
        yield Room()
