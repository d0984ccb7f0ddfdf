"""Counts what is asked of the database, and looks how it would be found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from trainings.core.db import db

_FRAME = ("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK")


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL statements sent meanwhile; one that carries many rows is one."""
    sent: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(_FRAME):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def plans(act: Callable[[], object], *tables: str) -> str:
    """How the database would find what an act asks for, beside rows of these tables that it knows.

    Few rows would be read whole; so nothing is, where an index helps.
    """
    asked: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, given))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    postgresql = db.engine.dialect.name == "postgresql"
    with db.engine.connect() as connection:
        if postgresql:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            for table in tables:
                connection.exec_driver_sql(f"ANALYZE {table}")
        explain = "EXPLAIN" if postgresql else "EXPLAIN QUERY PLAN"
        found = [
            connection.exec_driver_sql(f"{explain} {text}", given).all() for text, given in asked
        ]
    return "\n".join(str(row[-1]) for rows in found for row in rows)
