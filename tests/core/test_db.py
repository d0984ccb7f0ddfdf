"""The one transaction: whole or not at all, not nested, and a form counts once."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.engine import Connection, Engine

from tests import factories, quick
from tests.registrations import acting
from trainings.core.db import (
    Installation,
    afterwards,
    db,
    form_token,
    give_back,
    transaction,
    wipe_log,
)
from trainings.core.errors import AlreadyDone
from trainings.registrations.rules import State


def _add(name: str) -> None:
    with transaction() as session:
        session.add(Installation(name=name, value="x"))


def test_sqlite_waits_for_the_disk_and_wipes_what_it_deletes(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "made.sqlite")) as connection:
        quick.configured(connection, None)  # the tests themselves do not wait
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
        assert connection.execute("PRAGMA secure_delete").fetchone() == (1,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_failure_inside_writes_nothing(each_app: Flask) -> None:
    with pytest.raises(ValueError), transaction() as session:
        session.add(Installation(name="half", value="x"))
        session.flush()
        raise ValueError
    assert db.session.get(Installation, "half") is None


def test_nesting_is_refused(each_app: Flask) -> None:
    with pytest.raises(RuntimeError), transaction():
        _add("inner")


def test_a_form_counts_once(each_app: Flask) -> None:
    form_token.set("t1")
    _add("first")
    form_token.set("t1")
    with pytest.raises(AlreadyDone):
        _add("second")
    form_token.set(None)
    names = db.session.scalars(select(Installation.name)).all()
    assert "first" in names and "second" not in names


def test_what_cannot_be_taken_back_waits_for_the_commit(each_app: Flask) -> None:
    done: list[str] = []
    with pytest.raises(ValueError), transaction() as session:
        afterwards(session, lambda: done.append("rolled back"))
        raise ValueError
    with transaction() as session:
        afterwards(session, lambda: done.append("committed"))
        assert done == []
    assert done == ["committed"]
    with transaction():
        pass
    assert done == ["committed"], "once"


def test_a_fault_afterwards_undoes_nothing(each_app: Flask) -> None:
    def fail() -> None:
        raise PermissionError

    done: list[str] = []
    with transaction() as session:
        session.add(Installation(name="kept", value="x"))
        afterwards(session, fail)
        afterwards(session, lambda: done.append("next"))
    assert db.session.get(Installation, "kept") is not None
    assert done == ["next"]


def test_nothing_of_an_earlier_state_lingers_in_the_log_of_changes(app: Flask) -> None:
    with transaction() as session:
        session.add(Installation(name="secret", value="EarlierState" * 3))
    folder = app.extensions["settings"].instance
    db.session.close()
    with transaction() as session:
        session.get_one(Installation, "secret").value = "later"
    files = list(folder.glob("trainings.sqlite*"))
    assert any(b"EarlierState" in path.read_bytes() for path in files), "or this tests nothing"
    wipe_log()
    assert not any(b"EarlierState" in path.read_bytes() for path in files if path.exists())


@pytest.fixture
def connections(each_app: Flask) -> Iterator[list[tuple[int, str]]]:
    """The connection of each statement, and the statement."""
    seen: list[tuple[int, str]] = []

    def note(connection: Connection, _cursor: Any, text: str, *_more: Any) -> None:
        seen.append((id(connection.connection.dbapi_connection), text))

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


def test_a_page_that_logs_reads_and_writes_by_one_connection_of_sqlite(
    each_app: Flask, connections: list[tuple[int, str]]
) -> None:
    """Where another connection writes, SQLite forgets what this one holds of the file."""
    viewer = acting.organiser()
    acting.standing(factories.course(), State.APPLIED)
    client = each_app.test_client()
    factories.sign_in(client, viewer)
    used = []
    for _look in range(3):
        connections.clear()
        assert client.get("/courses/BUE27/registrations").status_code == 200
        assert any("INSERT INTO identity_read" in text for _one, text in connections)
        used.append({one for one, _text in connections})
    if db.engine.dialect.name == "sqlite":
        assert used[0] == used[1] == used[2] and len(used[0]) == 1


def test_what_a_page_has_read_can_still_be_used_after_it_gave_the_connection_back(
    each_app: Flask,
) -> None:
    _add("before")
    found = db.session.get_one(Installation, "before")
    give_back()
    assert (found.name, found.value) == ("before", "x")
    assert db.session.get_one(Installation, "before") is found
    with transaction() as session:
        session.add(Installation(name="open", value="x"))
        give_back()  # an act keeps what it holds
        session.rollback()
    assert db.session.get(Installation, "open") is None
