"""How a race is shown to need its lock: the same test with all locks taken off must break."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, text
from sqlalchemy.engine import Connection

from trainings.core import db as core_db
from trainings.core.db import db
from trainings.core.group_commit import GroupCommit

HELD_BACK = 0.4  # seconds that a thread waits for the other, if it is not seen waiting for a lock
COMES = 30.0  # without the lock the other comes
PATIENCE = HELD_BACK
HELD = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def outcome(app: Flask, act: Callable[[], Any]) -> Any:
    """What an act in a thread of its own came to, an exception included."""
    with app.app_context():
        try:
            return act()
        except Exception as fault:
            return fault
        finally:
            db.session.remove()


def wait_until(came: Callable[[], bool]) -> None:
    """Wait for the other, who comes, or waits for a lock until this one goes on."""
    limit, seen = time.monotonic() + PATIENCE, 0
    while not came() and time.monotonic() < limit:
        time.sleep(0.005)
        seen = seen + 1 if PATIENCE == HELD_BACK and _somebody_is_held_back() else 0
        if seen > 1:
            return


def _somebody_is_held_back() -> bool:
    if db.engine.dialect.name == "sqlite":  # in the queue of writers
        line = [one.f_code.co_name for one in sys._current_frames().values()]
        return "in_turn" in line and core_db._writers.locked()
    with db.engine.connect() as connection:
        return bool(connection.scalar(HELD))


def both_look(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    where: ModuleType,
    looked_at: str | tuple[str, str],
    acts: Sequence[Callable[[], Any]],
) -> list[Any]:
    """Do two acts at once: each has looked before either goes on, unless the lock forbids it.

    ``looked_at`` names what of the module ``where`` they look with last, or call then (the one and
    the other): what one looks up after the meeting may be the other's already. They wait there for
    each other once.
    """
    both = threading.Event()
    there: set[int] = set()

    def look(looked: Callable[..., Any], *args: Any, **values: Any) -> Any:
        found = looked(*args, **values)
        if threading.get_ident() not in there:
            there.add(threading.get_ident())
            if len(there) == 2:
                both.set()
            wait_until(both.is_set)
        return found

    with monkeypatch.context() as patch:
        for name in (looked_at,) if isinstance(looked_at, str) else looked_at:
            patch.setattr(where, name, partial(look, getattr(where, name)))

        def done(act: Callable[[], Any]) -> Any:
            try:
                return outcome(app, act)
            finally:
                both.set()  # nobody waits for who is done

        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(done, acts))


def take_locks_off(monkeypatch: pytest.MonkeyPatch, *modules: ModuleType) -> None:
    """A plain BEGIN, writers not in turn, and no row held for update by these modules.

    Until the test ends: the app may be shared with the tests that follow.
    """
    options = Connection.get_execution_options

    def without_lock(connection: Connection) -> dict[str, Any]:
        return {name: value for name, value in options(connection).items() if name != "write"}

    monkeypatch.setattr(sys.modules[__name__], "PATIENCE", COMES)
    monkeypatch.setattr(core_db, "in_turn", contextlib.nullcontext)
    monkeypatch.setattr(Connection, "get_execution_options", without_lock)
    for module in modules:
        monkeypatch.setattr(module, "for_update", lambda statement, *_of: statement)
        for name, built in list(vars(module).items()):
            if isinstance(built, Select) and built._for_update_arg is not None:
                plain = built._clone()  # type: ignore[no-untyped-call]
                plain._for_update_arg = None
                monkeypatch.setattr(module, name, plain)


def serve_each_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let threads act as processes do: none is served together with another."""

    def alone(self: GroupCommit[Any, Any], key: str, wish: Any) -> Any:
        (outcome,) = self._act(key, [wish], ())
        return outcome

    monkeypatch.setattr(GroupCommit, "ask", alone)
