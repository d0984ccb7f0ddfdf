"""Keeps processes running, each in a place: what ends is forked again, after pauses that grow.

The keeper and the web server keep theirs so. Little is loaded here: the keeper stays small, and
starts in a moment. See docs/decisions/2026-11-27-what-dies-comes-back.md.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from trainings.core import deaths

FIRST, LONGEST = 0.2, 30.0  # seconds of pause before what died is forked again
HEARD = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
_PARENT_DIES = 1  # PR_SET_PDEATHSIG of prctl(2)


class Place:
    """The place of one process, and what became of those who had it.

    ``part``: as which its deaths are noted; ``name``: as what the log speaks of it; ``begin``: what
    the process does, told whether it is the first one here; ``settled``: seconds of life after
    which a death counts as the first.
    """

    def __init__(
        self, part: str, name: str, begin: Callable[[bool], object], settled: float
    ) -> None:
        self.part, self.name, self.begin, self.settled = part, name, begin, settled
        self.pid = 0  # 0: nobody has it now
        self.since = 0.0
        self.times = 0  # that one died in a row
        self.first = True
        self.free_at = 0.0  # when the next is forked

    def free(self) -> bool:
        """Whether the next may be forked now."""
        return not self.pid and self.free_at <= time.monotonic()

    def left(self) -> float:
        """Who had it has died: the seconds until the next is forked."""
        now = time.monotonic()
        self.times = 1 if now - self.since >= self.settled else self.times + 1
        self.pid, self.first, self.free_at = 0, False, now + pause(self.times)
        return pause(self.times)


def pause(times: int) -> float:
    """Seconds until what has died this many times in a row is forked again."""
    return float(min(FIRST * 2 ** min(times - 1, 20), LONGEST))


def keep(places: Sequence[Place], instance: Path, patience: float) -> int:
    """Keep all running until told to stop, then let them finish; in a forked process: be it.

    Returns the exit status: 78 (``EX_CONFIG``) if one ended with it, for it does not start with
    these settings and would not the next time. ``instance``: the folder in which deaths are noted;
    ``patience``: the seconds that they have to finish.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # whoever started it may have ignored it
    signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
    parent, status = os.getpid(), os.EX_OK
    while status != os.EX_CONFIG:
        for place in filter(Place.free, places):
            place.since, place.pid = time.monotonic(), os.fork()
            if not place.pid:
                _be_forked()
                if os.getppid() == parent:  # it may have died before it could tell
                    place.begin(place.first)
                return os.EX_OK
        if _told(min((one.free_at for one in places if not one.pid), default=None)):
            break
        for pid, ended in _ended():
            # none: it was handed to this process, as to the first one of a container
            for place in (one for one in places if one.pid == pid):
                after = place.left()
                if ended == os.EX_CONFIG:
                    status = ended
                else:
                    _note(place, instance, ended, after)
    _end([one.pid for one in places if one.pid], patience)
    return status


def _be_forked() -> None:
    """In a session of its own with what it starts; it ends with whoever forked it."""
    os.setsid()
    ctypes.CDLL(None).prctl(_PARENT_DIES, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HEARD)


def _told(until: float | None) -> bool:
    """Wait for a signal, or until a moment; whether it says to stop."""
    if until is None:
        return signal.sigwait(HEARD) != signal.SIGCHLD
    heard = signal.sigtimedwait(HEARD, max(0.0, until - time.monotonic()))
    return heard is not None and heard.si_signo != signal.SIGCHLD


def _ended() -> Iterator[tuple[int, int]]:
    """The processes that ended, each with its exit status, and what they started with them."""
    with contextlib.suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(found[0], signal.SIGKILL)
            yield found[0], os.waitstatus_to_exitcode(found[1])


def _note(place: Place, instance: Path, status: int, after: float) -> None:
    deaths.note(instance, place.part, status)
    how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
    words = f"A {place.name} {how}; it is started again in {after:g} s."
    with contextlib.suppress(OSError):
        sys.stderr.write(f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')} {words}\n")
        sys.stderr.flush()


def _end(pids: Sequence[int], patience: float) -> None:
    """Let them finish; those that do not are killed."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    limit = time.monotonic() + patience
    left = set(pids)
    while left and time.monotonic() < limit:
        left -= {pid for pid, _status in _ended()}
        if left:
            signal.sigtimedwait({signal.SIGCHLD}, max(0.0, limit - time.monotonic()))
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)
