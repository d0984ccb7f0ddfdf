"""The server itself: pages a second, memory of a worker, cold start."""

import http.client
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from benchmarks import installation, long_list
from benchmarks.click_to_files import MAIL, sign_in_link
from benchmarks.rows import Ratio, Row, of_each, spread
from tests import factories
from tests.visitor import Browser
from trainings.core.db import db
from trainings.core.permissions import Role

TITLE = "The server: production settings, SQLite, two workers"
CLIENTS = 8
SECONDS = 5
STARTS, TURNS = 7, 3
LONG = "LONG27"
LARGE = (
    "/registrations?sort=name",
    "/reserve",
    "/seats",
    "/attendance",
    "/papers",
    "/certificates",
)


def rows() -> Iterator[Row]:
    """Cold start to the first page; memory of a worker as it starts, grows and stays."""
    with installation.fresh() as here:
        database = f"sqlite:///{here.folder}/trainings.sqlite"
        ours, bare = [], []
        for _ in range(STARTS):
            ours.append(seconds(lambda: here.served("web", until="/")))
            bare.append(seconds(lambda: installation.control(database, until="/")))
        yield Row(
            "cold start to the first page, warm disk",
            f"{spread(ours, ' s')}; bare server {spread(bare, ' s')}",
            aim="0.8 s on an idle machine",
            ratio=Ratio(of_each(ours, bare), "bare server", most=2.5),
        )
        with here.served("web") as server, installation.control(database) as control:
            page = public_course(server.url)
            rates: tuple[list[float], list[float]] = [], []
            get(server.url, page, times=200)
            for _ in range(TURNS):
                rates[0].append(requests_per_second(server.url + page))
                rates[1].append(requests_per_second(f"{control}/"))
            yield Row(
                f"public course page {page}, {CLIENTS} clients",
                spread(rates[0], " req/s"),
                ratio=Ratio(of_each(*rates), "control page", least=1.5),
            )
    yield from memory_rows()


def memory_rows() -> Iterator[Row]:
    """A worker's memory after a thousand pages and after the largest of a course of 10,000."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as name:
        here = installation.Bare(Path(name) / "instance")
        with here.app.app_context():
            long_list.fill(factories.course(LONG))
            factories.account(Role.ORGANISER, agency="IOM", mail=MAIL)
            db.session.remove()
            db.engine.dispose()
        with here.served("web") as server:
            browser = Browser(server.url)
            browser.follow_link(sign_in_link(here, server.url))
            held = [Memory.of(server)]
            for _ in range(500):
                browser.get(f"/courses/{LONG}/registrations")
            get(server.url, "/courses", times=500)
            held.append(Memory.of(server))
            for _ in range(3):
                for path in LARGE:
                    browser.get(f"/courses/{LONG}{path}")
                    assert browser.status == 200, (path, browser.status)
            held.append(Memory.of(server))
    whats = "as it starts", "after 1,000 pages", f"after the pages of {long_list.PEOPLE:,} people"
    for what, memory in zip(whats, held, strict=True):
        yield Row(
            f"memory of one web worker, {what}: resident; its share; its own",
            f"{memory.resident:.0f}; {memory.share:.0f}; {memory.own:.0f} MB",
            aim="≤ 100 MB resident",
            ratio=Ratio([memory.resident / held[0].resident], "as it starts"),
        )


@dataclass(frozen=True)
class Memory:
    """Megabytes of a process: all that is mapped, shared pages by how many share them, its own."""

    resident: float
    share: float
    own: float

    @classmethod
    def of(cls, server: installation.Server) -> Self:
        """Of the worker that has most."""
        return max((cls._read(pid) for pid in server.workers()), key=lambda one: one.resident)

    @classmethod
    def _read(cls, pid: int) -> Self:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        found = dict(re.findall(r"^(\w+): +(\d+) kB", text, re.MULTILINE))
        own = int(found["Private_Clean"]) + int(found["Private_Dirty"])
        return cls(*(one / 1024 for one in (int(found["Rss"]), int(found["Pss"]), own)))


def seconds(start: Callable[[], AbstractContextManager[object]]) -> float:
    """How long it takes until something runs; then it is stopped."""
    begun = time.monotonic()
    with start():
        return time.monotonic() - begun


def public_course(url: str) -> str:
    """The first course on the front page that anyone may see."""
    text = get(url, "/").decode()
    found = re.search(r'href="(/courses/[^"/?#]+)"', text)
    return found.group(1) if found else "/"


def get(url: str, path: str, times: int = 1) -> bytes:
    """Fetch one page over one connection; raises AssertionError where it is not there."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    body = b""
    for _ in range(times):
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status)
    connection.close()
    return body


def requests_per_second(address: str, seconds: int = SECONDS) -> float:
    """Answers a second to clients that ask without pause (wrk where it is installed)."""
    if shutil.which("wrk"):
        command = ["wrk", "-t2", f"-c{CLIENTS}", f"-d{seconds}s", address]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert "Non-2xx" not in text, text
        return float(re.findall(r"Requests/sec:\s+([\d.]+)", text)[0])
    parts = urlsplit(address)
    counts: list[int] = []
    until = time.monotonic() + seconds

    def ask() -> None:
        done = 0
        while time.monotonic() < until:
            get(address, parts.path, times=20)
            done += 20
        counts.append(done)

    threads = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds
