"""Two hundred people for sixty seats at the same moment, on a course that places at once."""

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, SimpleQueue

from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.engine import make_url

from tests import factories
from tests.registrations import acting
from trainings.app import create_app
from trainings.core import config, keys
from trainings.core.db import db
from trainings.core.permissions import Viewer
from trainings.registrations import application_operations
from trainings.registrations.models import Registration

TITLE = "The last seat: 200 apply at once for 60 seats"
CLIENTS, SEATS, ROUNDS = 200, 60, 3
PROCESSES, THREADS = 2, 4  # as the server has them
COUNTRIES = ("AR", "BO", "BR", "CL", "CO", "EC", "PE", "PY", "UY")


def rows() -> Iterator[tuple[str, str, str]]:
    """Seats given and applications a second, on both databases; each the median of rounds."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        for kind in ("SQLite", "PostgreSQL"):
            with database(kind, Path(folder)) as url:
                rates, seats = measure(Path(folder) / kind, url)
                given = "/".join(map(str, seats))
                yield f"seats given, {kind}", given, f"exactly {SEATS}"
                yield f"applications a second, {kind}", f"{sorted(rates)[ROUNDS // 2]:.0f}", "≥ 100"


@contextlib.contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database of this kind; empty text for the one in the folder."""
    if kind == "SQLite":
        yield ""
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pgserver

    with tempfile.TemporaryDirectory(prefix="trainings-bench-postgresql-") as home:
        server = pgserver.get_server(Path(home) / "data", cleanup_mode="delete")
        try:
            url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
            yield url.render_as_string(hide_password=False)
        finally:
            server.cleanup()


def measure(instance: Path, url: str) -> tuple[list[float], list[int]]:
    """The rates and the seats given of each round."""
    instance.mkdir()
    os.environ.update(
        TRAININGS_INSTANCE=str(instance), DATABASE_URL=url, BASE_URL="http://trainings.example",
        TRAININGS_KEYS=str(instance / "keys.json"),
    )  # fmt: skip
    keys.create(instance / "keys.json")
    os.environ["FLASK_RUN_FROM_CLI"] = "true"
    app = create_app(config.load(os.environ))
    os.environ.pop("FLASK_RUN_FROM_CLI")
    rates: list[float] = []
    seats: list[int] = []
    with app.app_context():
        upgrade()
        factories.seed()
        people = [factories.account(staff=False, name=("", "")) for _ in range(CLIENTS)]
        whose = [f"{one.account_id} {one.person_id}" for one in people]
        for number in range(ROUNDS):
            course = acting.at_once(f"RUSH{number}", capacity=SEATS)
            acting.share_out(course, {(country, None): 5 for country in COUNTRIES})
            rates.append(CLIENTS / rush(course, whose))
            seats.append(seated(course))
        db.session.remove()
        db.engine.dispose()
    return rates, seats


def seated(course: str) -> int:
    """How many hold a seat of the course."""
    db.session.close()
    found = db.session.scalars(
        select(Registration.id)
        .where(Registration.course_id == course, Registration.block_id.is_not(None))
        .execution_options(scope="job")
    )
    return len(found.all())


def rush(course: str, whose: list[str]) -> float:
    """The seconds in which all have applied, from several processes with several threads."""
    command = [sys.executable, "-m", "benchmarks.last_seat", course]
    workers = [
        subprocess.Popen(
            [*command, *whose[part::PROCESSES]], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for part in range(PROCESSES)
    ]
    for worker in workers:
        assert worker.stdout is not None and worker.stdout.readline() == b"ready\n"
    begun = time.monotonic()
    for worker in workers:
        worker.communicate(b"go\n")
    taken = time.monotonic() - begun
    assert all(worker.returncode == 0 for worker in workers), "an application failed"
    return taken


def apply_all(course: str, whose: list[str]) -> None:
    """Apply for each of these people; raises what any of them met."""
    app = create_app()
    waiting: SimpleQueue[tuple[int, str]] = SimpleQueue()
    for place, one in enumerate(whose):
        waiting.put((place, one))
    faults: list[BaseException] = []

    def work() -> None:
        with app.app_context(), contextlib.suppress(Empty):
            while True:
                place, one = waiting.get_nowait()
                account, person = one.split()
                given = acting.application(country=COUNTRIES[place % len(COUNTRIES)])
                viewer = Viewer(account_id=account, person_id=person)
                try:
                    application_operations.apply(course, given, viewer)
                except Exception as fault:
                    faults.append(fault)
                db.session.remove()

    print("ready", flush=True)
    sys.stdin.readline()
    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


if __name__ == "__main__":
    apply_all(sys.argv[1], sys.argv[2:])
