"""The limits the kernel sets for a renderer: memory, time, files, and no network."""

import ctypes
import os
import resource
import signal
import sys
from typing import Any

MEMORY = 1024 * 1024 * 1024
FILE_SIZE = 64 * 1024 * 1024
NEW_USER = 0x10000000
NEW_NETWORK = 0x40000000
FORBIDDEN = (
    "socket.connect",
    "socket.bind",
    "socket.send",
    "socket.get",  # host name look-up
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.spawn",
    "os.posix_s",
)


def take_limits() -> None:
    """Limit this process's memory and file size; no core dump, which would contain names."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))


def allow_seconds(seconds: int) -> None:
    """Let this process use this many more seconds of processor time, then be killed.

    Uses a timer, not RLIMIT_CPU: the kernel checks that against a different count than the one it
    reports, and on a busy machine the two drift apart by seconds within a few minutes of work.
    """
    signal.setitimer(signal.ITIMER_PROF, seconds + 1)


def cut_network() -> bool:
    """Cut this process off from the network; False where the kernel does not allow it."""
    try:
        unshare = ctypes.CDLL(None, use_errno=True).unshare
    except (OSError, AttributeError):
        return False
    return bool(unshare(NEW_NETWORK) == 0 or unshare(NEW_USER | NEW_NETWORK) == 0)


def refuse_calls_out() -> None:
    """Refuse to open sockets or start programs from here on, whatever the kernel allows."""

    def watch(event: str, _arguments: tuple[Any, ...]) -> None:
        if event.startswith(FORBIDDEN):
            raise PermissionError("the renderer has no way out")

    sys.addaudithook(watch)


def hush() -> None:
    """Silence the error stream from here on: it could repeat text from a page."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
