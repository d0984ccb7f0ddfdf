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
from trainings.core.db import db, transaction
from trainings.jobs.models import Job

SEED = int(os.environ.get("TRAININGS_TEST_SEED", random.SystemRandom().randrange(2**32)))
BACK = 5.0  # seconds
TIMES = 2  # as long as a plain start, where the machine is so busy that even that takes so long


def let_leases_run_out() -> None:
    """Fifteen seconds pass, in which nobody renews the lease of the killed worker's job."""
    with transaction() as session:
        session.execute(
            update(Job)
            .where(Job.state == "running")
            .values(leased_until=clock.now() - timedelta(seconds=1))
        )


# Six kills, each kind among them; each database takes its half.
KILLED = {"sqlite": [WEB, JOBS, WEBS], "postgresql": [RENDERER, WEBS, JOBS]}


def test_killed_under_load(each_app: Flask, key_file: Path) -> None:
    """After each kill a page is shown within five seconds, or twice what a plain start takes.

    The plain start is two web workers of the same data, begun where five seconds have passed since
    the kill: it shares the machine with the site that comes back, and with whatever else runs
    there. Coming back is the same work, so once as long would do; twice, because the keeper pauses
    first (0.4 s after the second death in a row), because only the site is under load, and because
    one time of each is compared. A site that needs a second attempt, or waits for something, takes
    longer.
    """
    print(f"TRAININGS_TEST_SEED={SEED}")
    parts = KILLED[db.engine.dialect.name]
    outcome = killing.kill_each(
        each_app, key_file, parts, random.Random(SEED), let_leases_run_out, BACK
    )
    print(outcome.start, outcome.back, outcome.plain, outcome.seen.acts, outcome.again)
    assert outcome.faults == []
    late = [
        (part, seconds, plain)
        for (part, seconds), plain in zip(outcome.back, outcome.plain, strict=True)
        if seconds > max(BACK, TIMES * plain)
    ]
    assert not late, f"what was killed, seconds until a page, seconds of a plain start: {late}"
    noted = [one.part for one in deaths.noted(each_app.extensions["settings"].instance)]
    # who drew nothing more before they were killed themselves did not notice that theirs was gone
    assert noted.count("renderer") <= parts.count(RENDERER)
    died = {WEB: ["web"], WEBS: ["web", "web"], JOBS: ["jobs"], RENDERER: []}
    others = sorted(one for one in noted if one != "renderer")
    assert others == sorted(one for part in parts for one in died[part])
