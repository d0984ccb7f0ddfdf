"""The trail: a change, a deletion, a swap, a cut tail are found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from trainings.audit import operations
from trainings.audit.writes import record
from trainings.core.db import db, transaction


def _write(count: int = 5) -> None:
    for number in range(count):
        with transaction() as session:
            record(session, "course.publish", "course", f"c{number}", by="a1", seats=number)


def _sql(*statements: str) -> Callable[[], None]:
    def run() -> None:
        with transaction() as session:
            for statement in statements:
                session.execute(text(statement))

    return run


def test_whole(each_app: Flask) -> None:
    _write()
    assert operations.verify() is None


def test_empty_is_whole(each_app: Flask) -> None:
    assert operations.verify() is None


@pytest.mark.parametrize(
    "fraud",
    [
        "UPDATE audit_entry SET act = 'course.cancel' WHERE number = 2",
        "UPDATE audit_entry SET details = '{\"seats\": 9}' WHERE number = 3",
        'UPDATE audit_entry SET "by" = NULL WHERE number = 1',
        "DELETE FROM audit_entry WHERE number = 3",
        "DELETE FROM audit_entry WHERE number = 5",
        "UPDATE audit_entry SET object_id = 'c9' WHERE number = 5",
    ],
)
def test_a_change_is_found(each_app: Flask, fraud: str) -> None:
    _write()
    _sql(fraud)()
    assert operations.verify() is not None


def test_a_swap_is_found(each_app: Flask) -> None:
    _write()
    _sql(
        "UPDATE audit_entry SET number = 99 WHERE number = 2",
        "UPDATE audit_entry SET number = 2 WHERE number = 3",
        "UPDATE audit_entry SET number = 3 WHERE number = 99",
    )()
    assert operations.verify() is not None


def test_a_tail_cut_with_its_head_shows_by_the_anchor(each_app: Flask) -> None:
    _write()
    operations.anchor_head()
    cut = _sql(
        "DELETE FROM audit_entry WHERE number = 5",
        "UPDATE audit_head SET number = 4, mac = (SELECT mac FROM audit_entry WHERE number = 4)",
    )
    cut()
    fault = operations.verify()
    assert fault is not None
    assert "noted outside the database" in fault


def test_the_act_and_its_entry_stand_or_fall_together(each_app: Flask) -> None:
    with pytest.raises(ValueError), transaction() as session:
        record(session, "course.publish", "course", "c", by="a1")
        raise ValueError
    assert db.session.execute(text("SELECT count(*) FROM audit_entry")).scalar() == 0
