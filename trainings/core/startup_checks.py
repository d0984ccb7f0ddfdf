"""Checks that database, schema and keys match."""

from __future__ import annotations

import os
from typing import NamedTuple, NoReturn

from flask import Flask
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from trainings.core import config, sealed
from trainings.core.db import Installation, db, init_app, transaction
from trainings.core.revisions import head


def schema() -> str | None:
    """The migration the database is at; None if it has none yet."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        version = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return None if version is None else str(version)


class Fault(NamedTuple):
    """Why an installation cannot be served, in one sentence, and the exit status that says so."""

    words: str
    status: int = os.EX_CONFIG

    def refuse(self) -> NoReturn:
        """Stop the start."""
        config.refuse(self.words, self.status)


def fault() -> Fault | None:
    """Why this installation cannot be served, or None."""
    try:
        if schema() != head():
            return Fault(
                "the database is not at the newest schema: run «flask --app wsgi db upgrade»"
            )
    except SQLAlchemyError as error:  # it may be there again in a moment
        return Fault(f"the database does not answer ({type(error).__name__})", os.EX_UNAVAILABLE)
    kept = db.session.scalar(select(Installation.value).where(Installation.name == "keys"))
    db.session.close()
    if kept is None:
        try:
            with transaction() as session:
                session.add(Installation(name="keys", value=sealed.fingerprint()))
        except IntegrityError:  # another process wrote it at the same moment: compare with that
            return fault()
        return None
    if kept != sealed.fingerprint():
        return Fault("the keys are not those of this database")
    return None


def check() -> None:
    """Refuse once, with status 78, before a server starts its workers (not once in each)."""
    app = Flask("trainings")
    app.extensions["settings"] = config.load()
    init_app(app)
    with app.app_context():
        found = fault()
    if found:
        found.refuse()


if __name__ == "__main__":
    check()
