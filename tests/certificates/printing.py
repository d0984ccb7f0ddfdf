"""Three graduates with their certificates, for the tests of printing."""

from __future__ import annotations

from sqlalchemy import select

from tests import factories
from tests.certificates import graduates
from trainings.core.db import db, transaction
from trainings.core.permissions import Viewer
from trainings.courses import queries as courses
from trainings.print_room import queries as print_queries
from trainings.print_room.models import PrintRun
from trainings.register.models import Certificate
from trainings.registrations.models import Registration
from trainings.tables import operations as seating
from trainings.tables import writes as table_writes
from trainings.tables.rules import Layout, Place


def ready(course_id: str) -> dict[str, Certificate]:
    rows = print_queries.printable(courses.by_id(course_id), scope="operation")
    names = {"Ana": "Ana", "María José": "María", "D’Angelo": "D’Angelo"}
    persons = {key: graduates.holder(course_id, given).person_id for key, given in names.items()}
    return {key: next(row for row in rows if row.person_id == persons[key]) for key in names}


def order_of(joined: list[bytes]) -> list[str]:
    names = ("Ana", "María José", "D’Angelo")
    return [next(name for name in names if name.encode() in page) for page in joined]


def runs() -> list[PrintRun]:
    db.session.remove()
    return list(db.session.scalars(select(PrintRun).order_by(PrintRun.at, PrintRun.id)))


def registrations_of(course_id: str) -> dict[str, str]:
    """The registrations of the three, by given name."""
    return {
        given: db.session.scalars(
            select(Registration.id)
            .where(
                Registration.course_id == course_id,
                Registration.person_id == graduates.holder(course_id, given).person_id,
            )
            .execution_options(scope="operation")
        ).one()
        for given in ("Ana", "María José", "D’Angelo")
    }


def sit(course_id: str, lead: Viewer) -> None:
    """D’Angelo at table 1, Ana behind at place 2 of table 2; María José has no place."""
    keys = registrations_of(course_id)
    seating.set_tables(course_id, Layout(2, 3), lead)
    with transaction() as session:
        table_writes.free_all(session, course_id)
        factories.act(course_id, session)
        table_writes.give(
            session, course_id, {keys["D’Angelo"]: Place(1, 3), keys["Ana"]: Place(2, 2)}
        )
