"""Background work: once, again after a failure, again after a killed worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.jobs import operations, queries
from trainings.jobs.models import Job
from trainings.jobs.rules import Later, delay
from trainings.jobs.writes import enqueue


def _put(task: str = "note", **more: object) -> None:
    with transaction() as session:
        enqueue(session, task, **more)  # type: ignore[arg-type]


def _only() -> Job:
    db.session.remove()
    return db.session.scalars(select(Job)).one()


def test_a_job_runs_once(each_app: Flask) -> None:
    seen: list[int] = []
    _put(number=3)
    tasks = {"note": lambda number: seen.append(number)}
    assert operations.run_next(tasks)
    assert not operations.run_next(tasks)
    assert seen == [3]
    assert _only().state == "done"


def test_work_of_later_waits(each_app: Flask) -> None:
    _put(at=clock.now() + timedelta(hours=1))
    assert not operations.run_next({})
    with clock.shifted(timedelta(hours=2)):
        assert operations.run_next({"note": lambda: None})


def test_a_failure_is_tried_again_and_given_up(each_app: Flask) -> None:
    def fail() -> None:
        raise OSError("a name that must not be logged")

    _put(max_attempts=2)
    assert operations.run_next({"note": fail})
    job = _only()
    assert (job.state, job.attempts, job.fault) == ("waiting", 1, "OSError")
    assert job.run_at > clock.now()
    with clock.shifted(delay(1) + timedelta(seconds=1)):
        assert operations.run_next({"note": fail})
    assert _only().state == "failed"


def test_a_failure_is_logged_without_its_words(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise OSError("Ana Ejemplo")

    _put()
    operations.run_next({"note": fail})
    assert "OSError" in caplog.text
    assert "Ana" not in caplog.text


def test_later_costs_no_attempt(each_app: Flask) -> None:
    def not_now() -> None:
        raise Later(60)

    _put(max_attempts=1)
    operations.run_next({"note": not_now})
    job = _only()
    assert (job.state, job.attempts) == ("waiting", 0)


def test_the_same_work_is_not_queued_twice(each_app: Flask) -> None:
    later = clock.now() + timedelta(hours=1)
    _put(unique_key="release", at=later)
    _put(unique_key="release", at=later + timedelta(hours=1))
    assert _only().run_at == later
    _put(unique_key="release")
    assert _only().run_at < later
    operations.run_next({"note": lambda: None})
    _put(unique_key="release")
    assert len(db.session.scalars(select(Job)).all()) == 2


def test_a_dead_workers_job_comes_back(each_app: Flask) -> None:
    _put()
    claimed = operations._claim()
    assert claimed is not None
    assert operations._claim() is None
    with clock.shifted(timedelta(seconds=16)):
        again = operations._claim()
    assert again is not None
    assert again.id == claimed.id
    operations._finish(claimed)  # the dead worker's lease counts no more
    assert _only().state == "running"


def test_two_workers_never_take_the_same_job(each_app: Flask) -> None:
    for _ in range(20):
        _put()
    taken: list[int] = []
    guard = threading.Lock()

    def work() -> None:
        with each_app.app_context():
            while (job := operations._claim()) is not None:
                with guard:
                    taken.append(job.id)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(set(taken))
    assert len(taken) == 20


def test_a_killed_worker_loses_nothing(
    make_app: Callable[..., Flask], key_file: Path, tmp_path: Path
) -> None:
    """A real worker process is killed in the middle of a job; the next one does it."""
    app = make_app("sqlite")
    environ = {
        **os.environ,
        "TRAININGS_INSTANCE": str(app.extensions["settings"].instance),
        "TRAININGS_KEYS": str(key_file),
    }
    marker = tmp_path / "started"
    program = (
        "import sys, time, pathlib\n"
        "from trainings.app import create_app\nfrom trainings.jobs import operations\n"
        "app = create_app()\n"
        "def slow():\n"
        f"    pathlib.Path({str(marker)!r}).write_text('x')\n"
        "    time.sleep(60)\n"
        "with app.app_context():\n    operations.run_next({'note': slow})\n"
    )
    with app.app_context():
        _put()
        worker = subprocess.Popen([sys.executable, "-c", program], env=environ)
        deadline = time.monotonic() + 20
        while not marker.exists():
            assert time.monotonic() < deadline, "the worker did not start"
            time.sleep(0.05)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        assert _only().state == "running"
        done: list[str] = []
        with clock.shifted(timedelta(seconds=20)):
            assert operations.run_next({"note": lambda: done.append("yes")})
        assert done == ["yes"]
        assert queries.failed() == 0
