"""Keeps the web server and the job worker running: ``script/server`` starts it.

What dies is started again; a part that keeps dying, after pauses that grow. Of the application it
loads the notes of deaths alone, so that it stays small and little in it can fail.

    python -m trainings.serving.keeper          web server and job worker
    python -m trainings.serving.keeper web      that alone (or: jobs)

See docs/decisions/2026-11-27-what-dies-comes-back.md.
"""

from __future__ import annotations

import os
import socket
import sys
import time
from functools import partial
from pathlib import Path

from trainings.core import deaths
from trainings.serving.places import Place, keep

PATIENCE = 15.0  # seconds until a part that was told to stop is killed
SETTLED = 10.0  # seconds after which a running part counts as well
HEAD_START = 10.0  # seconds that the job worker waits at most for the first page to be served

COMMANDS = {
    deaths.WEB: ("-m", "trainings.serving.start"),
    deaths.JOBS: ("-m", "flask", "--app", "wsgi", "jobs", "run"),
}
NAMES = {deaths.WEB: "web server", deaths.JOBS: "job worker"}


def main(arguments: list[str]) -> int:
    """Keep the parts named, or all; returns the exit status: 78 if the settings ended it."""
    parts = arguments or list(COMMANDS)
    head_start = HEAD_START if deaths.WEB in parts else 0.0
    starts = {
        deaths.WEB: partial(_run, deaths.WEB, 0.0),
        deaths.JOBS: partial(_run, deaths.JOBS, head_start),
    }
    places = [Place(part, NAMES[part], starts[part], SETTLED) for part in parts]
    instance = Path(os.environ.get("TRAININGS_INSTANCE") or "instance")
    return keep(places, instance, PATIENCE)


def _run(part: str, head_start: float, first: bool) -> None:
    """Become a part; the first time after the site answers, or after the seconds of its start."""
    if first:
        _until_served(head_start)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.set_inheritable(0, True)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # what whoever started the keeper left open
    os.execv(sys.executable, (sys.executable, *COMMANDS[part]))  # noqa: S606 (our own module)


def _until_served(most: float) -> None:
    """Return once the site answers: the job worker must not slow down the first page."""
    limit = time.monotonic() + most
    while time.monotonic() < limit:
        try:
            address = os.environ["HOST"], int(os.environ["PORT"])
            socket.create_connection(address, timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
