"""One mark of attendance, from the request to the answer, on a course of sixty."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from benchmarks.installation import Bare, database
from tests import factories, teaching
from trainings.agenda import operations as agenda
from trainings.agenda.rules import SessionKind
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.courses.rules import CourseState

TITLE = "Attendance: one mark, on a course of 60"
PEOPLE, ROUNDS = 60, 5
MARKS = ("present", "late", "absent", "excused")


def rows() -> Iterator[tuple[str, str, str]]:
    """Milliseconds and statements of one mark, on both databases."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        for kind in ("SQLite", "PostgreSQL"):
            with database(kind, Path(folder)) as url:
                times, statements = measure(Path(folder) / kind, url)
            middle, slow = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            yield f"one mark, {kind} (median)", f"{middle:.1f} ms", "≤ 5 ms"
            yield f"one mark, {kind} (19 of 20)", f"{slow:.1f} ms", ""
            yield f"SQL statements, {kind}", str(statements), "≤ 8"


def measure(instance: Path, url: str) -> tuple[list[float], int]:
    """The milliseconds of each mark, and the most statements that one took."""
    app = Bare(instance, url).app
    with app.app_context(), ExitStack() as stack:
        stack.callback(db.engine.dispose)
        page, people = course()
        client = app.test_client()
        factories.sign_in(client, factories.account(Role.TRAINER, course_id=people.pop(0)))
    return mark_all(app, client, page, people)


def course() -> tuple[str, list[str]]:
    """A running course: the address of a mark; the course's id, then its people's."""
    by = factories.account(Role.ORGANISER, agency="IOM")
    made = factories.course(starts_in=-2, state=CourseState.RUNNING)
    session = agenda.add_session(made, teaching.slot(made, kind=SessionKind.TEST), by)
    people = [teaching.participant(made) for _ in range(PEOPLE)]
    return f"/courses/BUE27/attendance/{session}/mark", [made, *people]


def mark_all(
    app: Flask, client: FlaskClient, page: str, people: list[str]
) -> tuple[list[float], int]:
    """Mark everyone several times over, each mark a request of its own."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK")):
            sent.append(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
    times, most = [], 0
    for number in range(ROUNDS):
        for place, one in enumerate(people):
            sent.clear()
            begun = time.perf_counter()
            mark = MARKS[(place + number) % len(MARKS)]
            answer = client.post(page, data={f"mark-{one}": mark})
            times.append(1000 * (time.perf_counter() - begun))
            assert answer.status_code == 200, answer.status_code
            most = max(most, len(sent))
    return times[len(people) :], most  # the first round warms up
