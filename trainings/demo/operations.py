"""Records the day the demo counts from, and that it is fully loaded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from trainings.audit.writes import record
from trainings.core.db import Installation, db, transaction
from trainings.demo import queries


def begin(today: date) -> date:
    """Set the demo's first day to today, unless an earlier load set it; returns that day."""
    with transaction() as session:
        earlier = queries.first_day()
        if earlier is not None:
            return earlier
        session.add(Installation(name=queries.FIRST_DAY, value=today.isoformat()))
        return today


def finish(today: date) -> None:
    """Record that the whole demo is loaded."""
    with transaction() as session:
        session.add(Installation(name=queries.LOADED, value=today.isoformat()))
        record(session, "demo.load", "installation", queries.LOADED, by=None)


@contextmanager
def hurried() -> Iterator[None]:
    """Within this block SQLite does not wait for the disk after each of the many small writes.

    A power cut may lose the last of them; a load that was interrupted resumes where it stopped.
    """
    _wait_for_disk("NORMAL")
    try:
        yield
    finally:
        _wait_for_disk("FULL")


def _wait_for_disk(level: str) -> None:
    if db.engine.dialect.name == "sqlite":
        db.session.remove()
        kept = db.engine.raw_connection()  # the pool's only connection, used by everything below
        try:
            kept.cursor().execute(f"PRAGMA synchronous={level}")
        finally:
            kept.close()
