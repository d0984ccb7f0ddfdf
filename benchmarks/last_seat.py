"""Two hundred people for sixty seats at the same moment, on a course that places at once."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from benchmarks.installation import Bare, database
from tests import factories, rushing
from tests.registrations import acting
from trainings.core.db import db
from trainings.registrations.models import Registration

TITLE = "The last seat: 200 send their application at once for 60 seats"
CLIENTS, SEATS, ROUNDS = 200, 60, 3
COUNTRIES = ("AR", "BO", "BR", "CL", "CO", "EC", "PE", "PY", "UY")


def rows() -> Iterator[tuple[str, str, str]]:
    """Seats given and applications a second through the web server, on both databases."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        for kind in ("SQLite", "PostgreSQL"):
            with database(kind, Path(folder)) as url:
                here = Bare(Path(folder) / kind, url)
                rates, seats = measure(here)
            given = ", ".join(map(str, seats))
            yield f"seats given in {ROUNDS} rounds, {kind}", given, f"exactly {SEATS}"
            yield f"applications a second, {kind}", f"{sorted(rates)[ROUNDS // 2]:.0f}", "≥ 100"


def measure(here: Bare) -> tuple[list[float], list[int]]:
    """The rates and the seats given of each round."""
    rates: list[float] = []
    seats: list[int] = []
    with here.app.app_context(), here.served() as server:
        people = [factories.account(staff=False, name=("", "")) for _ in range(CLIENTS)]
        for number in range(ROUNDS):
            code = f"RUSH{number}"
            course = acting.at_once(code, capacity=SEATS)
            acting.share_out(course, {(country, None): 5 for country in COUNTRIES})
            clients = [
                rushing.applicant(
                    here.app, server.url, code, course, who, COUNTRIES[place % len(COUNTRIES)]
                )
                for place, who in enumerate(people)
            ]
            rates.append(CLIENTS / rush(clients))
            seats.append(seated(course))
        db.session.remove()
        db.engine.dispose()
    return rates, seats


def rush(people: list[rushing.Applicant]) -> float:
    """The seconds until all of them, sending at once, have their answer."""
    for one in people:
        one.open()
    taken = rushing.all_at_once([one.send for one in people], CLIENTS)
    answers = Counter(one.statuses[-1] for one in people)
    assert answers == {303: CLIENTS}, answers
    return taken


def seated(course: str) -> int:
    """How many hold a seat in the course."""
    db.session.close()
    found = db.session.scalars(
        select(Registration.id)
        .where(Registration.course_id == course, Registration.block_id.is_not(None))
        .execution_options(scope="job")
    )
    return len(found.all())
