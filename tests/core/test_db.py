"""The one transaction: whole or not at all, not nested, and a form counts once."""

import pytest
from flask import Flask
from sqlalchemy import select

from trainings.core.db import Installation, db, form_token, transaction
from trainings.core.errors import AlreadyDone


def _add(name: str) -> None:
    with transaction() as session:
        session.add(Installation(name=name, value="x"))


def test_failure_inside_writes_nothing(each_app: Flask) -> None:
    with pytest.raises(ValueError), transaction() as session:
        session.add(Installation(name="half", value="x"))
        session.flush()
        raise ValueError
    assert db.session.get(Installation, "half") is None


def test_nesting_is_refused(each_app: Flask) -> None:
    with pytest.raises(RuntimeError), transaction():
        _add("inner")


def test_a_form_counts_once(each_app: Flask) -> None:
    form_token.set("t1")
    _add("first")
    form_token.set("t1")
    with pytest.raises(AlreadyDone):
        _add("second")
    form_token.set(None)
    names = db.session.scalars(select(Installation.name)).all()
    assert "first" in names and "second" not in names
