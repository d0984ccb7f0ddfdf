"""One caged renderer as its owner sees it: a process, two pipes and a deadline."""

import json
import os
import select
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from trainings.printing.paper_rules import Document
from trainings.printing.rules import Failure, Reason
from trainings.printing.wire import LENGTHS, document_to_head, lengths, pack

HOME = Path(__file__).resolve().parents[2]
START_SECONDS = 180  # the first start cuts the fonts
KILLED_BY_CLOCK = -27  # SIGPROF
PATIENCE = 1.5  # times the processor's seconds, for its turn on a busy machine: 19 s at most
KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "HOME", "LD_LIBRARY_PATH", "FONTCONFIG_FILE")


def answer_of(module: str, seconds: int, given: bytes) -> bytes | None:
    """What a module of ours answers to a stranger's bytes, in a process of its own, caged.

    None where it does not end well, or not in time.
    """
    try:
        done = subprocess.run(  # noqa: S603 (our own module)
            [sys.executable, "-m", f"trainings.printing.{module}", str(seconds)],
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=HOME,
            env=_environment(),
            timeout=seconds + 5,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return None
    return done.stdout


def _environment() -> dict[str, str]:
    """What a caged process may know of ours: no secret."""
    return {key: os.environ[key] for key in KEPT_ENVIRONMENT if key in os.environ}


class Gone(Exception):
    """The renderer ended, or its time did."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason)
        self.failure = Failure(reason, detail)


class Renderer:
    """A living renderer process, warm. It knows none of our secrets: see ``worker.py``."""

    def __init__(self, fonts_folder: Path, seconds: int) -> None:
        """Start it; raises :class:`Gone` where it cannot start."""
        self._seconds = seconds
        their_input, self._input = os.pipe()
        self._output, their_output = os.pipe()
        with tempfile.TemporaryFile() as complaints:
            command = [sys.executable, "-m", "trainings.printing.worker"]
            self._process = subprocess.Popen(  # noqa: S603 (our own module)
                [*command, str(fonts_folder), str(seconds)],
                stdin=their_input,
                stdout=their_output,
                stderr=complaints,
                cwd=HOME,
                env=_environment(),
            )
            os.close(their_input)
            os.close(their_output)
            os.set_blocking(self._input, False)
            os.set_blocking(self._output, False)
            try:
                answer, _ = self._read(time.monotonic() + START_SECONDS)
            except Gone:
                self.stop()
                complaints.seek(0)
                words = complaints.read().decode(errors="replace").strip().splitlines()
                raise Gone(Reason.NOT_STARTED, words[-1] if words else "") from None
        self.offline = bool(answer.get("offline"))

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process number."""
        return self._process.pid

    def draw(self, document: Document, width: int = 0) -> bytes | Failure:
        """The PDF of ``document``, or why there is none; raises :class:`Gone`.

        With a ``width`` in pixels, the first page as a PNG instead.
        """
        head, body = document_to_head(document)
        if width:
            head["width"] = width
        deadline = time.monotonic() + PATIENCE * self._seconds + 1
        self._write(pack(head, body), deadline)
        answer, drawn = self._read(deadline)
        if answer.get("drawn"):
            return drawn
        return Failure(Reason(answer["reason"]), str(answer.get("detail", "")))

    def stop(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._input, self._output):
            with suppress(OSError):
                os.close(pipe)

    def _write(self, data: bytes, deadline: float) -> None:
        rest = memoryview(data)
        while rest:
            _wait(self._input, select.POLLOUT, deadline)
            try:
                rest = rest[os.write(self._input, rest) :]
            except BlockingIOError:
                continue
            except OSError:
                raise Gone(self._death()) from None

    def _read(self, deadline: float) -> tuple[dict[str, Any], bytes]:
        try:
            head, body = lengths(self._read_exactly(LENGTHS.size, deadline))
            answer: dict[str, Any] = json.loads(self._read_exactly(head, deadline))
        except ValueError:
            raise Gone(Reason.CRASHED) from None
        return answer, self._read_exactly(body, deadline)

    def _read_exactly(self, length: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < length:
            _wait(self._output, select.POLLIN, deadline)
            try:
                piece = os.read(self._output, min(length - len(data), 1 << 20))
            except BlockingIOError:
                continue
            if not piece:
                raise Gone(self._death())
            data += piece
        return bytes(data)

    def _death(self) -> Reason:
        """Why the process is no more: the kernel's clock, or a crash."""
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return Reason.CRASHED
        return Reason.TOO_LONG if code == KILLED_BY_CLOCK else Reason.CRASHED


def _wait(pipe: int, event: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(pipe, event)
    left = deadline - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise Gone(Reason.TOO_LONG)
