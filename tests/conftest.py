"""What tests stand on: a prepared database copied per test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url

from tests import factories, scope_watch, typefaces
from trainings.app import create_app
from trainings.core import config, keys
from trainings.core.db import db

scope_watch.start()


@pytest.fixture(autouse=True)
def people_are_read_in_scope() -> Iterator[None]:
    """Fails where the house read people by a query that does not say why it may."""
    scope_watch.faults.clear()
    yield
    assert not scope_watch.faults, "unscoped select:\n  " + "\n  ".join(scope_watch.faults)


@pytest.fixture(autouse=True)
def no_loop_of_a_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """A driven browser leaves its event loop running in this thread; others start their own."""
    loop = asyncio._get_running_loop()
    if loop is None or request.node.get_closest_marker("browser"):
        yield
        return
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    keys.create(path)
    return path


def pytest_configure(config: pytest.Config) -> None:
    # no example fails for being slow: how fast something is, benchmarks measure
    unhurried = [HealthCheck.too_slow]
    settings.register_profile(
        "trainings", deadline=None, suppress_health_check=unhurried, print_blob=True
    )
    settings.load_profile("trainings")
    typefaces.folder = config.cache.mkdir("paper-fonts")  # type: ignore[union-attr]


@pytest.fixture(scope="session")
def fonts_folder() -> Path:
    return typefaces.folder


def make_settings(instance: Path, key_file: Path, url: str = "", **more: str) -> config.Settings:
    typefaces.lend(instance)
    environ = {
        "TRAININGS_INSTANCE": str(instance),
        "TRAININGS_KEYS": str(key_file),
        "BASE_URL": "http://trainings.example",
        "DATABASE_URL": url,
        **more,
    }
    return config.load(environ)


def _prepare(instance: Path, key_file: Path, url: str = "") -> None:
    """Migrate an empty database and put the agencies and functions in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLASK_RUN_FROM_CLI", "true")
        app = create_app(make_settings(instance, key_file, url))
        with app.app_context():
            upgrade()
            factories.seed()
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, key_file: Path) -> Path:
    instance = tmp_path_factory.mktemp("template")
    _prepare(instance, key_file)
    return instance / "trainings.sqlite"


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    # pgserver asks for a runtime folder, which a plain shell or CI does not name
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pgserver

    # Not in pytest's folder: as root, the server is another user, and whoever starts pytest
    # next closes that folder to it.
    with tempfile.TemporaryDirectory(prefix="trainings-postgresql-") as folder:
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        yield server
        server.cleanup()


@pytest.fixture(scope="session")
def postgresql_template(
    postgresql_server: Any, tmp_path_factory: pytest.TempPathFactory, key_file: Path
) -> str:
    """The address of a migrated and seeded database that tests copy."""
    uri = postgresql_server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    admin = create_engine(uri, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE prepared"))
    admin.dispose()
    url = make_url(uri).set(database="prepared").render_as_string(hide_password=False)
    _prepare(tmp_path_factory.mktemp("pg-instance"), key_file, url)
    return url


@pytest.fixture
def make_app(
    request: pytest.FixtureRequest, tmp_path: Path, key_file: Path
) -> Iterator[Callable[..., Flask]]:
    """Makes an app on a fresh copy of the prepared database: ``make_app("postgresql")``."""
    made: list[Flask] = []
    cleanups: list[Callable[[], None]] = []

    def make(kind: str = "sqlite", **environ: str) -> Flask:
        instance = tmp_path / f"instance{len(made)}"
        instance.mkdir()
        url = ""
        if kind == "sqlite":
            template = request.getfixturevalue("sqlite_template")
            shutil.copy(template, instance / "trainings.sqlite")
        else:
            url, drop = _copy_postgresql(request.getfixturevalue("postgresql_template"), tmp_path)
            cleanups.append(drop)
        app = create_app(make_settings(instance, key_file, url, **environ))
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        app.before_request_funcs.setdefault(None, []).insert(0, _begin_afresh)
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    for cleanup in cleanups:
        cleanup()


def _begin_afresh() -> None:
    """A pushed app context is shared by all requests of a test; a real one is not."""
    vars(g).clear()


_copies = 0


def _copy_postgresql(template: str, tmp_path: Path) -> tuple[str, Callable[[], None]]:
    global _copies
    _copies += 1
    name = f"copy{_copies}"
    url = make_url(template)
    admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")

    def drop() -> None:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        admin.dispose()

    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE prepared"))
    return url.set(database=name).render_as_string(hide_password=False), drop


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """An app on SQLite, with its context pushed."""
    made = make_app("sqlite")
    with made.app_context():
        yield made


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def each_app(request: pytest.FixtureRequest, make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """An app on each of the two databases in turn, with its context pushed."""
    made = make_app(request.param)
    with made.app_context():
        yield made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL statements sent since the fixture was taken; ``clear()`` it before the page."""
    sent: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK")):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Browser tests run in the distribution's Chromium; nothing is downloaded."""
    return {
        **browser_type_launch_args,
        "executable_path": shutil.which("chromium") or "/usr/bin/chromium",
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    }
