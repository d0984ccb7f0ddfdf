"""What died and was started again: noted in a file of the installation, for the page of health.

Read and written without the application, whose database may be what failed.
"""

from __future__ import annotations

import fcntl
import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, NamedTuple

from trainings.core.clock import now

KEPT = 500
WEB, JOBS, RENDERER = "web", "jobs", "renderer"


class Death(NamedTuple):
    """One part that ended without being told to, and its exit status (negative: the signal)."""

    at: datetime
    part: str
    status: int

    @property
    def how(self) -> str:
        """How it ended: the name of the signal, or the exit status."""
        if self.status >= 0:
            return str(self.status)
        with suppress(ValueError):
            return signal.Signals(-self.status).name
        return str(-self.status)


def note(instance: Path, part: str, status: int) -> None:
    """Note that a part has just died; what cannot be written is not noted."""
    line = json.dumps({"at": now().timestamp(), "part": part, "status": status})
    with suppress(OSError), _file(instance, "a+", fcntl.LOCK_EX) as file:
        file.seek(0)
        lines = file.readlines()
        if len(lines) >= 2 * KEPT:
            file.truncate(0)
            file.writelines(lines[-KEPT:])
        file.write(f"{line}\n")


def noted(instance: Path) -> list[Death]:
    """What has died, the oldest first; the file holds the last few hundred."""
    found: list[Death] = []
    with suppress(OSError), _file(instance, "r", fcntl.LOCK_SH) as file:
        for line in file:
            with suppress(ValueError, KeyError, TypeError):
                one = json.loads(line)
                at = datetime.fromtimestamp(one["at"], UTC)
                found.append(Death(at, str(one["part"]), int(one["status"])))
    return found


@contextmanager
def _file(instance: Path, mode: str, lock: int) -> Iterator[IO[str]]:
    with (instance / "deaths").open(mode, encoding="utf-8") as file:
        fcntl.flock(file, lock)
        yield file
