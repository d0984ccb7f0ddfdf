"""The caged inspector of PDF files as most tests ask it: forked for each file, not begun anew.

Python and the libraries it reads with take a second to begin, and a thousand files are dropped.
Each file still has a process of its own, in the same cage. ``tests/signing`` starts it as the
software does.
"""

from __future__ import annotations

import importlib
import os
import socket
import subprocess
import sys
import threading
from functools import cached_property

from trainings.printing import renderer

INSPECTOR = "trainings.signing.inspector"


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

    def answer_of(self, module: str, seconds: int, given: bytes) -> bytes | None:
        """What ``renderer.answer_of`` gives."""
        assert module == INSPECTOR
        with (
            self._one_by_one,
            os.fdopen(os.memfd_create("question"), "w+b") as question,
            os.fdopen(os.memfd_create("answer"), "w+b") as answer,
        ):
            question.write(given)
            question.seek(0)
            self._line.settimeout(seconds + 5)
            files = [question.fileno(), answer.fileno()]
            socket.send_fds(self._line, [str(seconds).encode()], files)
            try:
                done = self._line.recv(1)
            except TimeoutError:  # what it says later must not answer the next question
                self.close()
                raise renderer.OutOfTime from None
            if done == b"2":
                raise renderer.OutOfTime
            answer.seek(0)
            return answer.read() if done == b"0" else None

    def close(self) -> None:
        """End it; the next file begins another."""
        if line := vars(self).pop("_line", None):
            line.close()
            self._process.kill()
            self._process.wait(10)


def _serve(line: socket.socket) -> None:
    inspect = importlib.import_module(INSPECTOR).main
    line.send(b"r")
    while True:
        seconds, files, *_rest = socket.recv_fds(line, 100, 2)
        if not seconds:
            return
        child = os.fork()
        if not child:
            os.dup2(files[0], 0)
            os.dup2(files[1], 1)
            os.closerange(3, 100)
            sys.argv = [INSPECTOR, seconds.decode()]
            inspect()
            return
        for file in files:
            os.close(file)
        _pid, status = os.waitpid(child, 0)
        late = os.WIFSIGNALED(status) and os.WTERMSIG(status) == -renderer.KILLED_BY_CLOCK
        line.send(b"0" if status == 0 else b"2" if late else b"1")


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
