"""From the click on "Issue certificates" to sixty signed files and the joined print file.

Everything is real: a web server with two workers in production, a background worker with its warm
renderers, a database file, a signing key. The plain loop is measured in the same run, with the same
documents that were issued.
"""

import contextlib
import io
import itertools
import os
import re
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter
from sqlalchemy import select

from benchmarks.certificates_pdf import median, plain_loop, processor_of
from benchmarks.installation import BIN, ROOT, Bare
from tests import factories
from tests.certificates import graduates
from tests.visitor import Browser
from trainings.agencies import mark_operations
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.printing.fonts import prepare
from trainings.printing.rules import CertificateDocument
from trainings.register import document, queries, writes
from trainings.register.models import Certificate

TITLE = "Sixty certificates, from the click to the files"
PEOPLE, ROUNDS = 60, 5
MAIL = "lead@agency.example"
POLL = 0.05  # seconds between checks of the progress


@dataclass(frozen=True)
class Times:
    """Seconds since the click, and processor seconds."""

    answered: float
    stored: float
    printed: float
    processor: float


def rows() -> Iterator[tuple[str, str, str]]:
    """The measurements and their targets."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        here = Bare(Path(folder) / "instance", "")
        prepare(here.folder / "fonts")
        here.flask("certificates", "key", "create")
        with here.app.app_context():
            factories.account(Role.ORGANISER, agency="IOM", mail=MAIL)
            give_marks()
            codes = [f"CLICK{number}" for number in range(ROUNDS + 1)]
            for code in codes:
                course_of(code, PEOPLE)
        with here.served() as server, working(here) as worker:
            browser = Browser(server.url)
            browser.follow_link(sign_in_link(here, server.url))
            taken = [click(browser, code, worker) for code in codes][1:]
        with here.app.app_context():
            loop = plain_loop(here.folder / "fonts", issued(codes[-1]))
            plain = median(loop, time.process_time)
            db.session.remove()
            db.engine.dispose()
    ours = Times(*(statistics.median(one) for one in zip(*map(values, taken), strict=True)))
    yield "the click is answered", f"{ours.answered:.2f} s", ""
    yield f"{PEOPLE} files signed and stored", f"{ours.stored:.2f} s", "≤ 2.5 s"
    yield "… and the print file is there", f"{ours.printed:.2f} s", "≤ 2.5 s"
    yield "processor, worker and renderers", f"{ours.processor:.2f} s", ""
    yield "plain loop, unsigned: wall, processor", f"{plain[0]:.2f} s, {plain[1]:.2f} s", ""
    yield "wall until stored, to plain", f"{ours.stored / plain[0]:.2f}", "≤ 0.5"
    yield "wall with the print file, to plain", f"{ours.printed / plain[0]:.2f}", "≤ 0.5"
    yield "processor, to plain", f"{ours.processor / plain[1]:.2f}", "≤ 0.85"


def values(times: Times) -> tuple[float, ...]:
    """The numbers alone."""
    return (times.answered, times.stored, times.printed, times.processor)


def give_marks() -> None:
    """Upload a mark of realistic size for each agency."""
    administrator = factories.account(Role.ADMINISTRATOR)
    for code, colour in factories.AGENCIES.items():
        mark, out = Image.new("RGBA", (900, 300), "#ffffff00"), io.BytesIO()
        pen = ImageDraw.Draw(mark)
        for ring in range(0, 120, 12):
            pen.ellipse((ring, ring, 300 - ring, 300 - ring), outline=colour, width=5)
            pen.text((320, 2 * ring), f"{code} · {code}", fill=colour, font_size=22)
        mark.filter(ImageFilter.GaussianBlur(1)).save(out, "PNG")
        mark_operations.set_mark(code, out.getvalue(), by=administrator)


def course_of(code: str, people: int) -> str:
    """A completed course of four modules whose people have all earned a certificate."""
    names = itertools.product(
        ("María José", "João", "Ana", "Luis Fernando", "Inés"),
        (f"Núñez {letter}. de la Peña" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    )
    chosen = tuple(itertools.islice(itertools.cycle(names), people))
    return graduates.course_of(chosen, code=code, modules=4, signatories=3)


@contextlib.contextmanager
def working(here: Bare, ended_within: float = 20) -> Iterator[Callable[[], list[int]]]:
    """A background worker, warm or warming up; gives how to name its processes."""
    process = subprocess.Popen(
        [BIN / "flask", "--app", "wsgi", "jobs", "run"],
        cwd=ROOT,
        env=here.environment | {"TRAININGS_ENV": "production"},
        start_new_session=True,
    )
    try:
        yield lambda: [process.pid, *children(process.pid)]
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(ended_within)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(one) for one in found.split()]


def sign_in_link(here: Bare, url: str) -> str:
    """The one-time address that ``accounts sign-in-link`` prints, on the running server."""
    printed = here.flask("accounts", "sign-in-link", MAIL)
    found = re.search(r"https?://[^/\s]+(/\S+)", printed)
    assert found, printed
    return url + found.group(1)


def click(browser: Browser, code: str, worker: Callable[[], list[int]]) -> Times:
    """Issue the certificates of a course and wait for the files."""
    page = f"/courses/{code}/certificates"
    browser.get(page)
    used = {pid: processor_of(pid) for pid in worker()}
    began = time.perf_counter()
    browser.post(page)
    assert browser.status == 303, browser.status
    answered = time.perf_counter() - began
    while ready(browser.get(f"{page}/progress")) < PEOPLE:
        time.sleep(POLL)
    stored = time.perf_counter() - began
    browser.get(page)
    printed = browser.post(f"{page}.pdf")
    assert printed.startswith(b"%PDF"), browser.status
    wall = time.perf_counter() - began
    spent = sum(processor_of(pid) - used.get(pid, 0) for pid in worker())
    return Times(answered, stored, wall, spent)


def ready(page: bytes) -> int:
    """How many files the progress bar reports as made; fails if one could not be made."""
    found = re.search(rb'aria-valuenow="(\d+)"', page)
    assert found and b"text-red" not in page, page
    return int(found.group(1))


def issued(code: str) -> list[CertificateDocument]:
    """The content of the certificates of a course."""
    db.session.remove()
    found = db.session.scalars(
        select(Certificate)
        .where(Certificate.serial.startswith(code))
        .execution_options(scope="job")
    ).all()
    assert len(found) == PEOPLE, len(found)
    return [document.thaw(writes.content(row) or b"", queries.kept) for row in found]
