"""A connection that the database server ended while nobody used it is replaced by a new one."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from trainings.core import connections
from trainings.core.db import db

pytestmark = pytest.mark.parametrize("each_app", ["postgresql"], indirect=True)
_WHO, _END = text("SELECT pg_backend_pid()"), text("SELECT pg_terminate_backend(:pid, 5000)")


def _ended() -> int:
    """A connection of the pool, put back and then ended by the server: its number there."""
    with db.engine.connect() as one, db.engine.connect() as other:
        lost: int = one.execute(_WHO).scalar_one()
        one.close()
        assert other.execute(_END, {"pid": lost}).scalar_one()
        db.session.remove()
    return lost


def test_one_that_rested_is_asked_and_replaced(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = _ended()
    monkeypatch.setattr(connections, "_LATELY", 0.0)
    with db.engine.connect() as first, db.engine.connect() as second:
        assert lost not in {first.execute(_WHO).scalar_one(), second.execute(_WHO).scalar_one()}


def test_without_the_question_it_is_met(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    _ended()
    monkeypatch.setattr(connections, "_LATELY", 1e9)
    with pytest.raises(DBAPIError), db.engine.connect() as first, db.engine.connect() as second:
        first.execute(_WHO)
        second.execute(_WHO)
