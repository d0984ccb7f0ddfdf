"""What visitors read, each to a bare page with 17 statements in the same run, in turns."""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import installation
from benchmarks.control import STATEMENTS
from benchmarks.pages import CLIENTS, public_course, requests_per_second

TITLE = "Visitors: production settings, two workers, 8 clients; requests a second, ratio to control"
TURNS = 5


def rows() -> Iterator[tuple[str, str, str]]:
    """The public course page, the start page and the list against the control, on each database."""
    for kind in ("SQLite", "PostgreSQL"):
        with tempfile.TemporaryDirectory(prefix="trainings-bench-") as name:
            folder = Path(name)
            with installation.database(kind, folder) as url:
                yield from _on(kind, folder / "instance", url)


def _on(kind: str, folder: Path, database_url: str) -> Iterator[tuple[str, str, str]]:
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
    bound = f"{STATEMENTS} statements, {statistics.median(found['control']):.0f} req/s"
    yield f"{kind}: control page, {CLIENTS} clients", bound, ""
    for what, rates in found.items():
        if what != "control":
            yield f"{kind}: {what}", ratios(rates, found["control"]), aim(what)


def aim(what: str) -> str:
    """What is promised of a page."""
    return "≥ 1.5" if what.startswith("public course page") else ""


def ratios(rates: list[float], control: list[float]) -> str:
    """The ratio of each turn: median, least and most; and the median rate."""
    found = sorted(rate / bound for rate, bound in zip(rates, control, strict=True))
    middle = statistics.median(found)
    rate = statistics.median(rates)
    return f"{middle:.2f} ({found[0]:.2f} to {found[-1]:.2f}); {rate:.0f} req/s"
