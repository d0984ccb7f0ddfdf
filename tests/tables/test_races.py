"""Two organisers at the tables at once, with real threads and commits; and without the lock.

Without the lock the same race must break: otherwise it would prove nothing.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests import racing
from tests.tables.rooms import Hall
from trainings.courses import queries as courses
from trainings.tables import operations, queries
from trainings.tables.rules import Choice, Place, PlaceTaken


@pytest.fixture
def no_lock(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The app without its locks: a plain BEGIN, and no row held for update."""
    racing.take_locks_off(monkeypatch, courses)
    return each_app


def seating(app: Flask, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], Hall]:
    """Two organisers seat those without a place at the same moment."""
    hall = Hall(4)
    hall.set(3, 6)
    for number in range(10, 18):
        hall.confirm(number)
    act = lambda: operations.seat_those_without(hall.course, hall.by)  # noqa: E731
    return racing.both_look(app, monkeypatch, queries, "participants", [act, act]), hall


def test_two_who_seat_at_once_seat_everybody_once(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    came_to, hall = seating(each_app, monkeypatch)
    assert sorted(came_to, key=str) == [0, 8]
    places = hall.places()
    assert len(places) == len(set(places.values())) == 12


def test_without_the_lock_two_who_seat_at_once_break(
    no_lock: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    came_to, _hall = seating(no_lock, monkeypatch)
    assert any(isinstance(one, Exception) for one in came_to) or came_to == [8, 8]


def taking(app: Flask, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], Hall, list[str]]:
    """Two organisers give two people the same free place at the same moment."""
    hall = Hall(4)
    hall.set(3, 6)
    both = [hall.at(Place(1, 1)), hall.at(Place(2, 1))]
    acts = [
        lambda one=one: operations.move(hall.course, one, Choice(Place(3, 6)), hall.by)
        for one in both
    ]
    return racing.both_look(app, monkeypatch, queries, "participants", acts), hall, both


def test_of_two_for_one_place_the_second_is_told(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    came_to, hall, both = taking(each_app, monkeypatch)
    assert sum(isinstance(one, PlaceTaken) for one in came_to) == 1
    assert sum(isinstance(one, operations.Moved) for one in came_to) == 1
    places = hall.places()
    assert len(places) == 4 and hall.at(Place(3, 6)) in both


def test_without_the_lock_of_two_for_one_place_nobody_is_told(
    no_lock: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    came_to, hall, _both = taking(no_lock, monkeypatch)
    assert not any(isinstance(one, PlaceTaken) for one in came_to)
    assert len(set(hall.places().values())) == len(hall.places()), "the constraint stands behind"
