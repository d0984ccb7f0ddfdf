"""Ten thousand certificates of one course, while the worker is killed again and again.

A real web server, a real worker with its renderers, a database file. At random moments (the seed is
printed) worker and renderers get a SIGKILL; at the end every certificate must have exactly one file
and one email, and every file must belong to a certificate. This takes some minutes.
"""

import os
import random
import re
import signal
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.certificates_pdf import documents, memory_of, plain_loop
from benchmarks.click_to_files import (
    MAIL,
    children,
    course_of,
    give_marks,
    ready,
    sign_in_link,
    working,
)
from benchmarks.installation import Bare
from benchmarks.rows import Ratio, Row
from tests import factories
from tests.certificates import soundness
from tests.visitor import Browser
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.printing.fonts import prepare

TITLE = "Ten thousand certificates, the worker killed at random moments"
PEOPLE, KILLS, CODE = 10_000, 4, "TEN27"
PAGE = f"/courses/{CODE}/certificates"
EARLY = 60  # files a worker has made before its memory is first measured


@dataclass
class Watch:
    """What was observed during the run."""

    bars: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    memory: list[tuple[int, int, int]] = field(default_factory=list)  # files, worker, a renderer


def rows() -> Iterator[Row]:
    """Seconds, memory, and whether everything is intact."""
    seed = int(os.environ.get("TRAININGS_TEST_SEED", random.SystemRandom().randrange(2**32)))
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        here = Bare(Path(folder) / "instance", "")
        prepare(here.folder / "fonts")
        here.flask("certificates", "key", "create")
        with here.app.app_context():
            factories.account(Role.ORGANISER, agency="IOM", mail=MAIL)
            give_marks()
            course_id = course_of(CODE, PEOPLE)
            db.session.remove()
        yield Row("seed", str(seed))
        with here.served("web") as server:
            browser = Browser(server.url)
            browser.follow_link(sign_in_link(here, server.url))
            before, clicked = seconds(lambda: browser.get(PAGE)), 0.0
            clicked = seconds(lambda: browser.post(PAGE))
            assert browser.status == 303, browser.status
            yield Row("page of the certificates before the click", f"{before:.2f} s")
            yield Row(f"the click: {PEOPLE:,} put into the register", f"{clicked:.1f} s")
            began, watch = time.monotonic(), Watch()
            for moment in sorted(chance.sample(range(200, PEOPLE * 3 // 10), KILLS)):
                with working(here, server.url) as worker:
                    until(moment, browser, worker, watch)
                    time.sleep(chance.uniform(0, 0.05))
                    for pid in worker():
                        os.kill(pid, signal.SIGKILL)
            with working(here, server.url) as worker:
                until(PEOPLE, browser, worker, watch)
            taken = time.monotonic() - began
            plainly = seconds(plain_loop(here.folder / "fonts", documents())) / len(documents())
            after = seconds(lambda: browser.get(PAGE))
            asked = seconds(lambda: browser.get(f"{PAGE}/print"))
            shown = re.findall(
                rb'name="certificates" value="([^"]+)"', browser.get(f"{PAGE}/print")
            )
            chosen = [key.decode() for key in shown]
            joined = seconds(
                lambda: browser.post(f"{PAGE}/print", certificates=chosen, order="name")
            )
            assert browser.status == 200, browser.status
            browser.get(PAGE)
            whole = browser.post(f"{PAGE}.pdf")
            assert browser.status == 303, (browser.status, len(whole))
            megabytes = max(memory_of(pid) for pid in children(server.pid))
        with here.app.app_context():
            faults = soundness.faults(here.app.extensions["settings"], course_id)
            db.session.remove()
            db.engine.dispose()
        kept = sum(path.stat().st_size for path in here.folder.rglob("*") if path.is_file())
    yield Row(
        f"all files, {KILLS} kills included",
        f"{taken:.0f} s",
        ratio=Ratio([taken / PEOPLE / plainly], "plain loop, unsigned", most=0.4),
    )
    yield Row("gaps, doubles, orphans, double mails", ", ".join(faults[:5]) or "none", "none")
    waits = ", ".join(f"{one:.0f}" for one in watch.waits)
    yield Row("from a restart to the next file", f"{waits} s", "≤ 20 s")
    for files, worker_memory, renderer_memory in watch.memory:
        told = f"{worker_memory} MB, {renderer_memory} MB"
        yield Row(f"worker's memory, a renderer's, after {files:,} files", told, "flat")
    yield Row("the progress bar meanwhile (median)", f"{statistics.median(watch.bars):.3f} s")
    yield Row("page of the certificates afterwards", f"{after:.2f} s")
    yield Row("page of the print room", f"{asked:.2f} s")
    yield Row(f"a print file of {len(chosen)}", f"{joined:.2f} s")
    yield Row("a web worker's memory afterwards", f"{megabytes} MB")
    yield Row("all data", f"{kept / PEOPLE / 1000:.0f} kB a certificate")


def until(wanted: int, browser: Browser, worker: Callable[[], list[int]], watch: Watch) -> None:
    """Wait for this many files, watching the progress bar; note the memory of this worker."""
    began = time.monotonic()
    first = ready(browser.get(f"{PAGE}/progress"))
    watch.memory.clear()
    marks = [EARLY, *range(1000, PEOPLE, 3000), wanted - first]
    done, awaited = first, True
    while done < wanted:
        time.sleep(0.2)
        looked = time.perf_counter()
        page = browser.get(f"{PAGE}/progress")
        watch.bars.append(time.perf_counter() - looked)
        done = ready(page)
        if awaited and done > first:
            watch.waits.append(time.monotonic() - began)
            awaited = False
        assert time.monotonic() - began < 3600, done
        if done - first >= marks[0] and len(worker()) > 1:
            marks = [mark for mark in marks if mark > done - first] or [PEOPLE]
            process, *renderers = worker()
            held = (memory_of(process), max(map(memory_of, renderers)))
            watch.memory.append((done - first, *held))


def seconds(act: Callable[[], object]) -> float:
    """How long a call takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
