"""Every page of the URL map, asked by everybody who may see it: how large, how many statements."""

from __future__ import annotations

import csv
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from tests import crowding, stage, world
from trainings.accounts import queries as accounts
from trainings.core import clock
from trainings.core.db import db
from trainings.courses.models import Course
from trainings.desk.counted_queries import counted
from trainings.questions import queries as questions
from trainings.registrations import filter_queries
from trainings.registrations.headcount_queries import headcounts
from trainings.rosters import listing_queries as roster_lists
from trainings.rosters import queries as rosters

MATRIX = Path(__file__).parent / "access_matrix.csv"
CODES = (world.HERE, world.NOW, world.DONE)


@dataclass(frozen=True)
class Page:
    """What a page took for one who sees it: statements beside those of session and rights."""

    route: str
    who: str
    path: str
    statements: tuple[str, ...]
    size: int
    seconds: float
    processor: float

    @property
    def kilobytes(self) -> float:
        """How large it is, as it leaves the application."""
        return self.size / 1000


@contextmanager
def crowded(app: Flask, people: int, courses: int) -> Iterator[stage.Stage]:
    """The small world in the database of an app, with so many people and courses more."""
    with stage.staged(app) as made:
        with app.app_context():
            lead = made.world.viewers["organiser_lead"]
            assert lead is not None
            crowding.fill(people, courses, lead, CODES)
            assert accounts.not_ours() == [], "what is not ours counts nothing"
            db.session.remove()
        yield made


def pages() -> Iterator[tuple[str, str]]:
    """Each route that answers GET with a page, with each column of the matrix that may see it."""
    with MATRIX.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(line for line in file if not line.startswith("#")):
            if line["method"] == "GET":
                for column in world.COLUMNS:
                    if line[column].strip() == "200":
                        yield line["route"], column


def walk(
    made: stage.Stage, times: int = 0, wanted: str = "", who: Sequence[str] = world.COLUMNS
) -> Iterator[Page]:
    """Ask for every page; ``times``: how often it is timed, after a first time that warms it."""
    frames: dict[str, int] = {}
    files = set()
    with made.app.app_context():  # as they are once somebody looked since the last act
        courses = db.session.scalars(select(Course.id).limit(1000)).all()
        headcounts(courses)
        counted(courses)
        questions.how_many_lack(courses)
        filter_queries.PLACES.of(courses)
        lead = made.world.viewers["organiser_lead"]
        assert lead is not None
        roster_lists.by_name(rosters.roster(lead))
    for route, column in pages():
        if route in files or column not in who or (wanted and wanted not in route):
            continue
        client = made.clients[column]
        if column not in frames:
            client.get("/nowhere")
            frames[column] = len(_asked(made.app, client, "/nowhere", made.begun)[0])
        path = made.world.path(route)
        if times:
            _timed(client, path, made.begun)
        sent, mimetype, status, size = _asked(made.app, client, path, made.begun)
        if mimetype != "text/html":
            files.add(route)
            continue
        assert status == 200, f"{path} for {column}: {status}"
        spent = [_timed(client, path, made.begun) for _time in range(times)] or [(0.0, 0.0)]
        yield Page(
            route,
            column,
            path,
            tuple(sent[frames[column] :]),
            size,
            statistics.median(one for one, _ in spent),
            statistics.median(one for _, one in spent),
        )


def timed_again(made: stage.Stage, page: Page) -> tuple[float, float]:
    """Seconds by the clock and of the processor that a page takes this time."""
    return _timed(made.clients[page.who], page.path, made.begun)


def _asked(
    app: Flask, client: FlaskClient, path: str, begun: datetime
) -> tuple[list[str], str, int, int]:
    sent: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK")):
            sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        with clock.at(begun):  # however long the walk takes, they signed in just before
            answer = client.get(path)
        size = len(answer.data)
        answer.close()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sent, answer.mimetype, answer.status_code, size


def _timed(client: FlaskClient, path: str, signed_in: datetime) -> tuple[float, float]:
    begun, processor = time.perf_counter(), time.process_time()
    with clock.at(signed_in):
        client.get(path).close()
    return time.perf_counter() - begun, time.process_time() - processor
