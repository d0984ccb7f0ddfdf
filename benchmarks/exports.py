"""Lists taken out of a course with ten thousand registrations, as workbooks and as text."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from benchmarks import long_list
from benchmarks.installation import Bare
from benchmarks.rows import Row
from benchmarks.turns import LOOP, compared, in_turns, loop
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
    """From the question to the file: milliseconds, in turns with a plain loop; statements."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        app = Bare(Path(folder) / "instance").app
        with app.app_context():
            course = factories.course("LONG27")
            long_list.fill(course)
            chief = factories.account(Role.ORGANISER, agency="IOM")
            db.session.remove()
        forking.settle()  # as a web worker does
        offer = OFFERS[LISTING]
        for what, columns, most, aim in (
            ("the columns on screen", offer.shown, 70, "≤ 1 s"),
            ("all", offer.columns, 115, ""),
        ):
            for kind in FileKind:
                size, sent = 0, 0

                def take(columns: tuple[Column, ...] = columns, kind: FileKind = kind) -> None:
                    nonlocal size, sent
                    size, sent = taken_out(app, course, chief, columns, kind)

                taken, plainly = in_turns(take, loop, turns=TIMES, each=1)
                name = f"candidates, {what}, {kind}"
                yield compared(name, taken, plainly, LOOP, most, aim)
                yield Row(f"{name}: size, statements", f"{size / 1e6:.1f} MB, {sent} SQL")
        content = bytes(1_000_000)
        locked, plainly = in_turns(
            lambda: age.locked(content, age.new_passphrase()), loop, turns=TIMES, each=1
        )
        yield compared("1 MB encrypted, in its own process", locked, plainly, LOOP, 180)


def taken_out(
    app: Flask, course_id: str, by: Viewer, columns: tuple[Column, ...], kind: FileKind
) -> tuple[int, int]:
    """Make the file of a list: its bytes, and how many statements were sent."""
    with app.test_request_context():
        with counting.statements() as sent:
            course = db.session.get_one(Course, course_id)
            table, _persons = people_queries.table(LISTING, course, by, columns, {})
            file = document.draw(course, LISTING, table, kind, Taking("Ada", clock.now()))
        db.session.remove()
    return len(file.content), len(sent)
