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
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter
from sqlalchemy import select

from benchmarks.certificates_pdf import plain_loop, processor_of, spent
from benchmarks.installation import BIN, ROOT, Bare
from benchmarks.rows import Ratio, Row, of_each, spread
from tests import factories
from tests.certificates import graduates
from tests.visitor import Browser
from trainings.agencies import mark_operations
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.printing.cage import PROCESSES
from trainings.printing.fonts import prepare
from trainings.printing.rules import CertificateDocument
from trainings.register import document, queries, writes
from trainings.register.models import Certificate

TITLE = "Sixty certificates, from the click to the files"
PEOPLE, ROUNDS = 60, 3
MAIL = "lead@agency.example"
POLL = 0.05  # seconds between checks of the progress
RESTS, LONGEST = 10, 120  # checks in which a warm renderer does nothing; seconds it may take
PLAIN = "plain loop"
WORK = tuple(itertools.product(("AR", "BO", "BR", "CL", "PE"), ("judge", "police", "prosecutor")))


@dataclass(frozen=True)
class Times:
    """Seconds since the click, and processor seconds."""

    answered: float
    stored: float
    printed: float
    processor: float


def rows() -> Iterator[Row]:
    """The first batch after a start, and later ones, in turns with the plain loop."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        here = Bare(Path(folder) / "instance", "")
        prepare(here.folder / "fonts")
        here.flask("certificates", "key", "create")
        codes = [f"CLICK{number}" for number in range(ROUNDS + 1)]
        with here.app.app_context():
            factories.account(Role.ORGANISER, agency="IOM", mail=MAIL)
            give_marks()
            for code in codes:
                course_of(code, PEOPLE)
        taken, plain = [], []
        with here.served("web") as server:
            browser = Browser(server.url)
            browser.follow_link(sign_in_link(here, server.url))
            with working(here, server.url) as worker:
                warm = seconds_until_warm(worker)
                for code in codes:
                    taken.append(click(browser, code, worker))
                    with here.app.app_context():
                        loop = plain_loop(here.folder / "fonts", issued(code))
                        if not plain:
                            loop()  # it may warm up, too
                        plain.append(spent(loop, time.process_time))
        with here.app.app_context():
            db.session.remove()
            db.engine.dispose()
    yield Row("worker and two renderers warm after the worker's start", f"{warm:.1f} s")
    for what, times, bound in (
        ("first batch after a start", taken[:1], plain[:1]),
        (f"{ROUNDS} later batches", taken[1:], plain[1:]),
    ):
        yield from rows_of(what, times, bound)


def rows_of(
    what: str, taken: Sequence[Times], plain: Sequence[tuple[float, float]]
) -> Iterator[Row]:
    """The rows of some batches, each to the plain loop over the same documents after it."""
    walls, processors = [one[0] for one in plain], [one[1] for one in plain]
    stored = [one.stored for one in taken]
    printed = [one.printed for one in taken]
    used = [one.processor for one in taken]
    answered = spread([one.answered for one in taken], " s")
    yield Row(f"{what}: the click is answered", answered)
    yield Row(
        f"{what}: {PEOPLE} files signed and stored",
        spread(stored, " s"),
        aim="1.5 s on an idle machine",
        ratio=Ratio(of_each(stored, walls), PLAIN, most=0.3),
    )
    yield Row(
        f"{what}: … and the print file is there",
        spread(printed, " s"),
        ratio=Ratio(of_each(printed, walls), PLAIN, most=0.4),
    )
    yield Row(
        f"{what}: processor of worker and renderers",
        spread(used, " s"),
        ratio=Ratio(of_each(used, processors), PLAIN, most=0.5),
    )


def seconds_until_warm(worker: Callable[[], list[int]]) -> float:
    """From now until both renderers have started and rest."""
    began, rested, used = time.perf_counter(), 0, 0.0
    while rested < RESTS:
        time.sleep(POLL)
        pids = worker()
        now = sum(map(processor_of, pids))
        rested = rested + 1 if len(pids) == 1 + PROCESSES and now - used < POLL / 5 else 0
        used = now
        assert time.perf_counter() - began < LONGEST, "the renderers do not start"
    return time.perf_counter() - began - RESTS * POLL


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
    return graduates.course_of(chosen, code=code, modules=4, signatories=3, work=WORK)


@contextlib.contextmanager
def working(here: Bare, url: str, ended_within: float = 20) -> Iterator[Callable[[], list[int]]]:
    """A background worker, warm or warming up; gives how to name its processes."""
    process = subprocess.Popen(
        [BIN / "flask", "--app", "wsgi", "jobs", "run"],
        cwd=ROOT,
        env=here.environment | {"TRAININGS_ENV": "production", "BASE_URL": url},
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
    with contextlib.suppress(OSError):  # the server hangs up on who rests, as the plain loop ran
        browser.get(page)
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
    busy = sum(processor_of(pid) - used.get(pid, 0) for pid in worker())
    return Times(answered, stored, wall, busy)


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
