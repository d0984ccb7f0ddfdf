"""Database, schema and program belong together."""

import os
import shutil
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from trainings.core import revisions, startup_checks
from trainings.core.db import db


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """A copy of the migrations, to be added to."""
    copy = tmp_path / "migrations"
    shutil.copytree(revisions.MIGRATIONS, copy)
    return copy


def add(migrations: Path, revision: str, after: str | None) -> None:
    (migrations / "versions" / f"{revision}.py").write_text(
        f'"""Another."""\n\nrevision: str = "{revision}"\ndown_revision: str | None = {after!r}\n'
    )


def test_the_newest_migration_is_the_one_that_alembic_finds(app: Flask) -> None:
    newest = ScriptDirectory(str(revisions.MIGRATIONS)).get_current_head()
    assert revisions.head() == newest is not None


def test_a_migration_that_comes_is_seen_and_a_second_newest_refused(
    app: Flask, migrations: Path
) -> None:
    newest = revisions.head(migrations)
    add(migrations, "next", newest)  # written with a type, which a search for "revision =" misses
    assert revisions.head(migrations) == "next"
    add(migrations, "beside", newest)
    assert revisions.head(migrations) is None


def test_alembic_is_asked_once_for_the_same_migrations(
    app: Flask, migrations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = revisions.head(migrations)
    with monkeypatch.context() as patch:
        patch.setattr(revisions, "_asked", lambda *_: pytest.fail("asked again"))
        assert revisions.head(migrations) == newest


@pytest.mark.parametrize("content", [b"", b"one", b"not the digest 0001", b"\xff\xfe", b"a b c"])
def test_what_is_kept_is_no_more_than_a_hint(app: Flask, migrations: Path, content: bytes) -> None:
    newest = revisions.head(migrations)
    (app.extensions["settings"].instance / revisions.KEPT).write_bytes(content)
    assert revisions.head(migrations) == newest


def said() -> str:
    """The fault that another try would not mend."""
    fault = startup_checks.fault()
    assert fault is not None and fault.status == os.EX_CONFIG
    return fault.words


def test_a_database_that_does_not_answer_may_come_back(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent() -> str:
        raise OperationalError("SELECT", None, OSError())

    monkeypatch.setattr(startup_checks, "schema", silent)
    fault = startup_checks.fault()
    assert fault is not None and fault.status == os.EX_UNAVAILABLE
    with pytest.raises(SystemExit) as ended:
        fault.refuse()
    assert ended.value.code == os.EX_UNAVAILABLE


def test_a_migrated_database_stands_at_the_newest(app: Flask) -> None:
    assert startup_checks.schema() == revisions.head()
    assert startup_checks.fault() is None


def test_an_older_or_empty_database_is_named_with_what_to_do(app: Flask) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert "db upgrade" in said()
    with db.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    assert startup_checks.schema() is None
    assert "db upgrade" in said()
