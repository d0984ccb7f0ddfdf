"""Whether database, schema and keys belong together."""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from trainings.core import sealed
from trainings.core.config import ROOT
from trainings.core.db import Installation, db, transaction


def head() -> str | None:
    """The newest migration that the program carries."""
    return ScriptDirectory(str(ROOT / "trainings" / "migrations")).get_current_head()


def schema() -> str | None:
    """The migration at which the database stands."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def fault() -> str | None:
    """What keeps this installation from being served, in one sentence, or None."""
    try:
        if schema() != head():
            return "the database is not at the newest schema: run «flask --app wsgi db upgrade»"
    except SQLAlchemyError as error:
        return f"the database does not answer ({type(error).__name__})"
    kept = db.session.scalar(select(Installation.value).where(Installation.name == "keys"))
    db.session.close()
    if kept is None:
        try:
            with transaction() as session:
                session.add(Installation(name="keys", value=sealed.fingerprint()))
        except IntegrityError:  # another process wrote it at the same moment: compare with that
            return fault()
        return None
    return None if kept == sealed.fingerprint() else "the keys are not those of this database"
