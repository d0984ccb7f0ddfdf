"""Two hundred people for sixty seats at the same moment, on a course that places at once."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from benchmarks.installation import Bare, control, database, inserts_per_second
from benchmarks.rows import Ratio, Row, of_each, spread
from tests import factories, rushing
from tests.registrations import acting
from trainings.core.db import db
from trainings.registrations.models import Registration

TITLE = "The last seat: 200 send their application at once for 60 seats"
CLIENTS, SEATS, ROUNDS = 200, 60, 5
LEAST = {"SQLite": 0.26, "PostgreSQL": 0.18}  # of bare inserts: docs/decisions/2026-11-29-rush.md
COUNTRIES = ("AR", "BO", "BR", "CL", "CO", "EC", "PE", "PY", "UY")


def rows() -> Iterator[Row]:
    """Seats given and applications a second through the web server, on both databases."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        for kind in ("SQLite", "PostgreSQL"):
            with database(kind, Path(folder)) as url:
                yield from measure(kind, Path(folder) / kind, url)


def measure(kind: str, folder: Path, url: str) -> Iterator[Row]:
    """Some rounds, each in turn with as many bare inserts under the same server."""
    here = Bare(folder, url)
    rates: list[float] = []
    bare: list[float] = []
    seats: list[int] = []
    with (
        here.app.app_context(),
        here.served() as server,
        control(url or f"sqlite:///{folder}/control.sqlite") as inserts,
    ):
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
            bare.append(inserts_per_second(inserts, CLIENTS))
            seats.append(seated(course))
        db.session.remove()
        db.engine.dispose()
    yield Row(f"{kind}: seats given", ", ".join(map(str, seats)), f"exactly {SEATS}")
    yield Row(f"{kind}: bare inserts a second", spread(bare))
    ratio = Ratio(of_each(rates, bare), "a bare insert", least=LEAST[kind])
    yield Row(f"{kind}: applications answered a second", spread(rates), ratio=ratio)


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
