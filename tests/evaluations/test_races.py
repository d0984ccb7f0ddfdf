"""Evaluations sent at the same moment, with real threads and commits; and without the lock.

Without the lock the same race must break: otherwise it would prove nothing.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests import racing
from tests.evaluations import evaluating
from trainings.core.db import db
from trainings.courses import queries as courses
from trainings.evaluations import operations, queries
from trainings.evaluations.rules import GivenAlready
from trainings.registrations import locked_queries


@pytest.fixture
def no_lock(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The app without its locks: a plain BEGIN, and no row held for update."""
    racing.take_locks_off(monkeypatch, courses, locked_queries)
    return each_app


def twice(app: Flask, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], str]:
    """One person sends theirs in two windows at once."""
    course_id = evaluating.course(1)
    ((number, who),) = evaluating.people(course_id)
    act = lambda: operations.give(number, evaluating.answers(), who)  # noqa: E731
    return racing.both_look(app, monkeypatch, queries, "has_given", [act, act]), course_id


def test_of_one_persons_two_one_counts(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    came_to, course_id = twice(each_app, monkeypatch)
    assert sorted(type(one).__name__ for one in came_to) == ["GivenAlready", "NoneType"]
    assert queries.numbers(course_id) == (1, 1, 1)


def test_without_the_lock_one_person_is_not_told(
    no_lock: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    came_to, course_id = twice(no_lock, monkeypatch)
    assert not any(isinstance(one, GivenAlready) for one in came_to)
    assert queries.numbers(course_id).hidden == 1, "the key stands behind"


def last_two(
    app: Flask, monkeypatch: pytest.MonkeyPatch, looked_at: str = "hidden"
) -> tuple[list[Any], str]:
    """Three wait; two people give the fourth and the fifth at the same moment."""
    course_id = evaluating.course(5)
    evaluating.give(course_id, 3)
    acts = [
        lambda number=number, who=who: operations.give(number, evaluating.answers(), who)
        for number, who in evaluating.people(course_id)[3:]
    ]
    return racing.both_look(app, monkeypatch, queries, looked_at, acts), course_id


def test_the_fourth_and_the_fifth_at_once_show_five(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    came_to, course_id = last_two(each_app, monkeypatch)
    assert came_to == [None, None]
    assert len(queries.shown_so_far(course_id)) == 5


def test_without_the_lock_the_fourth_and_the_fifth_show_nothing(
    no_lock: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    # SQLite lets one write at a time: there who looked too early is refused when they write
    looked_at = "hidden" if db.engine.dialect.name == "postgresql" else "has_given"
    _came_to, course_id = last_two(no_lock, monkeypatch, looked_at)
    assert queries.shown_so_far(course_id) == []
