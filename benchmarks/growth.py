"""Every HTML page of the URL map for every role: a course of 60 people, and one of 50,000."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median

from flask import Flask
from sqlalchemy import text

from benchmarks.installation import Bare, database
from tests import walking
from tests.stage import Stage
from tests.walking import Page
from trainings.core.db import db
from trainings.serving import forking

TITLE = "Every page at any size"
FEW, MANY, TIMES = (
    60,
    int(os.environ.get("GROWTH_PEOPLE", "50000")),
    int(os.environ.get("GROWTH_TIMES", "3")),
)
AGAIN = 3 * TIMES  # how often who misses an aim of time is timed anew
NOT_IN_PRODUCTION = "/outbox"  # the page of emails is there in development alone
WANTED = os.environ.get("GROWTH_PAGES", "")  # part of a route
KIND = os.environ.get("GROWTH_DATABASE", "SQLite")  # or PostgreSQL: its server takes time as well
TIMES_SLOWER, MILLISECONDS, STATEMENTS, KILOBYTES = 3, 100, 15, 150
AIM = f"≤ {TIMES_SLOWER} ×, ≤ {MILLISECONDS} ms, ≤ {STATEMENTS} SQL, ≤ {KILOBYTES} KB"


def rows() -> Iterator[tuple[str, str, str]]:
    """Each page of each role at both sizes, the slowest first; then how many miss the aim."""
    missed, both = 0, list(in_turns())
    for before, page in sorted(both, key=lambda pair: -spent(pair[1])):
        fails = misses(before, page)
        missed += bool(fails)
        measured = (
            f"{before.processor * 1000:.0f} → {page.processor * 1000:.0f} ms "
            f"(wall {before.seconds * 1000:.0f} → {page.seconds * 1000:.0f}, "
            f"{spent(page) / max(spent(before), 0.001):.1f} ×), "
            f"{len(before.statements)} → {len(page.statements)} SQL, "
            f"{before.kilobytes:.0f} → {page.kilobytes:.0f} KB"
        )
        yield f"`{page.route}` as {page.who}", measured, ", ".join(fails) or "met"
    yield f"pages that miss: {AIM}", f"{missed} of {len(both)}", "0"


def misses(before: Page, page: Page) -> list[str]:
    """Which of the four aims a page misses."""
    slower = spent(page) > TIMES_SLOWER * max(spent(before), 0.004)
    return [
        words
        for words, missed in (
            ("grows", slower),
            ("slow", spent(page) * 1000 > MILLISECONDS),
            ("statements", len(page.statements) > STATEMENTS),
            ("large", page.kilobytes > KILOBYTES),
        )
        if missed
    ]


def spent(page: Page) -> float:
    """Seconds of processor; where the database is a process of its own, seconds by the clock."""
    return page.processor if KIND == "SQLite" else page.seconds


def in_turns() -> Iterator[tuple[Page, Page]]:
    """Every page with few and with many people in the courses, one after the other.

    There are a fifth as many courses as people. Minutes apart the same machine differs by half.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="trainings-bench-")))
        made = []
        for people in (FEW, MANY):
            url = stack.enter_context(database(KIND, folder))
            app = Bare(folder / f"instance{people}", url).app
            made.append(stack.enter_context(walking.crowded(app, people, people // 5)))
            if url:
                _counted(app)
        forking.settle()  # as a web worker does
        for few, many in zip(*(walking.walk(one, TIMES, WANTED) for one in made), strict=True):
            assert (few.route, few.who) == (many.route, many.who)
            if few.route.startswith(NOT_IN_PRODUCTION):
                continue
            if {"grows", "slow"} & set(misses(few, many)):
                yield _again(made, (few, many))
            else:
                yield few, many


def _again(made: Sequence[Stage], pages: tuple[Page, Page]) -> tuple[Page, Page]:
    """Both timed more often, in turns: of 1,600 pages timed three times, some meet a bad moment."""
    turns = [
        [walking.timed_again(one, page) for one, page in zip(made, pages, strict=True)]
        for _turn in range(AGAIN)
    ]
    few, many = (
        replace(
            page, seconds=median(one[0] for one in taken), processor=median(one[1] for one in taken)
        )
        for page, taken in zip(pages, zip(*turns, strict=True), strict=True)
    )
    return few, many


def _counted(app: Flask) -> None:
    """Let PostgreSQL count what it holds, as it does by itself after a minute."""
    with app.app_context(), db.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
