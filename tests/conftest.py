"""What tests stand on: a prepared database copied per test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings
from msgspec.structs import replace
from playwright.sync_api import expect
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests import (
    browsing,
    counting,
    factories,
    quick,
    redirect_watch,
    scope_watch,
    trail_watch,
    typefaces,
)
from tests.copies import Copy
from tests.demo import template
from tests.sharing import PutBack, Shared, copied_file
from trainings import commands
from trainings.app import create_app
from trainings.core import config, keys
from trainings.core.db import db

scope_watch.start()
redirect_watch.start()
trail_watch.start()
expect.set_options(timeout=30_000)  # a busy machine takes its time


@pytest.fixture(autouse=True)
def people_are_read_in_scope() -> Iterator[None]:
    """Fails where the house read people by a query that does not say why it may."""
    scope_watch.faults.clear()
    yield
    assert not scope_watch.faults, "unscoped select:\n  " + "\n  ".join(scope_watch.faults)


@pytest.fixture(autouse=True)
def redirects_open_no_names() -> Iterator[None]:
    """Fails where the house opened names for an answer that only leads elsewhere."""
    redirect_watch.faults.clear()
    yield
    assert not redirect_watch.faults, "opened for a redirect:\n  " + "\n  ".join(
        redirect_watch.faults
    )


@pytest.fixture(autouse=True)
def the_trail_says_what_was_done() -> Iterator[None]:
    """Fails where an act has no words in audit/rules.py, or changes numbers and is not recorded."""
    trail_watch.faults.clear()
    yield
    assert not trail_watch.faults, "\n  ".join(trail_watch.faults)


def _without_loop(item: pytest.Item) -> Generator[None, object, object]:
    """A driven browser leaves its event loop running in this thread; others start their own."""
    loop = asyncio._get_running_loop()
    if loop is None or item.get_closest_marker("browser"):
        return (yield)
    asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(loop)


# Around all fixtures, too: one of a module is made before any of a single test.
pytest_runtest_setup = pytest.hookimpl(wrapper=True)(_without_loop)
pytest_runtest_call = pytest.hookimpl(wrapper=True)(_without_loop)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None, object, object]:
    """Pages are closed by then: what they still asked for is answered before the next test."""
    try:
        return (yield)
    finally:
        browsing.leave()


@pytest.fixture(scope="session", autouse=True)
def what_is_slow_on_purpose_is_quick(pytestconfig: pytest.Config) -> Iterator[None]:
    assert pytestconfig.cache is not None
    with quick.quick(pytestconfig.cache.mkdir("compiled-templates")):
        yield


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
    assert config.cache is not None
    cut = config.rootpath / "instance" / "fonts"  # by script/setup; a new recipe adds to them
    typefaces.folder = cut if cut.is_dir() else config.cache.mkdir("paper-fonts")


# What takes long begins first: at the end, nobody is left to share the work with.
FIRST = {"journeys", "demo", "serving", "unsent"}
FIRST |= {"test_fuzz", "test_headers", "test_kill", "test_offline", "test_rush", "test_scripts"}
FIRST |= {"test_afterwards", "test_cage", "test_growth", "test_padding", "test_web_process"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: FIRST.isdisjoint((item.path.parent.name, item.path.stem)))


def pytest_collection_finish() -> None:
    quick.keep_what_is_loaded()


@pytest.fixture(scope="session")
def fonts_folder() -> Path:
    return typefaces.folder


def make_settings(instance: Path, key_file: Path, url: str = "", **more: str) -> config.Settings:
    typefaces.lend(instance)
    environ = {
        "TRAININGS_INSTANCE": str(instance),
        "TRAININGS_KEYS": str(key_file),
        "DATABASE_URL": url,
        **more,
    }
    # development starts on this machine only; here no link may be one of this machine by chance
    base_url = environ.get("BASE_URL", "http://trainings.example")
    here = config.load({**environ, "BASE_URL": "http://127.0.0.1:8000"})
    return replace(here, base_url=base_url)


def _prepare(instance: Path, key_file: Path, url: str = "") -> None:
    """Migrate an empty database and put the agencies and functions in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLASK_RUN_FROM_CLI", "true")
        app = create_app(make_settings(instance, key_file, url))
        commands.add(app)
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
        for name in ("fsync", "full_page_writes"):  # nobody cuts the power of a test
            server.psql(f"ALTER SYSTEM SET {name} = off")
        server.psql("SELECT pg_reload_conf()")
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


_copies = count()


@pytest.fixture(scope="session")
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, key_file: Path
) -> Iterator[Callable[[str], Flask]]:
    """Gives the shared app of a kind of database, as new: ``shared("postgresql")``."""
    made: dict[str, Shared] = {}
    cleanups: list[Callable[[], None]] = []

    def get(kind: str) -> Flask:
        if kind in made and made[kind].spoilt:
            made.pop(kind).leave()
        if kind not in made:
            instance = tmp_path_factory.mktemp(f"shared-{kind}")
            put_back: PutBack
            if kind == "sqlite":
                prepared = request.getfixturevalue("sqlite_template")
                url = ""
                put_back = partial(copied_file, prepared, instance / "trainings.sqlite")
                put_back(())
            else:
                copy = Copy(
                    request.getfixturevalue("postgresql_template"), f"shared{next(_copies)}"
                )
                url, put_back = copy.url, copy.put_back
                cleanups.append(copy.leave)
                copy.create()
            app = _testing(create_app(make_settings(instance, key_file, url)))
            made[kind] = Shared(app, put_back)
        return made[kind].anew()

    yield get
    for one in made.values():
        one.leave()
    for cleanup in cleanups:
        cleanup()


def _testing(app: Flask) -> Flask:
    commands.add(app)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.extensions[factories.AGENCY_IDS] = {}
    app.before_request_funcs.setdefault(None, []).insert(0, _begin_afresh)
    return app


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this test run that all processes which share its work see."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def demo_template(run_folder: Path) -> Path:
    """The loaded demo, to be copied; processes that share the work load it once."""
    return template.of_this_run(run_folder)


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
            prepared = request.getfixturevalue("sqlite_template")
            shutil.copy(prepared, instance / "trainings.sqlite")
        else:
            copy = Copy(request.getfixturevalue("postgresql_template"), f"copy{next(_copies)}")
            url = copy.url
            copy.create()
            cleanups.append(copy.drop)
        app = _testing(create_app(make_settings(instance, key_file, url, **environ)))
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


@pytest.fixture
def app(shared: Callable[[str], Flask]) -> Iterator[Flask]:
    """An app on SQLite, with its context pushed."""
    made = shared("sqlite")
    with made.app_context():
        yield made
        db.session.remove()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def each_app(request: pytest.FixtureRequest, shared: Callable[[str], Flask]) -> Iterator[Flask]:
    """An app on each of the two databases in turn, with its context pushed."""
    made = shared(request.param)
    with made.app_context():
        yield made
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL statements sent since the fixture was taken; ``clear()`` it before the page."""
    with counting.statements() as sent:
        yield sent


NOBODY_ELSE = "MAP * ~NOTFOUND,EXCLUDE 127.0.0.1"


@pytest.fixture(scope="session")
def house_in_front() -> Iterator[int]:
    """The port at which the pages of ``browsing.HOUSE`` are answered."""
    with browsing.front() as port:
        yield port


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], house_in_front: int
) -> dict[str, Any]:
    """Browser tests run in the distribution's Chromium; nothing is downloaded.

    Without the windows around its pages, where it is there, it takes half the time. It finds nobody
    but this machine.
    """
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    return {
        **browser_type_launch_args,
        "executable_path": found or "/usr/bin/chromium",
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            f"--host-resolver-rules=MAP localhost 127.0.0.1:{house_in_front},{NOBODY_ELSE}",
        ],
    }
