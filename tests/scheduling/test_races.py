"""Two organisers at the same session, two courses at the same room: one of them is told.

Without the locks the same races must go wrong: otherwise they would prove nothing.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from tests import factories, racing, teaching
from tests.scheduling.conftest import Table
from trainings.agenda import clash_queries
from trainings.agenda import operations as agenda
from trainings.agenda.clash_rules import Busy, TakenMeanwhile
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.courses import queries as courses
from trainings.rosters import queries as rosters
from trainings.scheduling import operations
from trainings.scheduling.rules import ChangedMeanwhile


def two_move(app: Flask, table: Table, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    shown, other = table.shown(table.noon), table.colleague()
    acts = [
        lambda: operations.move(table.course, shown, table.at("14:00"), table.by),
        lambda: operations.move(table.course, shown, table.at("16:00"), other),
    ]
    return racing.both_look(app, monkeypatch, clash_queries, "busy", acts)


def test_of_two_who_move_one_session_the_second_is_told(
    each_app: Flask, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = two_move(each_app, table, monkeypatch)
    assert sum(isinstance(one, ChangedMeanwhile) for one in answers) == 1, answers


def test_without_the_lock_one_of_them_is_lost(
    each_app: Flask, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    racing.take_locks_off(monkeypatch, courses, rosters, clash_queries)
    answers = two_move(each_app, table, monkeypatch)
    assert not any(isinstance(one, ChangedMeanwhile) for one in answers), answers
    if db.engine.dialect.name == "sqlite":
        assert any(isinstance(one, OperationalError) for one in answers), answers


def both_need(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Two courses move a session to the same hour of the same room."""
    by = factories.account(Role.ORGANISER, agency="IOM")
    hall = teaching.room()
    acts = []
    for code in ("ONE27", "TWO27"):
        course = factories.course(code)
        at = "09:00" if code == "ONE27" else "11:00"
        end = "10:00" if code == "ONE27" else "12:00"
        key = agenda.add_session(course, teaching.slot(course, at, end, room_id=hall), by)
        day = teaching.session_day(course)
        start = datetime.combine(day, time(14))
        acts.append(
            lambda course=course, key=key, start=start: operations.move(course, {key: 1}, start, by)
        )
    db.session.close()
    return racing.both_look(app, monkeypatch, clash_queries, "busy", acts)


def test_of_two_courses_that_want_a_room_one_is_refused(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = both_need(each_app, monkeypatch)
    assert sum(isinstance(one, Busy) for one in answers) == 1, answers


def test_without_the_locks_the_database_refuses(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    racing.take_locks_off(monkeypatch, courses, rosters, clash_queries)
    answers = both_need(each_app, monkeypatch)
    stopped = (TakenMeanwhile, OperationalError)  # by the constraint, or as a deadlock before it
    assert sum(isinstance(one, stopped) for one in answers) == 1, answers
