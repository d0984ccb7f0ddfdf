"""Tables: everybody seated again, a half-empty room filled, and the page that shows it."""

import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.installation import Bare
from benchmarks.rows import Ratio, Row
from tests import factories
from tests.tables.rooms import COUNTRIES, FUNCTIONS, Hall
from trainings.core.db import db
from trainings.tables import operations
from trainings.tables.mixing_rules import seat_all, seat_rest
from trainings.tables.neighbour_rules import Guest
from trainings.tables.rules import Layout

TITLE = "Tables: 60 and 500 people"
PLACES, TIMES = 8, 9


def rows() -> Iterator[Row]:
    """Milliseconds of mixing compared with plain dealing, of its transaction, and of the page."""
    seed = random.SystemRandom().randrange(10**6)
    for people in (60, 500):
        yield from measured(people, seed)


def measured(people: int, seed: int) -> Iterator[Row]:
    """The times for this many people, from the rule alone to the page."""
    layout = Layout(-(-people // PLACES), PLACES)
    guests = crowd(random.Random(seed), people)
    seated = seat_all(guests, layout)
    half = {key: place for key, place in seated.items() if place.table % 2}
    anew, plain, rest = medians(
        lambda: seat_all(guests, layout),
        lambda: dealt(guests, layout),
        lambda: seat_rest(guests, half, layout),
    )
    yield Row(
        f"mixing {people} people (seed {seed})",
        f"{anew:.1f} ms",
        ratio=Ratio([anew / plain], "dealing them out unmixed", most=300),
    )
    yield Row(f"filling the room, half of {people} stay", f"{rest:.1f} ms", "≤ 1000 ms")
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        app = Bare(Path(folder) / "instance").app
        with app.app_context():
            hall, client = Hall(people), app.test_client()
            hall.set(layout.tables, layout.places)
            factories.sign_in(client, hall.by)
            (written,) = medians(lambda: operations.seat_anew(hall.course, hall.by))
            db.session.remove()
            (shown,) = medians(lambda: client.get("/courses/BUE27/tables").data)
            page = client.get("/courses/BUE27/tables").get_data(as_text=True)
            db.engine.dispose()
    assert len(re.findall('class="sitter"', page)) == people
    yield Row(f"mixing {people} people, with its transaction", f"{written:.0f} ms")
    yield Row(f"the page of {people} people, {len(page) // 1024} KB", f"{shown:.0f} ms")


def crowd(chance: random.Random, people: int) -> list[Guest]:
    """People of nine countries and three functions, some of which send far more than others."""
    weights = [chance.random() ** 2 + 0.02 for _ in COUNTRIES]
    return [
        Guest(f"{number:04}", chance.choices(COUNTRIES, weights)[0], chance.choice(FUNCTIONS))
        for number in range(people)
    ]


def dealt(guests: list[Guest], layout: Layout) -> dict[str, tuple[int, int]]:
    """The plain way: people dealt one by one by country, table after table."""
    ordered = sorted(guests, key=lambda one: (one.country, one.function))
    return {
        one.id: (place % layout.tables, place // layout.tables) for place, one in enumerate(ordered)
    }


def medians(*acts: Callable[[], object]) -> list[float]:
    """The median milliseconds of each act, taken in turns."""
    times: list[list[float]] = [[] for _ in acts]
    for _turn in range(TIMES + 1):
        for act, taken in zip(acts, times, strict=True):
            begun = time.perf_counter()
            act()
            taken.append(1000 * (time.perf_counter() - begun))
    return [statistics.median(taken[1:]) for taken in times]  # the first warms up
