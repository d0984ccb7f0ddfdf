"""Connections to the database: how each is set up, and looked after while nobody uses it."""

from __future__ import annotations

import sqlite3
import time
from functools import partial
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

_USED, _LATELY = "used", 5.0  # seconds
_MAPPED = 1 << 30  # bytes of the file that are read where they lie, and not copied page by page


def look_after(engine: Engine) -> None:
    """Set up each connection that the engine opens, as its database needs it."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _configure_postgresql)
        event.listen(engine, "checkin", _note_use)
        event.listen(engine, "checkout", partial(_check_lost, engine))


def _configure_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=FULL",
        "secure_delete=ON",
        "busy_timeout=10000",
        f"mmap_size={_MAPPED}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _configure_postgresql(connection: Any, _record: Any) -> None:
    connection.prepared_max = 1000  # we have several hundred statements; each is prepared once


def _note_use(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info[_USED] = time.monotonic()


def _check_lost(engine: Engine, connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """Ask a connection that was not in use lately whether the server is still there.

    If it is not, the pool makes a new one. One that was used a moment ago is not asked: that
    would be a journey to the server for each page.
    """
    if time.monotonic() - record.info.get(_USED, 0.0) < _LATELY:
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as fault:
        raise DisconnectionError from fault
