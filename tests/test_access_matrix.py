"""Role × object: every route, asked by everyone, answers as tests/access_matrix.csv says.

Each answer carries what every answer must (tests/test_headers.py).
"""

import csv
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests import world
from tests.conftest import make_settings
from tests.stage import Stage, staged
from tests.test_headers import check
from trainings.app import create_app
from trainings.core import clock
from trainings.core.db import db

MATRIX = Path(__file__).parent / "access_matrix.csv"
STATIC = {"static", "bootstrap.static"}
SAFE = {"GET", "HEAD", "OPTIONS"}
# What a browser may be told of keeping an answer, if not "no-store"; the first of nobody's own
# pages comes without a cookie, the others with one.
KEPT = {
    "GET /calendar/<token>.ics": ("no-store", "private, no-cache"),
    "GET /materials/<material_id>/file": ("no-store", "private, no-store"),
}
KEPT_BY_NOBODY = dict.fromkeys(
    ("GET /", "GET /courses", "GET /courses/<code>", "GET /privacy"),
    ("no-store", "private, no-cache"),
)
WRITING = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
KEPT_BY_LOOKING = {"identity_read", "web_session", "directory_look"}


def _lines() -> list[dict[str, str]]:
    with MATRIX.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


LINES = _lines()


# What a visitor gets where nothing is: it is asked for once, and again where it seems to differ.
_missing: dict[object, bytes] = {}


def _is_missing(stage: Stage, column: str, method: str, sent: dict[str, str], shown: bytes) -> bool:
    """Whether this is what the visitor gets at an address that there is not, byte for byte.

    A form's texts are shown again there, so it depends on these, too.
    """
    asked = (id(stage), column, method, tuple(sorted(sent.items())))
    if shown != _missing.get(asked):
        missing = stage.clients[column].open("/nowhere", method=method, data=sent)
        _missing[asked] = missing.data
    return shown == _missing[asked]


def answer(stage: Stage, column: str, route: str, method: str) -> str:
    """What a visitor gets at a route: a status, or that they must sign in."""
    sent = stage.world.sent.get(route, {}) if method not in SAFE else {}
    response = stage.clients[column].open(stage.world.path(route), method=method, data=sent)
    try:
        asked = f"{method} {route}"
        kept = KEPT_BY_NOBODY if column == "nobody" else KEPT
        check(response, f"{asked} for {column}", *(kept.get(asked) or KEPT.get(asked, ())))
        if response.status_code == 303 and (response.location or "").startswith(
            ("/sign-in?", "/sign-in/link?")
        ):
            return "sign-in"
        if response.status_code == 404:  # hidden looks as if it did not exist, byte for byte
            assert _is_missing(stage, column, method, sent, response.data), (
                f"404 of {route} for {column} is its own"
            )
        return str(response.status_code)
    finally:
        response.close()


@pytest.fixture(scope="module")
def stage(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, key_file: Path
) -> Iterator[Stage]:
    instance = tmp_path_factory.mktemp("matrix")
    shutil.copy(sqlite_template, instance / "trainings.sqlite")
    settings = make_settings(instance, key_file, SMTP_HOST="mail.example")
    with staged(create_app(settings)) as made:
        yield made


def test_no_route_is_missing(stage: Stage) -> None:
    rules = {
        (rule.rule, method)
        for rule in stage.app.url_map.iter_rules()
        if rule.endpoint not in STATIC
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    lines = [(line["route"], line["method"]) for line in LINES]
    assert sorted(rules - set(lines)) == [], "not in tests/access_matrix.csv"
    assert sorted(set(lines) - rules) == [], "in tests/access_matrix.csv, but no such route"
    assert len(lines) == len(set(lines)), "a route stands there twice"


@contextmanager
def _written(stage: Stage) -> Iterator[list[str]]:
    """Which tables are written meanwhile, beside those that keep who looked and who is there."""
    tables: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found = WRITING.match(statement)
        if found and found[1] not in KEPT_BY_LOOKING:
            tables.append(found[1])

    with stage.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield tables
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line['method']} {line['route']}")
def test_each_visitor_gets_what_the_matrix_says(stage: Stage, line: dict[str, str]) -> None:
    route, method = line["route"], line["method"]
    got = {}
    with _written(stage) as written:
        for column in world.COLUMNS:
            with clock.at(stage.begun):
                got[column] = answer(stage, column, route, method)
            assert method not in SAFE or written == [], f"GET of {route} writes {written}"
            if method not in SAFE and got[column] not in ("404", "sign-in"):
                stage.put_back()
    said = {column: line[column].strip() for column in world.COLUMNS}
    wrong = {
        column: f"{got[column]}, not {said[column]}"
        for column in got
        if got[column] != said[column]
    }
    assert wrong == {}, f"{method} {route}: {wrong}"
