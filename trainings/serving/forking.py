"""Forks the workers of the web server from a process that has loaded the application.

One that dies is forked again, which takes milliseconds, because everything is loaded.
See docs/decisions/2026-11-27-what-dies-comes-back.md.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from trainings.core import deaths
from trainings.serving.keeper import PATIENCE, pause, say

WORKERS = 2
SETTLED = 1.0  # seconds after which a worker counts as well: forking the next costs nothing
HEARD = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
_PARENT_DIES = 1  # PR_SET_PDEATHSIG of prctl(2)


class _Place(Struct):
    """The place of one worker, and what became of those who had it."""

    pid: int = 0  # 0: nobody has it now
    since: float = 0.0
    times: int = 0  # that one died in a row
    free_at: float = 0.0  # when the next is forked


def settle() -> None:
    """Let what is loaded stay where it is, in memory that workers share, and look less for rubbish.

    Circles of objects that nobody holds are looked for after 10,000 new objects instead of 700: a
    list of 10,000 people as a workbook takes a fifth less time. There are none to speak of among
    what is loaded, and to look through it would take a tenth of the start.
    """
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    gc.enable()


def keep(answer: Callable[[], None], instance: Path) -> None:
    """Keep the workers answering until told to stop; in a worker: answer.

    ``instance``: the folder in which deaths are noted.
    """
    settle()
    signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
    places, parent = [_Place() for _ in range(WORKERS)], os.getpid()
    while True:
        for place in places:
            if not place.pid and place.free_at <= time.monotonic():
                place.since, place.pid = time.monotonic(), os.fork()
                if not place.pid:
                    _be_a_worker()
                    if os.getppid() == parent:  # it may have died before it could tell
                        answer()
                    return
        if _told(min((one.free_at for one in places if not one.pid), default=None)):
            break
        for pid, status in _ended():
            _note(instance, next(one for one in places if one.pid == pid), status)
    _end([one.pid for one in places if one.pid])


def _be_a_worker() -> None:
    """In a group of its own with the renderers it starts; it ends with whoever forked it."""
    os.setpgid(0, 0)
    ctypes.CDLL(None).prctl(_PARENT_DIES, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HEARD)


def _told(until: float | None) -> bool:
    """Wait for a signal, or until a moment; whether it says to stop."""
    if until is None:
        return signal.sigwait(HEARD) != signal.SIGCHLD
    heard = signal.sigtimedwait(HEARD, max(0.0, until - time.monotonic()))
    return heard is not None and heard.si_signo != signal.SIGCHLD


def _ended() -> Iterator[tuple[int, int]]:
    """The workers that ended, each with its exit status, and what they started with them."""
    with contextlib.suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(found[0], signal.SIGKILL)
            yield found[0], os.waitstatus_to_exitcode(found[1])


def _note(instance: Path, place: _Place, status: int) -> None:
    now = time.monotonic()
    place.times = 1 if now - place.since >= SETTLED else place.times + 1
    place.pid, place.free_at = 0, now + pause(place.times)
    deaths.note(instance, deaths.WEB, status)
    say("web worker", status, pause(place.times))


def _end(pids: Sequence[int]) -> None:
    """Let the workers finish; those that do not are killed."""
    for pid in pids:
        os.kill(pid, signal.SIGTERM)
    limit = time.monotonic() + PATIENCE - 1
    left = set(pids)
    while left and time.monotonic() < limit:
        left -= {pid for pid, _status in _ended()}
        if left:
            signal.sigtimedwait({signal.SIGCHLD}, limit - time.monotonic())
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
