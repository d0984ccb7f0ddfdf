"""How a race is shown to need its lock: the same test with all locks taken off must break."""

from __future__ import annotations

import contextlib
from types import ModuleType

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection

from trainings.core import db as core_db
from trainings.core.db import db


def take_locks_off(monkeypatch: pytest.MonkeyPatch, *modules: ModuleType) -> None:
    """A plain BEGIN, writers not in turn, and no row held for update by these modules.

    Call it within the context of an app that ends with the test.
    """

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    monkeypatch.setattr(core_db, "in_turn", contextlib.nullcontext)
    if db.engine.dialect.name == "sqlite":
        event.remove(db.engine, "begin", core_db._begin_sqlite)
        event.listen(db.engine, "begin", begin)
    for module in modules:
        monkeypatch.setattr(module, "for_update", lambda statement: statement)
