"""Two sessions for one room or one trainer at the same moment: one of them is refused.

Without the locks PostgreSQL's constraint refuses the second; without both the same race must book
twice: otherwise it would prove nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tests import factories, racing, teaching
from trainings.agenda import clash_queries, operations, queries
from trainings.agenda.clash_rules import Busy, TakenMeanwhile
from trainings.agenda.models import TWICE
from trainings.agenda.rules import SessionData
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.courses import queries as courses
from trainings.rosters import queries as rosters


@pytest.fixture
def no_lock(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The app without its locks: a plain BEGIN, and no row held for update."""
    racing.take_locks_off(monkeypatch, courses, rosters, clash_queries)
    return each_app


def race(app: Flask, monkeypatch: pytest.MonkeyPatch, need: str) -> tuple[list[Any], int]:
    """Two courses want the same at the same hour; both have looked before either writes."""
    by = factories.account(Role.ORGANISER, agency="IOM")
    wanted: list[tuple[str, SessionData]] = []
    room, trainer = teaching.room(), teaching.trainer(by)
    for code in ("ONE27", "TWO27"):
        course = factories.course(code)
        if need == "room":
            wanted.append((course, teaching.slot(course, room_id=room)))
        else:
            giver = teaching.course_trainer(course, trainer, by)
            wanted.append((course, teaching.slot(course, trainers=(giver,))))
    acts = [lambda one=one: operations.add_session(*one, by) for one in wanted]
    answers = racing.both_look(app, monkeypatch, clash_queries, "busy", acts)
    db.session.close()
    booked = sum(len(queries.sessions_of(course)) for course, _ in wanted)
    return answers, booked


@pytest.mark.parametrize("need", ["room", "trainer"])
def test_one_of_two_is_refused(each_app: Flask, monkeypatch: pytest.MonkeyPatch, need: str) -> None:
    answers, booked = race(each_app, monkeypatch, need)
    assert booked == 1, answers
    assert sum(isinstance(answer, Busy) for answer in answers) == 1, answers


@pytest.mark.parametrize("need", ["room", "trainer"])
def test_without_the_locks_the_database_refuses(
    no_lock: Flask, monkeypatch: pytest.MonkeyPatch, need: str
) -> None:
    answers, booked = race(no_lock, monkeypatch, need)
    if db.engine.dialect.name == "postgresql":
        assert booked == 1, answers
        # the constraint waits for the other to end; who waits for them meanwhile is a deadlock
        stopped = (TakenMeanwhile, OperationalError)
        assert sum(isinstance(answer, stopped) for answer in answers) == 1, answers
    else:  # SQLite notices that the second wrote on an old view, and can only give up
        assert any(isinstance(answer, OperationalError) for answer in answers), answers


@pytest.mark.postgresql
@pytest.mark.parametrize("need", ["room", "trainer"])
def test_without_locks_and_constraint_it_goes_wrong(
    make_app: Callable[[str], Flask], monkeypatch: pytest.MonkeyPatch, need: str
) -> None:
    app = make_app("postgresql")
    racing.take_locks_off(monkeypatch, courses, rosters, clash_queries)
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE booking DROP CONSTRAINT {TWICE}"))
        answers, booked = race(app, monkeypatch, need)
        assert booked == 2, answers
