"""The organiser's list of a course with ten thousand registrations."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from benchmarks.installation import Bare
from benchmarks.rows import Row
from tests import counting, factories
from tests.crowding_people import numbered
from trainings.core import clock
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Role
from trainings.people.writes import add_person
from trainings.registrations.models import Registration
from trainings.registrations.rules import State

TITLE = "The organiser's list of a course with 10,000 registrations"
PEOPLE, TIMES = 10_000, 15
COUNTRIES = ("AR", "BO", "BR", "CL", "CO", "EC", "PE", "PY", "UY")
FUNCTIONS = ("police", "prosecutor", "judge")
WAITING = (State.NOMINATED, State.APPLIED, State.ENDORSED, State.RESERVE)
PAGES = (
    ("50 rows by number", "?sort=number", "≤ 0.030 s", "≤ 8 SQL"),
    ("50 rows by state, page 100", "?sort=state&page=100", "≤ 0.030 s", "≤ 8 SQL"),
    ("50 rows by name", "?sort=name", "≤ 0.200 s", "≤ 8 SQL"),
)


def rows() -> Iterator[Row]:
    """Seconds and statements of the whole page, rendered; the median of several."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        app = Bare(Path(folder) / "instance").app
        with app.app_context():
            course = factories.course("LONG27")
            fill(course)
            chief = factories.account(Role.ORGANISER, agency="IOM")
            client = app.test_client()
            factories.sign_in(client, chief)
            db.session.remove()
        for what, query, seconds_aim, statements_aim in PAGES:
            seconds, statements = measure(app, client, f"/courses/LONG27/registrations{query}")
            yield Row(f"{what}: seconds", f"{seconds:.3f} s", seconds_aim)
            yield Row(f"{what}: statements", f"{statements} SQL", statements_aim)


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


def measure(app: Flask, client: FlaskClient, path: str) -> tuple[float, int]:
    """The median seconds of a page, and how many statements it sends."""
    client.get(path)
    with app.app_context(), counting.statements() as sent:
        answer = client.get(path)
    assert answer.status_code == 200 and b"R-" in answer.data, answer.status
    seconds = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        client.get(path)
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds), len(sent)
