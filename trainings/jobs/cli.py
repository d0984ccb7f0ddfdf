"""``flask jobs run``: the background worker."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Mapping

import click
from flask import current_app
from flask.cli import AppGroup

from trainings.core.db import db
from trainings.jobs import operations, queries
from trainings.jobs.rules import Round

commands = AppGroup("jobs", help="Background work: mails, deadlines, certificates.")
_IDLE = 0.2  # seconds between checks of the queue


@commands.command("run")
@click.option("--once", is_flag=True, help="Do what is due and end.")
def run(once: bool) -> None:
    """Run due jobs until stopped; SIGTERM ends after the current job."""
    stop = threading.Event()
    if not once:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    work = queries.work()
    for start in work.starts if not once else ():
        start()
    due = dict.fromkeys(work.rounds, 0.0)
    while not stop.is_set():
        _make_rounds(work.rounds, due)
        if operations.run_next(work.tasks):
            continue
        if once:
            break
        stop.wait(_IDLE)


def _make_rounds(rounds: Mapping[str, Round], due: dict[str, float]) -> None:
    """Call each recurring task whose interval has passed; log a failure and keep the task."""
    for name, (seconds, duty) in rounds.items():
        if time.monotonic() < due[name]:
            continue
        due[name] = time.monotonic() + seconds
        try:
            duty()
        except Exception as error:
            current_app.logger.error("round %s failed: %s", name, type(error).__name__)
        finally:
            db.session.remove()
