"""The commands of script/: what they start also ends, and what is wrong is said."""

import os
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Running

ROOT = Path(__file__).parent.parent
PYTHON = ROOT / ".venv" / "bin" / "python"
SCRIPTS = sorted(path for path in (ROOT / "script").iterdir() if path.is_file())


@pytest.fixture
def servers() -> Iterator[list[Running]]:
    """Servers to be ended however the test ends."""
    running: list[Running] = []
    yield running
    for server in running:
        server.end()


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
    assert server.running(b"trainings.serving.keeper")
    assert server.running(b"jobs run")
    os.killpg(server.process.pid, how)
    assert server.process.wait(60) == 0
    server.until_gone()


def test_when_the_keeper_is_killed_all_end(tmp_path: Path, servers: list) -> None:
    server = Running(tmp_path)
    servers.append(server)
    server.until_ready()
    server.running(b"jobs run")
    os.kill(server.running(b"trainings.serving.keeper")[0], signal.SIGKILL)
    assert server.process.wait(60) == -signal.SIGKILL
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
    subprocess.run(
        [PYTHON, "-m", "trainings.core.keys", tmp_path / "keys.json"], cwd=ROOT, check=True
    )
    second = Running(tmp_path)
    servers.append(second)
    said = second.output.read()
    assert second.process.wait(60) == 78
    assert said.count("does not start") == 1
    assert "the keys are not those of this database" in said
    second.until_gone()
