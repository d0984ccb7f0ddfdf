"""The caged readers of files that people send, as most tests ask them: forked for each file.

Python and the libraries a reader needs take a second to begin, and a thousand files are read.
Each file still has a process of its own, in the same cage. ``tests/signing`` starts it as the
software does.
"""

from __future__ import annotations

import importlib
import os
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import cached_property
from typing import NoReturn

from trainings.printing import renderer

READERS = (
    "trainings.availability.inspector",
    "trainings.printing.joining",
    "trainings.printing.picture_inspector",
    "trainings.signing.inspector",
    "trainings.spreadsheets.inspector",
)
STATUS = struct.Struct("i")
said = renderer._said  # as in real use


class Warm:
    """A process that is forked for each file; it begins at the first."""

    def __init__(self) -> None:
        self._one_by_one = threading.Lock()

    @cached_property
    def _line(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                cwd=renderer.HOME,
                env=renderer._environment(),
                pass_fds=[theirs.fileno()],
                stderr=subprocess.DEVNULL,
            )
        ours.settimeout(120)  # to begin, on a busy machine; each file's own time counts from then
        ours.recv(1)
        return ours

    def said(self, module: str, seconds: int, given: bytes) -> bytes:
        """What a reader prints; raises as ``subprocess.run`` does."""
        if module not in READERS:
            return said(module, seconds, given)
        with (
            self._one_by_one,
            os.fdopen(os.memfd_create("question"), "w+b") as question,
            os.fdopen(os.memfd_create("answer"), "w+b") as answer,
        ):
            question.write(given)
            question.seek(0)
            self._line.settimeout(seconds * 3)
            files = [question.fileno(), answer.fileno()]
            socket.send_fds(self._line, [f"{module} {seconds}".encode()], files)
            try:
                (status,) = STATUS.unpack(self._line.recv(STATUS.size))
            except TimeoutError:  # what it says later must not answer the next question
                self.close()
                raise subprocess.TimeoutExpired(module, seconds * 3) from None
            if status:
                raise subprocess.CalledProcessError(status, module)
            answer.seek(0)
            return answer.read()

    def close(self) -> None:
        """End it; the next file begins another."""
        if line := vars(self).pop("_line", None):
            line.close()
            self._process.kill()
            self._process.wait(10)


def _serve(line: socket.socket) -> None:
    read = {name: importlib.import_module(name).main for name in READERS}
    importlib.import_module("pikepdf")  # which joining files asks for late
    line.send(b"r")
    while True:
        asked, files, *_rest = socket.recv_fds(line, 100, 2)
        if not asked:
            return
        module, seconds = asked.decode().split()
        child = os.fork()
        if not child:
            os.dup2(files[0], 0)
            os.dup2(files[1], 1)
            os.closerange(3, 100)
            sys.argv = [module, seconds]
            _answer(read[module])
        for file in files:
            os.close(file)
        _pid, status = os.waitpid(child, 0)
        line.send(STATUS.pack(os.waitstatus_to_exitcode(status)))


def _answer(reader: Callable[[], None]) -> NoReturn:
    """Read one file and end at once: to take down all that is loaded takes ten times as long."""
    status = 1
    try:
        reader()
        sys.stdout.flush()
        status = 0
    except SystemExit as ended:
        status = int(ended.code or 0)
    finally:
        os._exit(status)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
