"""Installations for measuring: with the demo or empty, served with production settings."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.engine import make_url

from tests import factories
from tests.running import answering
from tests.rushing import all_at_once
from trainings import commands
from trainings.app import create_app
from trainings.core import config, keys

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Server:
    """A running web server: its address and the first process."""

    url: str
    pid: int

    def workers(self) -> list[int]:
        """The process ids of the workers that answer requests."""
        return answering(urlsplit(self.url).port or 0)


class Installation:
    """A folder of data with the demo loaded; ``database_url`` for another than SQLite."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.folder = folder
        self.environment = os.environ | {"TRAININGS_INSTANCE": str(folder)}
        if database_url:
            self.environment["DATABASE_URL"] = database_url
        else:
            self.environment.pop("DATABASE_URL", None)
        self.flask("db", "upgrade")
        self.flask("demo", "load")

    def flask(self, *arguments: str) -> str:
        """The output of a ``flask`` command, run in development."""
        done = subprocess.run(
            [BIN / "flask", "--app", "wsgi", *arguments],
            cwd=ROOT,
            env=self.environment | {"TRAININGS_ENV": "development"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"flask {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    @contextlib.contextmanager
    def served(self, *parts: str, until: str = "/healthz") -> Iterator[Server]:
        """The web server with two workers, in production, until the block ends.

        ``parts``: what of the installation runs (``web``), where it is not all of it; the block
        begins when the page ``until`` answers.
        """
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        command = [BIN / "python", "-m", "trainings.serving.keeper", *parts]
        environment = self.environment | {"TRAININGS_ENV": "production", "BASE_URL": url}
        environment |= {"HOST": "127.0.0.1", "PORT": str(port)}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
        try:
            wait_until_it_answers(url, process, until)
            yield Server(url, process.pid)
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_until_it_answers(
    url: str, process: subprocess.Popen[bytes], path: str = "/healthz"
) -> None:
    """Return once a page answers; raises RuntimeError if the process ends first."""
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        with contextlib.suppress(OSError), urllib.request.urlopen(url + path, timeout=5):
            return
        time.sleep(0.01)
    raise RuntimeError("the server did not answer within a minute")


@contextlib.contextmanager
def fresh() -> Iterator[Installation]:
    """A new installation on SQLite, deleted afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="trainings-bench-"))
    try:
        yield Installation(folder)
    finally:
        shutil.rmtree(folder)


class Bare(Installation):
    """An empty installation with its app; test clients need no CSRF token."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.folder = folder
        folder.mkdir()
        keys.create(folder / "keys.json")
        self.environment = os.environ | {
            "TRAININGS_INSTANCE": str(folder),
            "TRAININGS_KEYS": str(folder / "keys.json"),
            "DATABASE_URL": database_url,
        }
        os.environ["FLASK_RUN_FROM_CLI"] = "true"
        self.app: Flask = create_app(config.load(self.environment))
        os.environ.pop("FLASK_RUN_FROM_CLI")
        commands.add(self.app)
        self.app.config["WTF_CSRF_ENABLED"] = False
        with self.app.app_context():
            upgrade()
            factories.seed()


@contextlib.contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database of this kind; empty text for the one in the folder."""
    if kind == "SQLite":
        yield ""
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pgserver

    with tempfile.TemporaryDirectory(prefix="trainings-bench-postgresql-") as home:
        server = pgserver.get_server(Path(home) / "data", cleanup_mode="delete")
        try:
            url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
            yield url.render_as_string(hide_password=False)
        finally:
            server.cleanup()


@contextlib.contextmanager
def control(database_url: str, until: str = "/healthz") -> Iterator[str]:
    """The address of the bare pages, on this database, until the block ends.

    The block begins when the page ``until`` answers.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DATABASE_URL": database_url,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.control"], cwd=ROOT, env=environment
    )
    try:
        wait_until_it_answers(url, process, until)
        yield url
    finally:
        process.terminate()
        process.wait()


def inserts_per_second(control_url: str, clients: int) -> float:
    """Rows stored a second by the bare form that so many people send at once, each on their own."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    statuses: list[int] = []

    def send() -> None:
        connection = http.client.HTTPConnection(urlsplit(control_url).netloc, timeout=120)
        connection.request("POST", "/insert", f"words={'word+' * 30}", kind)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        statuses.append(answer.status)

    taken = all_at_once([send] * clients, clients)
    assert statuses == [303] * clients, statuses
    return clients / taken
