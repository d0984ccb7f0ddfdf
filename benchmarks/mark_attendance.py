"""One mark of attendance, from the request to the answer, on a course of sixty."""

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from flask import Flask

from benchmarks.installation import Bare, database
from benchmarks.rows import Row
from benchmarks.turns import INSERT, compared, in_turns, plain
from tests import counting, factories, teaching
from trainings.agenda import operations as agenda
from trainings.agenda.rules import SessionKind
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.courses.rules import CourseState
from trainings.serving import forking

TITLE = "Attendance: one mark, on a course of 60"
PEOPLE = 60
MARKS = ("present", "late", "absent", "excused")


def rows() -> Iterator[Row]:
    """Milliseconds and statements of one mark, on both databases, in turns with a bare insert."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        for kind, most, aim in (("SQLite", 8.0, "≤ 3 ms"), ("PostgreSQL", 9.0, "≤ 5 ms")):
            with database(kind, Path(folder)) as url:
                app = Bare(Path(folder) / kind, url).app
                yield from measured(app, kind, most, aim)


def measured(app: Flask, kind: str, most: float, aim: str) -> Iterator[Row]:
    """The rows of one database."""
    with app.app_context(), ExitStack() as stack:
        stack.callback(db.engine.dispose)
        page, people = course()
        client = app.test_client()
        factories.sign_in(client, factories.account(Role.TRAINER, course_id=people.pop(0)))
    forking.settle()  # as a web worker does
    marks = ((said, one) for said in itertools.cycle(MARKS) for one in people)

    def mark() -> None:
        said, one = next(marks)
        assert client.post(page, data={f"mark-{one}": said}).status_code == 200

    with plain(app) as bare:
        taken, inserts = in_turns(mark, bare.insert, each=40)
    yield compared(f"one mark, {kind}", taken, inserts, INSERT, most, aim)
    with app.app_context(), counting.statements() as sent:
        mark()
    yield Row(f"SQL statements, {kind}", str(len(sent)), "≤ 8")


def course() -> tuple[str, list[str]]:
    """A running course: the address of a mark; the course's id, then its people's."""
    by = factories.account(Role.ORGANISER, agency="IOM")
    made = factories.course(starts_in=-2, state=CourseState.RUNNING)
    session = agenda.add_session(made, teaching.slot(made, kind=SessionKind.TEST), by)
    people = [teaching.participant(made) for _ in range(PEOPLE)]
    return f"/courses/BUE27/attendance/{session}/mark", [made, *people]
