"""Taking things in turns, and the plain things that they are compared with in one process.

What else the machine does then weighs on both of them alike.
"""

import contextlib
import statistics
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from flask import Flask

from benchmarks import control
from benchmarks.rows import Ratio, Row, of_each, spread
from trainings.core.db import db

TURNS, EACH = 7, 9  # turns that count, and how often each thing is done in one

PAGE, INSERT, LOOP = "a bare page", "a bare insert", "a loop of Python"


class Plain(NamedTuple):
    """A page that asks the database 17 times, and a form that stores one row durably."""

    page: Callable[[], object]
    insert: Callable[[], object]


@contextlib.contextmanager
def plain(app: Flask) -> Iterator[Plain]:
    """The bare page and the bare form on the database of an app, without a server."""
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    engine = control.connected(url)
    client = control.create(engine).test_client()
    try:
        yield Plain(
            lambda: client.get("/"), lambda: client.post("/insert", data={"words": "word " * 30})
        )
    finally:
        engine.dispose()


def loop() -> None:
    """What this processor and this Python do: for solvers, and what else asks no database."""
    sum(number * number for number in range(200_000))


def in_turns(
    *acts: Callable[[], object],
    turns: int = TURNS,
    each: int = EACH,
    clock: Callable[[], float] = time.perf_counter,
) -> list[list[float]]:
    """The median milliseconds of each act, once for each turn; a first turn warms up."""
    found: list[list[float]] = [[] for _ in acts]
    for _turn in range(turns + 1):
        for act, taken in zip(acts, found, strict=True):
            spent = []
            for _time in range(each):
                begun = clock()
                act()
                spent.append(1000 * (clock() - begun))
            taken.append(statistics.median(spent))
    return [taken[1:] for taken in found]


def compared(
    what: str, taken: list[float], baseline: list[float], to: str, most: float, aim: str = ""
) -> Row:
    """The row of something measured in turns with a baseline; ``most``: the ratio promised."""
    return Row(what, spread(taken, " ms"), aim, Ratio(of_each(taken, baseline), to, most=most))
