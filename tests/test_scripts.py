"""The commands of script/: what they start also ends, and what is wrong is said."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import typefaces

ROOT = Path(__file__).parent.parent
PYTHON = ROOT / ".venv" / "bin" / "python"
SCRIPTS = sorted(path for path in (ROOT / "script").iterdir() if path.is_file())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _hear_interrupts() -> None:
    """Tests that are run in the background are started deaf to them, and so would the server be."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Running:
    """``script/server`` in production, with its data in a folder of the test."""

    def __init__(self, folder: Path, **settings: str) -> None:
        typefaces.lend(folder)
        self.mark = f"TRAININGS_INSTANCE={folder}".encode()
        self.port = free_port()
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "BASE_URL", "HOST", "TRAININGS_KEYS", "FLASK_DEBUG"}
        }
        environment |= {
            "TRAININGS_INSTANCE": str(folder),
            "TRAININGS_ENV": "production",
            "PORT": str(self.port),
            "BASE_URL": f"http://127.0.0.1:{self.port}",
        }
        self.process = subprocess.Popen(
            [ROOT / "script" / "server"],
            env={name: value for name, value in (environment | settings).items() if value},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=_hear_interrupts,
        )
        assert self.process.stdout
        self.output = self.process.stdout

    def until_ready(self) -> str:
        """What it printed up to its last word; fails if it ended before."""
        printed = ""
        for line in self.output:
            printed += line
            if "Ctrl-C" in line:
                return printed
        pytest.fail(f"script/server ended before it served:\n{printed}")

    def left(self, *words: bytes) -> list[int]:
        """The processes that serve this folder, or those whose command has the words."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
                ours = self.mark in (folder / "environ").read_bytes()
            except OSError:
                continue
            if command and ours and all(word in command for word in words):
                found.append(int(folder.name))
        return sorted(found)

    def until_gone(self) -> None:
        """Fails if a process of this folder is still there after a minute.

        The kernel takes its time for what was killed, and for what it tells itself to end.
        """
        limit = time.monotonic() + 60
        while left := self.left():
            assert time.monotonic() < limit, left
            time.sleep(0.01)

    def running(self, *words: bytes) -> list[int]:
        """The same, as soon as there is one; fails after a minute."""
        limit = time.monotonic() + 60
        while not (found := self.left(*words)):
            assert time.monotonic() < limit, words
            time.sleep(0.01)
        return found


@pytest.fixture
def servers() -> Iterator[list[Running]]:
    """Servers to be ended however the test ends."""
    running: list[Running] = []
    yield running
    for server in running:
        server.process.kill()
        server.process.wait()
        for pid in server.left():
            os.kill(pid, signal.SIGKILL)
        server.output.close()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_is_plain_sh(script: Path) -> None:
    assert script.read_text(encoding="utf-8").startswith("#!/bin/sh\n# ")
    assert os.access(script, os.X_OK)
    subprocess.run(["sh", "-n", script], check=True)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_and_ends_whole(how: signal.Signals, tmp_path: Path, servers: list) -> None:
    server = Running(tmp_path)
    servers.append(server)
    assert f"http://127.0.0.1:{server.port}" in server.until_ready()
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/healthz") as answer:
        assert answer.status == 200
    assert server.running(b"granian")
    assert server.running(b"jobs run")
    os.killpg(server.process.pid, how)
    assert server.process.wait(60) == 0
    server.until_gone()


@pytest.mark.parametrize("part", [b"granian", b"jobs run"])
def test_when_one_process_dies_all_end(part: bytes, tmp_path: Path, servers: list) -> None:
    server = Running(tmp_path)
    servers.append(server)
    server.until_ready()
    os.kill(server.running(part)[0], signal.SIGKILL)
    assert server.process.wait(60) != 0
    server.until_gone()


def test_a_taken_port_is_said(tmp_path: Path, servers: list) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = Running(tmp_path, PORT=str(taken.getsockname()[1]))
        servers.append(server)
        assert "Cannot listen on" in server.output.read()
        assert server.process.wait(60) == 1


def test_production_without_an_address_is_refused(tmp_path: Path, servers: list) -> None:
    server = Running(tmp_path, BASE_URL="")
    servers.append(server)
    assert "BASE_URL" in server.output.read()
    assert server.process.wait(60) == 78


def test_the_keys_of_another_installation_are_refused_once(tmp_path: Path, servers: list) -> None:
    first = Running(tmp_path)
    servers.append(first)
    first.until_ready()
    os.killpg(first.process.pid, signal.SIGTERM)
    assert first.process.wait(60) == 0
    assert tmp_path.joinpath("trainings.sqlite").stat().st_mode & 0o077 == 0

    (tmp_path / "keys.json").unlink()
    subprocess.run([PYTHON, "-m", "trainings.core.keys", tmp_path / "keys.json"],
                   cwd=ROOT, check=True)  # fmt: skip
    second = Running(tmp_path)
    servers.append(second)
    said = second.output.read()
    assert second.process.wait(60) == 78
    assert said.count("does not start") == 1
    assert "the keys are not those of this database" in said
    second.until_gone()
