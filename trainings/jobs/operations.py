"""Runs background work: claim, keep alive, finish or release."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NamedTuple

from flask import Flask, current_app

from trainings.core import clock
from trainings.core.db import db, new_key, transaction
from trainings.jobs import queries
from trainings.jobs.rules import HEARTBEAT, LEASE, Later, Task, delay


class Claimed(NamedTuple):
    """A job that this worker holds under a lease."""

    id: int
    task: str
    payload: dict[str, Any]
    lease: str


def run_next(tasks: dict[str, Task]) -> bool:
    """Run one due job, if there is one; returns whether there was.

    A failed task is retried until its attempts are used up; when a worker dies, its lease
    expires and another worker takes the job.
    """
    job = _claim()
    if job is None:
        return False
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        with _kept_alive(app, job):
            tasks[job.task](**job.payload)
    except Later as later:
        _put_back(job, timedelta(seconds=later.seconds), attempt_counts=False, fault="")
    except Exception as error:
        current_app.logger.error("job %s (%s) failed: %s", job.id, job.task, type(error).__name__)
        _put_back(job, None, attempt_counts=True, fault=type(error).__name__)
    else:
        _finish(job)
    finally:
        db.session.remove()
    return True


def _claim() -> Claimed | None:
    if not queries.is_due(clock.now()):
        db.session.remove()
        return None
    with transaction() as session:
        job = queries.next_due_for_update(session, clock.now())
        if job is None:
            return None
        if job.state == "running" and job.attempts >= job.max_attempts:
            job.state, job.fault, job.ended_at = "failed", "WorkerDied", clock.now()
            return None
        job.state, job.lease = "running", new_key()
        job.leased_until = clock.now() + LEASE
        job.attempts += 1
        return Claimed(job.id, job.task, dict(job.payload), job.lease)


@contextmanager
def _kept_alive(app: Flask, job: Claimed) -> Iterator[None]:
    """Renew the lease from a thread while the task runs."""
    done = threading.Event()

    def beat() -> None:
        with app.app_context():
            while not done.wait(HEARTBEAT):
                try:
                    _renew(job)
                finally:
                    db.session.remove()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _renew(job: Claimed) -> None:
    with transaction() as session:
        held = queries.held_for_update(session, job.id, job.lease)
        if held is not None:
            held.leased_until = clock.now() + LEASE


def _finish(job: Claimed) -> None:
    with transaction() as session:
        held = queries.held_for_update(session, job.id, job.lease)
        if held is not None:
            held.state, held.lease, held.ended_at = "done", None, clock.now()


def _put_back(job: Claimed, wait: timedelta | None, *, attempt_counts: bool, fault: str) -> None:
    with transaction() as session:
        held = queries.held_for_update(session, job.id, job.lease)
        if held is None:
            return
        held.lease, held.leased_until, held.fault = None, None, fault or None
        if not attempt_counts:
            held.attempts -= 1
        if held.attempts >= held.max_attempts:
            held.state, held.ended_at = "failed", clock.now()
        else:
            held.state = "waiting"
            held.run_at = clock.now() + (delay(held.attempts) if wait is None else wait)
            held.unique_key = None  # the same work may have been queued again in the meantime
