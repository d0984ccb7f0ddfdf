"""The small world on a running app, asked by each of its people, put back after each act."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from tests import factories, world
from trainings.core import clock
from trainings.core.db import db


@dataclass
class Stage:
    """A running app with the world in it; one client for each visitor."""

    app: Flask
    world: world.World
    clients: dict[str, FlaskClient]
    cookies: dict[str, str]
    database: Path
    kept: Path
    files: dict[Path, bytes]
    begun: datetime  # a slow machine must not use up the time since somebody signed in

    def put_back(self) -> None:
        """The database as it was at first, files that were removed, and everybody signed in."""
        for column, client in self.clients.items():
            client.delete_cookie("session_id")
            if column in self.cookies:
                client.set_cookie("session_id", self.cookies[column])
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        for rest in ("-wal", "-shm"):
            Path(f"{self.database}{rest}").unlink(missing_ok=True)
        shutil.copy(self.kept, self.database)
        for path, content in self.files.items():
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)


@contextmanager
def staged(app: Flask) -> Iterator[Stage]:
    """Build the world in the database of an app; only a SQLite file can be put back."""
    app.config.update(WTF_CSRF_ENABLED=False)
    instance: Path = app.extensions["settings"].instance
    database = instance / "trainings.sqlite"
    clients = {column: app.test_client() for column in world.COLUMNS}
    with app.app_context():
        made = world.build()
        for column, client in clients.items():
            viewer = made.viewers[column]
            if viewer is not None:
                factories.sign_in(client, viewer)
        db.session.remove()
        db.engine.dispose()
    files = {
        path: path.read_bytes()
        for folder in instance.iterdir()
        if folder.is_dir() and not folder.is_symlink()
        for path in folder.rglob("*")
        if path.is_file()
    }
    kept = instance / "kept.sqlite"
    if database.exists():
        shutil.copy(database, kept)
    found = {column: client.get_cookie("session_id") for column, client in clients.items()}
    cookies = {column: cookie.value for column, cookie in found.items() if cookie is not None}
    yield Stage(app, made, clients, cookies, database, kept, files, clock.now())
    with app.app_context():
        db.engine.dispose()
