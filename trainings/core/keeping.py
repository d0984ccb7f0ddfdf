"""Whether database, schema and keys belong together.

It reads revisions without Alembic: a web worker then loads a quarter second faster.
"""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from trainings.core import config, sealed
from trainings.core.config import ROOT
from trainings.core.db import Installation, db, init_app, transaction


def head() -> str | None:
    """The newest migration that the program carries: the one on which none follows."""
    files = (ROOT / "trainings" / "migrations" / "versions").glob("*.py")
    texts = [path.read_text(encoding="utf-8") for path in files]
    there = re.compile(r"""^revision = ["'](\w+)["']""", re.MULTILINE)
    followed = re.compile(r"""^down_revision = ["'](\w+)["']""", re.MULTILINE)
    heads = {name for one in texts for name in there.findall(one)}
    heads -= {name for one in texts for name in followed.findall(one)}
    return heads.pop() if len(heads) == 1 else None


def schema() -> str | None:
    """The migration at which the database stands; None where it has none yet."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        version = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return None if version is None else str(version)


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


def check() -> None:
    """Before a server starts its workers: refuse once, with status 78, instead of each of them."""
    app = Flask("trainings")
    app.extensions["settings"] = config.load()
    init_app(app)
    with app.app_context():
        found = fault()
    if found:
        config.refuse(found)


if __name__ == "__main__":
    check()
