"""How work is retried: leases, delays, when it is given up."""

from __future__ import annotations

from datetime import timedelta

LEASE = timedelta(seconds=15)
HEARTBEAT = 5.0  # seconds between two signs of life of a running job


class Later(Exception):
    """A task says: not now, try again in so many seconds; it costs no attempt."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def delay(attempts: int) -> timedelta:
    """How long a failed job waits before its next attempt: 5 s, 10 s, 20 s … at most an hour."""
    return timedelta(seconds=min(5 * 2 ** max(attempts - 1, 0), 3600))
