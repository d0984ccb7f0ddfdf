"""A course with people of several countries and functions, for the tests of tables."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from tests import factories, teaching
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.tables import operations, queries
from trainings.tables.queries import Participant
from trainings.tables.rules import Layout, Place

COUNTRIES = ("AR", "BO", "BR", "CL", "CO", "EC", "PE", "PY", "UY")
FUNCTIONS = ("police", "prosecutor", "judge")


class Hall:
    """A course whose people confirmed, its organiser and its trainer."""

    def __init__(self, people: int = 10, code: str = "BUE27") -> None:
        self.by = factories.account(Role.ORGANISER, agency="IOM", name=("Olga", "Muster"))
        self.code = code
        self.course = factories.course(code)
        self.trainer = factories.account(Role.TRAINER, course_id=self.course)
        self.keys = [self.confirm(number) for number in range(people)]

    def confirm(self, number: int, **more: object) -> str:
        """One more who confirmed; gives the registration's id."""
        return teaching.participant(
            self.course,
            name=(f"Given{number:03}", f"Family{number:03}"),
            country=COUNTRIES[number % len(COUNTRIES)],
            function=FUNCTIONS[number % len(FUNCTIONS)],
            **more,  # type: ignore[arg-type]
        )

    def set(self, tables: int = 3, places: int = 4, by: Viewer | None = None) -> int:
        return operations.set_tables(self.course, Layout(tables, places), by or self.by)

    def people(self) -> list[Participant]:
        db.session.remove()
        return queries.participants(self.course, scope="operation")

    def places(self) -> Mapping[str, Place]:
        return {one.number: one.place for one in self.people() if one.place is not None}

    def number(self, key: str) -> str:
        db.session.remove()
        found = db.session.scalar(
            select(Registration.number)
            .where(Registration.id == key)
            .execution_options(scope="operation")
        )
        assert found is not None
        return found

    def holder(self, key: str) -> Viewer:
        """Who signs in by a registration of their own."""
        db.session.remove()
        person_id = db.session.scalars(
            select(Registration.person_id)
            .where(Registration.id == key)
            .execution_options(scope="operation")
        ).one()
        return teaching.account_of(person_id)

    def at(self, place: Place) -> str:
        """The number of who sits at a place; empty: nobody."""
        return next((number for number, one in self.places().items() if one == place), "")

    def leave(self, key: str, state: State = State.WITHDRAWN) -> None:
        """Somebody withdraws, as a withdrawal leaves the registration."""
        with transaction() as session:
            row = session.get_one(Registration, key, execution_options={"scope": "operation"})
            row.state = state
            if state is State.WITHDRAWN:
                row.block_id = row.seat_no = None
