"""Forks the workers of the web server from a process that has loaded the application.

One that dies is forked again, which takes milliseconds, because everything is loaded.
See docs/decisions/2026-11-27-what-dies-comes-back.md.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

from trainings.core import deaths
from trainings.serving import places
from trainings.serving.places import Place

WORKERS = 2
PATIENCE = 14.0  # seconds until a worker that was told to stop is killed: before the keeper kills
SETTLED = 1.0  # seconds after which a worker counts as well: forking the next costs nothing


def settle() -> None:
    """Let what is loaded stay where it is, in memory that workers share, and look less for rubbish.

    Circles of objects that nobody holds are looked for after 10,000 new objects instead of 700: a
    list of 10,000 people as a workbook takes a fifth less time. There are none to speak of among
    what is loaded, and to look through it would take a tenth of the start.
    """
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    gc.enable()


def keep(answer: Callable[[], object], instance: Path) -> int:
    """Keep the workers answering until told to stop; in a worker: answer. The exit status.

    ``instance``: the folder in which deaths are noted.
    """
    settle()
    here = [
        Place(deaths.WEB, "web worker", lambda _first: answer(), SETTLED) for _ in range(WORKERS)
    ]
    return places.keep(here, instance, PATIENCE)
