"""One app for many tests: each finds its database, files and settings as new."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from flask import Flask
from msgspec.structs import replace
from sqlalchemy import event

from tests import typefaces
from trainings import wiring
from trainings.core import connections
from trainings.core import db as core_db
from trainings.core.db import db
from trainings.jobs.rules import Work
from trainings.web import compiled

# Puts the prepared database back; of PostgreSQL's processes of our connections, gives who stayed.
PutBack = Callable[[Collection[int]], set[int]]


def copied_file(prepared: Path, database: Path, _ours: Collection[int]) -> set[int]:
    """The prepared SQLite database, which has no processes."""
    shutil.copy(prepared, database)
    return set()


class Shared:
    """An app that many tests use in turn.

    Making an app and compiling its templates takes longer than most tests. Where a test changed
    the app itself (its addresses, its templates, how its database begins), the next gets another.
    Connections to PostgreSQL stay open from test to test: a new one would have to learn again
    what tables there are, and how each statement is best answered.
    """

    def __init__(self, app: Flask, put_back: PutBack) -> None:
        self.app = app
        self._put_back = put_back
        self._config = dict(app.config)
        self._settings = app.extensions["settings"]
        self._extensions = set(app.extensions)
        self._connections: list[Any] = []
        with app.app_context():
            self._sqlite = db.engine.dialect.name == "sqlite"
            if not self._sqlite:
                event.listen(db.engine, "connect", lambda one, _: self._connections.append(one))
        self._parts = self._seen()

    def _seen(self) -> tuple[object, ...]:
        """What a test cannot change and leave as it was."""
        with self.app.app_context():
            locks = not self._sqlite or event.contains(
                db.engine, "begin", connections._begin_sqlite
            )
        hooks = [len(found) for found in self.app.before_request_funcs.values()]
        return (locks, self.app.jinja_loader, len(list(self.app.url_map.iter_rules())), hooks)

    @property
    def spoilt(self) -> bool:
        """Whether a test changed the app itself."""
        return self._seen() != self._parts

    def leave(self) -> None:
        """Leave no connection open."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def anew(self) -> Flask:
        """The app on a fresh copy of the prepared database."""
        app, kept = self.app, self._settings
        core_db.form_token.set(None)  # the last form of the test before, if it was refused
        app.config.clear()
        app.config.update(self._config)
        for name in set(app.extensions) - self._extensions:
            del app.extensions[name]
        app.extensions["settings"] = replace(kept)
        app.extensions["work"] = Work(dict(wiring.TASKS), dict(wiring.ROUNDS), wiring.STARTS)
        app.extensions["visitor_pages"].memory.clear()
        if self._sqlite:  # before its file is replaced
            self.leave()
        for path in kept.instance.iterdir():
            if path.name == compiled.FOLDER:  # kept by processes that tests start; no data
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        typefaces.lend(kept.instance)
        self._database_anew()
        return app

    def _database_anew(self) -> None:
        """The prepared rows; connections stay only where all of them are as one left them."""
        self._connections = [one for one in self._connections if not one.closed]
        with self.app.app_context():
            db.session.remove()
            stayed = self._put_back({one.info.backend_pid for one in self._connections})
            pool: Any = db.engine.pool
            if not self._sqlite and (pool.checkedout() or pool.checkedin() != len(stayed)):
                db.engine.dispose()
