"""What visitors read, each to a bare page with 17 statements in the same run, in turns."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import installation
from benchmarks.control import STATEMENTS
from benchmarks.pages import CLIENTS, public_course, requests_per_second
from benchmarks.rows import Ratio, Row, of_each, spread

TITLE = "Visitors: production settings, two workers, 8 clients; requests a second, ratio to control"
TURNS = 5


def rows() -> Iterator[Row]:
    """The public course page, the start page and the list against the control, on each database."""
    for kind in ("SQLite", "PostgreSQL"):
        with tempfile.TemporaryDirectory(prefix="trainings-bench-") as name:
            folder = Path(name)
            with installation.database(kind, folder) as url:
                yield from _on(kind, folder / "instance", url)


def _on(kind: str, folder: Path, database_url: str) -> Iterator[Row]:
    folder.mkdir()
    here = installation.Installation(folder, database_url)
    address = database_url or f"sqlite:///{folder}/trainings.sqlite"
    with here.served("web") as server, installation.control(address) as control:
        course = public_course(server.url)
        asked = {
            "control": f"{control}/",
            f"public course page {course}": server.url + course,
            "start page": f"{server.url}/",
            "list of courses": f"{server.url}/courses",
            "/healthz": f"{server.url}/healthz",
        }
        for address in asked.values():
            requests_per_second(address, seconds=1)
        found: dict[str, list[float]] = {what: [] for what in asked}
        for _ in range(TURNS):
            for what, address in asked.items():
                found[what].append(requests_per_second(address))
    bound = f"{STATEMENTS} statements, {spread(found['control'], ' req/s')}"
    yield Row(f"{kind}: control page, {CLIENTS} clients", bound)
    for what, rates in found.items():
        if what != "control":
            least = 1.5 if what.startswith("public course page") else None
            ratio = Ratio(of_each(rates, found["control"]), "control page", least=least)
            yield Row(f"{kind}: {what}", spread(rates, " req/s"), ratio=ratio)
