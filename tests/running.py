"""``script/server`` as the tests start it, and what it leaves behind."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests import typefaces

ROOT = Path(__file__).parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answering(port: int) -> list[int]:
    """The processes that take connections at a port of this machine."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
    listen, at = "0A", f":{port:04X}"
    sockets = {f"socket:[{one[9]}]" for one in lines if one[3] == listen and one[1].endswith(at)}
    found = []
    for folder in Path("/proc").glob("[0-9]*/fd"):
        try:
            held = {os.readlink(one) for one in folder.iterdir()}
        except OSError:
            continue
        if held & sockets:
            found.append(int(folder.parent.name))
    return sorted(found)


def _hear_interrupts() -> None:
    """Tests that are run in the background are started deaf to them, and so would the server be."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Running:
    """``script/server`` in production, or its keeper, with its data in a folder of the test."""

    def __init__(self, folder: Path, *command: str | Path, **settings: str) -> None:
        typefaces.lend(folder)
        self.mark = f"TRAININGS_INSTANCE={folder}".encode()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "BASE_URL", "HOST", "TRAININGS_KEYS", "FLASK_DEBUG"}
        }
        environment |= {
            "TRAININGS_INSTANCE": str(folder),
            "TRAININGS_ENV": "production",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "BASE_URL": self.url,
        }
        self.process = subprocess.Popen(
            command or [ROOT / "script" / "server"],
            cwd=ROOT,
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

    def end(self) -> None:
        """End it however it is, and all that belongs to it."""
        self.process.kill()
        self.process.wait()
        for pid in self.left():
            with contextlib.suppress(ProcessLookupError):  # it ends by itself, too
                os.kill(pid, signal.SIGKILL)
        self.output.close()

    def running(self, *words: bytes) -> list[int]:
        """The same, as soon as there is one; fails after a minute."""
        limit = time.monotonic() + 60
        while not (found := self.left(*words)):
            assert time.monotonic() < limit, words
            time.sleep(0.01)
        return found
