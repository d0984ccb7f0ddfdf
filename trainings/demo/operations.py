"""Remembers from which day the demo counts, and that it stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from trainings.audit.writes import record
from trainings.core.db import Installation, db, transaction
from trainings.demo import queries


def begin(today: date) -> date:
    """Count the demo's days from today, or from where an earlier load began; gives that day."""
    with transaction() as session:
        earlier = queries.first_day()
        if earlier is not None:
            return earlier
        session.add(Installation(name=queries.FIRST_DAY, value=today.isoformat()))
        return today


def finish(today: date) -> None:
    """Remember that the whole demo stands."""
    with transaction() as session:
        session.add(Installation(name=queries.LOADED, value=today.isoformat()))
        record(session, "demo.load", "installation", queries.LOADED, by=None)


@contextmanager
def hurried() -> Iterator[None]:
    """Within this block SQLite does not wait for the disk after each of the many small acts.

    A cut of power may take the last of them; a broken-off load is taken up where it stopped.
    """
    _wait_for_disk("NORMAL")
    try:
        yield
    finally:
        _wait_for_disk("FULL")


def _wait_for_disk(level: str) -> None:
    if db.engine.dialect.name == "sqlite":
        db.session.remove()
        kept = db.engine.raw_connection()  # the pool's one connection, used by all that follows
        try:
            kept.cursor().execute(f"PRAGMA synchronous={level}")
        finally:
            kept.close()
