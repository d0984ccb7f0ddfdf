"""Lists taken out of a course with ten thousand registrations, as workbooks and as text."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from benchmarks import long_list
from benchmarks.installation import Bare
from benchmarks.rows import Row
from tests import counting, factories
from trainings.core import clock
from trainings.core.db import db
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Course
from trainings.exports import age, document, people_queries
from trainings.exports.document import Taking
from trainings.exports.rules import OFFERS, Column, FileKind, Listing
from trainings.serving import forking

TITLE = "Lists taken out of a course with 10,000 registrations"
TIMES = 5
LISTING = Listing.CANDIDATES


def rows() -> Iterator[Row]:
    """Seconds and statements from the question to the file; the median of several."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        app = Bare(Path(folder) / "instance").app
        with app.app_context():
            course = factories.course("LONG27")
            long_list.fill(course)
            chief = factories.account(Role.ORGANISER, agency="IOM")
            db.session.remove()
        forking.settle()  # as a web worker does
        offer = OFFERS[LISTING]
        for what, columns in (("the columns on screen", offer.shown), ("all", offer.columns)):
            for kind in FileKind:
                spent, size, sent = measure(app, course, chief, columns, kind)
                aim = "≤ 1 s" if columns == offer.shown else ""
                yield Row(f"candidates, {what}, {kind}", f"{spent:.2f} s, {size / 1e6:.1f} MB", aim)
                yield Row(f"candidates, {what}, {kind}: statements", f"{sent} SQL")
        content = bytes(1_000_000)
        times = []
        for _time in range(TIMES):
            begun = time.perf_counter()
            age.locked(content, age.new_passphrase())
            times.append(time.perf_counter() - begun)
        yield Row("1 MB encrypted, in its own process", f"{statistics.median(times):.2f} s")


def measure(
    app: Flask, course_id: str, by: Viewer, columns: tuple[Column, ...], kind: FileKind
) -> tuple[float, int, int]:
    """The median of the seconds, the bytes of the file, and how many statements were sent."""
    times, size, sent = [], 0, 0
    for _time in range(TIMES):
        with app.test_request_context():
            begun = time.perf_counter()
            with counting.statements() as statements:
                course = db.session.get_one(Course, course_id)
                table, _persons = people_queries.table(LISTING, course, by, columns, {})
                file = document.draw(course, LISTING, table, kind, Taking("Ada", clock.now()))
            times.append(time.perf_counter() - begun)
            size, sent = len(file.content), len(statements)
            db.session.remove()
    return statistics.median(times), size, sent
