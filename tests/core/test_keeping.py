"""Database, schema and program belong together."""

from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import text

from trainings.core import keeping
from trainings.core.config import ROOT
from trainings.core.db import db


def test_the_newest_migration_is_the_one_that_alembic_finds() -> None:
    scripts = ScriptDirectory(str(ROOT / "trainings" / "migrations"))
    assert keeping.head() == scripts.get_current_head() is not None


def test_a_migrated_database_stands_at_the_newest(app: Flask) -> None:
    assert keeping.schema() == keeping.head()
    assert keeping.fault() is None


def test_an_older_or_empty_database_is_named_with_what_to_do(app: Flask) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert "db upgrade" in (keeping.fault() or "")
    with db.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    assert keeping.schema() is None
    assert "db upgrade" in (keeping.fault() or "")
