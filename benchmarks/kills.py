"""Sixty kills under load, on both databases: when the site answers again, and what is lost.

The suite does the same with six (``tests/serving/test_kills.py``). The seed is printed;
TRAININGS_TEST_SEED repeats it.
"""

import os
import random
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.installation import Bare, database
from benchmarks.rows import Ratio, Row
from tests import killing
from tests.killing import JOBS, RENDERER, WEB, WEBS
from trainings.printing.fonts import prepare

TITLE = "Sixty kills under load: four people nominate, one prints, emails go out"
EACH = 15  # kills of each kind, in an order of chance


def rows() -> Iterator[Row]:
    """Seconds until a page answers, what was done meanwhile, and what is wrong."""
    seed = int(os.environ.get("TRAININGS_TEST_SEED", random.SystemRandom().randrange(2**32)))
    yield Row("seed", str(seed))
    for kind in ("SQLite", "PostgreSQL"):
        chance = random.Random(seed)
        parts = [WEB, WEBS, JOBS, RENDERER] * EACH
        chance.shuffle(parts)
        with (
            tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder,
            database(kind, Path(folder)) as url,
        ):
            here = Bare(Path(folder) / kind, url)
            prepare(here.folder / "fonts")  # cutting them takes longer than all else
            with here.app.app_context():
                outcome = killing.kill_each(here.app, here.folder / "keys.json", parts, chance)
        yield Row(f"{kind}: first start until a page answers", f"{outcome.start:.1f} s")
        for part in (WEB, WEBS, JOBS, RENDERER):
            times = sorted(seconds for which, seconds in outcome.back if which == part)
            yield Row(
                f"{kind}: {part} killed {len(times)} times: until a page answers, median and worst",
                f"{statistics.median(times):.2f} and {times[-1]:.2f} s",
                "≤ 5 s",
                Ratio([statistics.median(times) / outcome.start], "the first start", most=1),
            )
        seen = outcome.seen
        yield Row(
            f"{kind}: nominations acknowledged; kept though the answer was lost; agendas drawn",
            f"{len(seen.acknowledged)}; {len(seen.answer_lost)}; {seen.drawn}",
            "",
        )
        yield Row(f"{kind}: emails sent again with the same Message-ID", f"{outcome.again}")
        yield Row(
            f"{kind}: lost, doubled, or shown as an error",
            "; ".join(outcome.faults) or "none",
            "none",
        )
