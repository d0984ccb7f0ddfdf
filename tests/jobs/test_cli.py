"""``flask jobs run``: once for what is due, or until told to stop, which ends after the job."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from flask import Flask
from msgspec.structs import replace
from sqlalchemy import select

from trainings import wiring
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.jobs import writes
from trainings.jobs.models import Job
from trainings.printing import cage
from trainings.signing import signing


def put(number: int, later: timedelta = timedelta()) -> None:
    with transaction() as session:
        writes.enqueue(session, "note", at=clock.now() + later, number=number)


def states() -> dict[int, str]:
    db.session.close()
    return {job.payload["number"]: job.state for job in db.session.scalars(select(Job))}


def test_once_does_what_is_due_and_ends(app: Flask) -> None:
    done: list[int] = []
    app.extensions["work"].tasks["note"] = lambda number: done.append(number)
    put(1)
    put(2)
    put(3, later=timedelta(hours=1))
    result = app.test_cli_runner().invoke(args=["jobs", "run", "--once"])
    assert result.exit_code == 0, result.output
    assert sorted(done) == [1, 2]
    assert states() == {1: "done", 2: "done", 3: "waiting"}


def test_what_a_task_will_need_is_started_with_the_worker(app: Flask) -> None:
    """The renderers are warm before the first click; a worker that runs once starts none."""
    stops = signal.SIGTERM, signal.SIGINT
    before = [signal.getsignal(number) for number in stops]
    started: list[bool] = []

    def start() -> None:
        started.append(True)
        os.kill(os.getpid(), signal.SIGTERM)

    assert app.extensions["work"].starts == wiring.STARTS == (cage.warm, signing.warm)
    app.extensions["work"] = replace(app.extensions["work"], starts=(start,))
    try:
        app.test_cli_runner().invoke(args=["jobs", "run", "--once"])
        assert started == []
        app.test_cli_runner().invoke(args=["jobs", "run"])
        assert started == [True]
    finally:
        for number, handler in zip(stops, before, strict=True):
            signal.signal(number, handler)


def test_told_to_stop_it_finishes_the_job_at_hand(
    make_app: Callable[..., Flask], key_file: Path, tmp_path: Path
) -> None:
    app = make_app("sqlite")
    begun, may_end = tmp_path / "begun", tmp_path / "may-end"
    program = (
        "import pathlib, time\n"
        "from trainings import commands\n"
        "from trainings.app import create_app\n"
        "app = create_app()\n"
        "commands.add(app)\n"
        "def note(number):\n"
        f"    pathlib.Path({str(begun)!r}).write_text(str(number))\n"
        f"    while not pathlib.Path({str(may_end)!r}).exists():\n"
        "        time.sleep(0.02)\n"
        "app.extensions['work'].tasks['note'] = note\n"
        "app.cli.commands['jobs'].main(['run'], obj=__import__('flask').cli.ScriptInfo("
        "create_app=lambda: app))\n"
    )
    environ = {
        **os.environ,
        "TRAININGS_INSTANCE": str(app.extensions["settings"].instance),
        "TRAININGS_KEYS": str(key_file),
    }
    with app.app_context():
        put(1)
        put(2)
        worker = subprocess.Popen([sys.executable, "-c", program], env=environ)
        try:
            limit = time.monotonic() + 60
            while not begun.exists():
                assert worker.poll() is None, "the worker ended before it began"
                assert time.monotonic() < limit, "the worker did not begin"
                time.sleep(0.02)
            worker.send_signal(signal.SIGTERM)
            may_end.touch()
            assert worker.wait(60) == 0
        finally:
            worker.kill()
        assert states() == {1: "done", 2: "waiting"}
