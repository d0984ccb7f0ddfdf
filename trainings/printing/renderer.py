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

from trainings.core.errors import Refusal
from trainings.core.i18n import _l
from trainings.printing.paper_rules import Document
from trainings.printing.rules import Failure, Reason
from trainings.printing.wire import LENGTHS, document_to_head, lengths, pack

HOME = Path(__file__).resolve().parents[2]
START_SECONDS = 180  # the first start cuts the fonts
KILLED_BY_CLOCK = -27  # SIGPROF
PATIENCE = 1.5  # times the processor seconds, to allow for a busy machine: 19 s at most
KEPT_ENVIRONMENT = ("LANG", "LC_ALL", "HOME", "LD_LIBRARY_PATH", "FONTCONFIG_FILE")


class OutOfTime(Refusal):
    """A file that somebody sent was not read in time, as on a busy machine; another try may do."""

    sentence = _l("We could not read the file in time, because the site is busy. Try again.")


def answer_of(module: str, seconds: int, given: bytes) -> bytes | None:
    """The answer of one of our modules to untrusted bytes, run in a caged process of its own.

    None if it fails. Raises :class:`OutOfTime` if it used up its ``seconds`` of processor time, or
    did not get them within three times as long: that says nothing about the bytes.
    """
    try:
        return _said(module, seconds, given)
    except subprocess.TimeoutExpired:
        raise OutOfTime from None
    except subprocess.CalledProcessError as failure:
        if failure.returncode == KILLED_BY_CLOCK:
            raise OutOfTime from None
        return None


def _said(module: str, seconds: int, given: bytes) -> bytes:
    done = subprocess.run(  # noqa: S603 (our own module)
        [sys.executable, "-m", module, str(seconds)],
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=HOME,
        env=_environment(),
        timeout=seconds * 3,  # for its turn on a busy machine
        check=True,
    )
    return done.stdout


def _environment() -> dict[str, str]:
    """The environment variables of a caged process: no secrets, and nowhere to find programs.

    Python would ask a compiler where libraries are that go by other names elsewhere, a tenth of the
    start of a renderer; the loader knows where ours are.
    """
    kept = {key: os.environ[key] for key in KEPT_ENVIRONMENT if key in os.environ}
    return {"PATH": os.devnull, **kept}


class Gone(Exception):
    """The renderer ended (with its exit status, if it is known), or ran out of time."""

    def __init__(self, reason: Reason, detail: str = "", status: int | None = None) -> None:
        super().__init__(reason)
        self.failure = Failure(reason, detail)
        self.status = status


class Renderer:
    """A running, warm renderer process. It has none of our secrets: see ``worker.py``."""

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
            except Gone as gone:
                self.stop()
                complaints.seek(0)
                words = complaints.read().decode(errors="replace").strip().splitlines()
                detail = words[-1] if words else ""
                raise Gone(Reason.NOT_STARTED, detail, gone.status) from None
        self.offline = bool(answer.get("offline"))

    @property
    def status(self) -> int | None:
        """Its exit status (negative: the signal that ended it); None while it is running."""
        return self._process.poll()

    @property
    def pid(self) -> int:
        """Its process number."""
        return self._process.pid

    def draw(self, document: Document, width: int = 0) -> bytes | Failure:
        """The PDF of ``document``, or the reason there is none; raises :class:`Gone`.

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
                raise self._gone() from None

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
                raise self._gone()
            data += piece
        return bytes(data)

    def _gone(self) -> Gone:
        """Why the process ended: the kernel's time limit, or a crash."""
        try:
            status = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return Gone(Reason.CRASHED)
        if status == KILLED_BY_CLOCK:
            return Gone(Reason.TOO_LONG)
        return Gone(Reason.CRASHED, status=status)


def _wait(pipe: int, event: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(pipe, event)
    left = deadline - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise Gone(Reason.TOO_LONG)


PICTURE_SECONDS = 5


LARGEST_PICTURE = 1024 * 1024  # bytes of an upload


PICTURE_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def reencoded(data: bytes) -> bytes | None:
    """A PNG with the pixels of an uploaded PNG or JPEG; None for anything else.

    At most 1 MB and 2000 pixels a side. Decoded in a process of its own, with little memory,
    little time and no network. Not inside a transaction. Raises :class:`OutOfTime`.
    """
    if len(data) > LARGEST_PICTURE or not data.startswith(PICTURE_STARTS):
        return None
    made = answer_of("trainings.printing.picture_inspector", PICTURE_SECONDS, data)
    return made if made and made.startswith(PICTURE_STARTS[0]) else None
