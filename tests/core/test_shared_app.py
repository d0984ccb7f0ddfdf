"""What a test leaves behind reaches no other: only connections at rest stay open between them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from tests import factories
from trainings.core.db import UsedForm, db, form_token
from trainings.people.models import Person

pytestmark = pytest.mark.postgresql
Shared = Callable[[str], Flask]


def _process() -> int:
    return int(db.session.scalar(text("SELECT pg_backend_pid()")) or 0)


def _people() -> int | None:
    return db.session.scalar(
        select(func.count()).select_from(Person).execution_options(scope="count")
    )


def test_a_connection_at_rest_stays_and_sees_the_rows_of_the_beginning(shared: Shared) -> None:
    with shared("postgresql").app_context():
        db.engine.dispose()  # of two that other tests left, the second might come next
        factories.account()
        assert _people() == 1
        before = _process()
        db.session.remove()
    with shared("postgresql").app_context():
        assert (_people(), _process()) == (0, before)


@pytest.mark.parametrize("left", ["SELECT 1", "LOCK TABLE person IN EXCLUSIVE MODE"])
def test_a_transaction_that_was_left_open_is_ended(shared: Shared, left: str) -> None:
    with shared("postgresql").app_context():
        kept = db.engine.connect()
        kept.execute(text(left))
        process = kept.scalar(text("SELECT pg_backend_pid()"))
    with shared("postgresql").app_context():
        factories.account()
        there = select(text("pid")).select_from(text("pg_stat_activity"))
        assert process not in db.session.scalars(there).all()
        assert _people() == 1
    kept.invalidate()
    kept.close()


def test_tables_that_were_changed_are_made_anew(shared: Shared) -> None:
    with shared("postgresql").app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE person ADD COLUMN mood text"))
    with shared("postgresql").app_context(), db.engine.connect() as connection:
        columns = connection.execute(text("SELECT * FROM person")).keys()
        assert "mood" not in columns


def test_a_form_that_was_refused_is_not_used_up_by_the_next_test(shared: Shared) -> None:
    with shared("postgresql").app_context():
        form_token.set("of a form that was refused")
    with shared("postgresql").app_context():
        factories.account()  # in a transaction, which would use it up
        assert db.session.scalars(select(UsedForm.token)).all() == []
