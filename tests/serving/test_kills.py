"""Killed at random under load, the site comes back each time, and keeps what it promised."""

import os
import random
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import update

from tests import killing
from tests.killing import JOBS, RENDERER, WEB, WEBS
from trainings.core import clock, deaths
from trainings.core.db import transaction
from trainings.jobs.models import Job

SEED = int(os.environ.get("TRAININGS_TEST_SEED", random.SystemRandom().randrange(2**32)))
BACK = 15.0  # seconds, a deadline; how soon it is: script/bench kills


def let_leases_run_out() -> None:
    """Fifteen seconds pass, in which nobody renews the lease of the killed worker's job."""
    with transaction() as session:
        session.execute(
            update(Job)
            .where(Job.state == "running")
            .values(leased_until=clock.now() - timedelta(seconds=1))
        )


def test_six_kills_under_load(each_app: Flask, key_file: Path) -> None:
    print(f"TRAININGS_TEST_SEED={SEED}")
    parts = [WEB, JOBS, WEBS, RENDERER, WEBS, JOBS]
    outcome = killing.kill_each(each_app, key_file, parts, random.Random(SEED), let_leases_run_out)
    print(outcome.start, outcome.back, outcome.seen.acts, outcome.again)
    assert outcome.faults == []
    assert max(seconds for _, seconds in outcome.back) < max(BACK, 3 * outcome.start)
    noted = [one.part for one in deaths.noted(each_app.extensions["settings"].instance)]
    assert sorted(noted) == ["jobs"] * 2 + ["renderer"] + ["web"] * 5
