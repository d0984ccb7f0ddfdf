"""How work is retried: leases, delays, and when to give up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from msgspec import Struct

Task = Callable[..., object]
Round = tuple[float, Callable[[], object]]  # interval in seconds, function

LEASE = timedelta(seconds=15)
HEARTBEAT = 5.0  # seconds between heartbeats of a running job


class Work(Struct, frozen=True):
    """What the worker can do: tasks by the name in their rows, recurring tasks, and what it starts.

    What is started runs beside its other work, so that it is there when a task first needs it.
    """

    tasks: dict[str, Task]
    rounds: dict[str, Round]
    starts: tuple[Callable[[], object], ...] = ()


class Later(Exception):
    """Raised by a task to be retried after some seconds, without using up an attempt."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def delay(attempts: int) -> timedelta:
    """The delay before a failed job's next attempt: 5 s, 10 s, 20 s … at most an hour."""
    return timedelta(seconds=min(5 * 2 ** max(attempts - 1, 0), 3600))
