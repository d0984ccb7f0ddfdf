"""An installation with the demo, in a folder that vanishes, served with production settings."""

import contextlib
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

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Server:
    """A running web server: its address and the first process."""

    url: str
    pid: int

    def workers(self) -> list[int]:
        """The processes that answer requests."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii")
        return [
            pid
            for pid in map(int, children.split())
            if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]


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
        """What a ``flask`` command prints, run in development."""
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
    def served(self) -> Iterator[Server]:
        """The web server with two workers, in production, until the block ends."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        command = [BIN / "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", str(port), "--workers", "2", "--blocking-threads", "4"]
        command += ["--no-access-log", "--log-level", "error", "wsgi:app"]
        environment = self.environment | {"TRAININGS_ENV": "production", "BASE_URL": url}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
        try:
            wait_until_it_answers(url, process)
            yield Server(url, process.pid)
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes]) -> None:
    """Return once ``/healthz`` answers; raises RuntimeError if the process ends before."""
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/healthz", timeout=5):
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
