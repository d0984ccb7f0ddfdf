"""``flask jobs run``: the background worker."""

from __future__ import annotations

import signal
import threading
import time

import click
from flask import current_app
from flask.cli import AppGroup

from trainings.core.db import db
from trainings.jobs import operations

commands = AppGroup("jobs", help="Background work: mails, deadlines, certificates.")
_IDLE = 0.2  # seconds between two looks into the queue


@commands.command("run")
@click.option("--once", is_flag=True, help="Do what is due and end.")
def run(once: bool) -> None:
    """Run what is due; go on until stopped (SIGTERM ends after the job at hand)."""
    stop = threading.Event()
    if not once:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    tasks = current_app.extensions["tasks"]
    due = dict.fromkeys(current_app.extensions["rounds"], 0.0)
    while not stop.is_set():
        _make_rounds(due)
        if operations.run_next(tasks):
            continue
        if once:
            break
        stop.wait(_IDLE)


def _make_rounds(due: dict[str, float]) -> None:
    """Call each recurring duty whose interval has passed; a failing one is logged and kept."""
    for name, (seconds, duty) in current_app.extensions["rounds"].items():
        if time.monotonic() < due[name]:
            continue
        due[name] = time.monotonic() + seconds
        try:
            duty()
        except Exception as error:
            current_app.logger.error("round %s failed: %s", name, type(error).__name__)
        finally:
            db.session.remove()
