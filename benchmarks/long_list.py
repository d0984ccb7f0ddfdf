"""The organiser's list of a course with ten thousand registrations."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from benchmarks.installation import Bare
from benchmarks.rows import Row
from benchmarks.turns import PAGE, compared, in_turns, plain
from tests import counting, factories
from tests.crowding_people import numbered
from trainings.audit.writes import record
from trainings.core import clock
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Role
from trainings.people import order_queries
from trainings.people.writes import add_person
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.serving import forking

TITLE = "The organiser's list of a course with 10,000 registrations"
PEOPLE = 10_000
COUNTRIES = ("AR", "BO", "BR", "CL", "CO", "EC", "PE", "PY", "UY")
FUNCTIONS = ("police", "prosecutor", "judge")
WAITING = (State.NOMINATED, State.APPLIED, State.ENDORSED, State.RESERVE)
PATH = "/courses/LONG27/registrations"
PAGES = (  # and at most how many bare pages each costs
    ("50 rows by number", "?sort=number", 38.0, "≤ 0.030 s"),
    ("50 rows by state, page 100", "?sort=state&page=100", 40.0, "≤ 0.030 s"),
    ("50 rows by name", "?sort=name", 38.0, "≤ 0.060 s"),
)


def rows() -> Iterator[Row]:
    """Milliseconds and statements of the whole page, rendered, in turns with a bare page."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        app = Bare(Path(folder) / "instance").app
        with app.app_context():
            course = factories.course("LONG27")
            fill(course)
            chief = factories.account(Role.ORGANISER, agency="IOM")
            client = app.test_client()
            factories.sign_in(client, chief)
            db.session.remove()
        forking.settle()  # as a web worker does
        with plain(app) as bare:
            for what, query, most, aim in PAGES:
                path = PATH + query
                taken, page = in_turns(lambda path=path: client.get(path), bare.page)
                yield compared(what, taken, page, PAGE, most, aim)
                yield Row(f"{what}: statements", f"{statements(app, client, path)} SQL", "≤ 15 SQL")

            def anew() -> None:
                order_queries.forget()
                client.get(f"{PATH}?sort=name")

            taken, page = in_turns(anew, bare.page, turns=5, each=3)
            yield compared("… the first time in a worker", taken, page, PAGE, 260)


def fill(course: str) -> None:
    """Create ten thousand candidates, in all countries, functions and states."""
    now = clock.now()
    with transaction() as session:
        for place in range(PEOPLE):
            country, function = COUNTRIES[place % 9], FUNCTIONS[place % 3]
            person = add_person(
                session,
                given_name=f"Ana {place * 7919 % PEOPLE}",
                family_name=f"Ñandú {place}",
                mail=f"p{place}@unit.example",
                country=country,
                function=function,
            )
            state = WAITING[place % 4]
            session.add(
                Registration(
                    id=new_key(),
                    number=f"R-{numbered(place)}",
                    course_id=course,
                    person_id=person.id,
                    state=state,
                    state_at=now,
                    country=country,
                    function=function,
                    created_at=now,
                    selected_at=now if state is State.RESERVE else None,
                )
            )
            if place % 1000 == 999:
                session.flush()
                session.expunge_all()
        # as every act does: what is kept of a course is kept with the last entry about it
        record(session, "registration.import", "course", course, by=None, course_id=course)


def statements(app: Flask, client: FlaskClient, path: str) -> int:
    """How many statements a page sends."""
    with app.app_context(), counting.statements() as sent:
        answer = client.get(path)
    assert answer.status_code == 200 and b"R-" in answer.data, answer.status
    return len(sent)
