"""The worker and its renderers are killed at any moment: no gap, nothing twice."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import update

from tests import beside, factories
from tests.certificates import graduates, soundness
from trainings.certificates import operations
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.permissions import Role
from trainings.jobs.models import Job
from trainings.register import queries, signature

SEED = int(os.environ.get("TRAININGS_TEST_SEED", random.SystemRandom().randrange(2**32)))
PEOPLE, KILLS = 24, 2


@contextmanager
def worker(app: Flask, key_file: Path) -> Iterator[None]:
    """A real worker; at the end it and its renderers are killed."""
    with beside.process(app, key_file, beside.command, "jobs", "run") as process:
        try:
            yield
            assert process.is_alive(), "the worker ended by itself"
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid or 0, signal.SIGKILL)


def until_ready(course_id: str, wanted: int) -> None:
    """Return once so many files are there; looking leaves the machine to the worker."""
    limit = time.monotonic() + 60
    while queries.progress(course_id)[0] < wanted:
        db.session.remove()
        assert time.monotonic() < limit, queries.progress(course_id)
        time.sleep(0.02)
    db.session.remove()


def let_leases_run_out() -> None:
    """Fifteen seconds pass, in which nobody renews the lease of the job at hand."""
    with transaction() as session:
        session.execute(
            update(Job)
            .where(Job.state == "running")
            .values(leased_until=clock.now() - timedelta(seconds=1))
        )


def test_killed_at_any_moment_each_has_one_file_and_one_mail(
    each_app: Flask, key_file: Path
) -> None:
    print(f"TRAININGS_TEST_SEED={SEED}")
    chance = random.Random(SEED)
    settings = each_app.extensions["settings"]
    signature.create("Joint trainings")
    lead = factories.account(Role.ORGANISER, agency="IOM")
    names = tuple((f"Ana {number}", "Núñez") for number in range(PEOPLE))
    course_id = graduates.course_of(names)
    assert operations.issue_for_course(course_id, lead) == PEOPLE
    moments = sorted(chance.sample(range(1, PEOPLE - 8), KILLS))
    for moment in moments:
        with worker(each_app, key_file):
            until_ready(course_id, moment)
            pause = time.perf_counter() + chance.uniform(0, 0.03)
            while time.perf_counter() < pause:
                pass  # anywhere in the making of the next one
        assert queries.progress(course_id)[0] < PEOPLE, "killed too late to tell anything"
        let_leases_run_out()
    with worker(each_app, key_file):
        until_ready(course_id, PEOPLE)
    assert soundness.faults(settings, course_id) == []
