"""What the kernel lets a renderer have: memory, time, files, and no network."""

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
    "socket.get",  # names of hosts
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.spawn",
    "os.posix_s",
)


def take_limits() -> None:
    """Bind this process to its memory, to small files and to no core dump (it would hold names)."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))


def allow_seconds(seconds: int) -> None:
    """Let this process use so many more seconds of the processor, then be killed.

    By a timer, not by RLIMIT_CPU: the kernel holds that against another count than the one it
    tells, and on a busy machine the two drift apart, by seconds in a few minutes of work.
    """
    signal.setitimer(signal.ITIMER_PROF, seconds + 1)


def cut_network() -> bool:
    """Leave the network behind; False where the kernel does not allow it."""
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
    """Say nothing more on the error stream: it could repeat what stands on a page."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
