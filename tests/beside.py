"""Processes beside the test, to be killed: each is forked from one that has loaded the software.

They have settings, connections and locks of their own, as processes that are started; what Python
takes to load the software, two seconds each time, is paid once.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from flask import Flask

from trainings.app import create_app

_loaded = multiprocessing.get_context("forkserver")
# With what the job worker loads once it signs a document.
_loaded.set_forkserver_preload(
    [__name__, "trainings.app", "tests.factories", "trainings.signing.pades"]
)


@contextmanager
def process(
    app: Flask, key_file: Path, act: Callable[..., None], *given: Any
) -> Iterator[BaseProcess]:
    """``act(*given)`` in a process with the data of this app; killed when the block ends.

    Within a group of its own, so that ``os.killpg`` ends what it started, too.
    """
    settings = app.extensions["settings"]
    environ = {
        "TRAININGS_INSTANCE": str(settings.instance),
        "TRAININGS_KEYS": str(key_file),
        "DATABASE_URL": settings.database_url,
    }
    made = _loaded.Process(target=_begin, args=(environ, act, *given))
    made.start()
    try:
        yield made
    finally:
        made.kill()
        made.join()


def _begin(environ: dict[str, str], act: Callable[..., None], *given: Any) -> None:
    os.environ.update(environ)
    os.setsid()
    act(*given)


def with_app(act: Callable[..., None], *given: Any) -> None:
    """For ``process``: ``act(*given)`` within an app made there."""
    with create_app().app_context():
        act(*given)


def command(*words: str) -> None:
    """For ``process``: a command of flask, as ``flask jobs run``."""
    from flask.cli import main

    sys.argv = ["flask", "--app", "wsgi", *words]
    main()
