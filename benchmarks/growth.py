"""Every HTML page of the URL map for every role: a course of 60 people, and one of 50,000."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.installation import Bare
from tests import walking
from tests.walking import Page

TITLE = "Every page at any size"
FEW, MANY, TIMES = (
    60,
    int(os.environ.get("GROWTH_PEOPLE", "50000")),
    int(os.environ.get("GROWTH_TIMES", "3")),
)
WANTED = os.environ.get("GROWTH_PAGES", "")  # part of a route
TIMES_SLOWER, MILLISECONDS, STATEMENTS, KILOBYTES = 3, 100, 15, 150
AIM = f"≤ {TIMES_SLOWER} ×, ≤ {MILLISECONDS} ms, ≤ {STATEMENTS} SQL, ≤ {KILOBYTES} KB"


def rows() -> Iterator[tuple[str, str, str]]:
    """Each page of each role at both sizes, the slowest first; then how many miss the aim."""
    few, many = walked(FEW), walked(MANY)
    slowest = sorted(many.values(), key=lambda one: -one.processor)
    missed = 0
    for page in slowest:
        before = few[page.route, page.who]
        fails = misses(before, page)
        missed += bool(fails)
        measured = (
            f"{before.processor * 1000:.0f} → {page.processor * 1000:.0f} ms "
            f"(wall {before.seconds * 1000:.0f} → {page.seconds * 1000:.0f}, "
            f"{page.processor / max(before.processor, 0.001):.1f} ×), "
            f"{len(before.statements)} → {len(page.statements)} SQL, "
            f"{before.kilobytes:.0f} → {page.kilobytes:.0f} KB"
        )
        yield f"`{page.route}` as {page.who}", measured, ", ".join(fails) or "met"
    yield f"pages that miss: {AIM}", f"{missed} of {len(many)}", "0"


def misses(before: Page, page: Page) -> list[str]:
    """Which of the four aims a page misses."""
    slower = page.processor > TIMES_SLOWER * max(before.processor, 0.004)
    return [
        words
        for words, missed in (
            ("grows", slower),
            ("slow", page.processor * 1000 > MILLISECONDS),
            ("statements", len(page.statements) > STATEMENTS),
            ("large", page.kilobytes > KILOBYTES),
        )
        if missed
    ]


def walked(people: int) -> dict[tuple[str, str], Page]:
    """Every page with so many people in the courses, and a fifth as many courses."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        app = Bare(Path(folder) / "instance").app
        with walking.crowded(app, people, people // 5) as made:
            return {(page.route, page.who): page for page in walking.walk(made, TIMES, WANTED)}
