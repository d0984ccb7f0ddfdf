"""Two at once: one's answer and the end of the wave, two answers by one link."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from tests import racing
from tests.networks import asking
from tests.networks.asking import GROUPS, said
from trainings.core.db import db
from trainings.courses import queries as courses
from trainings.networks import operations, queries, writes
from trainings.networks.rules import WaveKind


def sent_twice(app: Flask, patch: pytest.MonkeyPatch) -> tuple[str, list[Any]]:
    """Two organisers ask at once."""
    course, by = asking.course(), asking.organiser()
    act = lambda: operations.send(course, WaveKind.START, by)  # noqa: E731
    found = racing.both_look(app, patch, queries, "wave", [act, act])
    db.session.close()
    return course, found


def test_people_are_asked_once(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    _course, found = sent_twice(each_app, monkeypatch)
    assert sorted(map(str, found)) == ["18", "This has been sent already."]


def test_without_the_lock_both_ask(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    racing.take_locks_off(monkeypatch, courses)
    _course, found = sent_twice(each_app, monkeypatch)
    assert "This has been sent already." not in map(str, found)


def closed_meanwhile(app: Flask, patch: pytest.MonkeyPatch) -> list[Any]:
    """An organiser closes between somebody's look at the wave and the keeping of their answer.

    Gives what came of answering and of closing, and how many answers are left uncounted.
    """
    course, by = asking.course(), asking.organiser()
    operations.send(course, WaveKind.START, by)
    token, _cell = asking.links(course)[0]
    looked, closed, keep = threading.Event(), threading.Event(), writes.keep_answer

    def kept(*given: Any) -> bool:
        looked.set()
        racing.wait_until(closed.is_set)
        return keep(*given)

    def close() -> int:
        looked.wait(20)
        try:
            return operations.close(course, WaveKind.START, by)
        finally:
            closed.set()

    acts = [lambda: operations.answer(token, said(*GROUPS)), close]
    with patch.context() as within, ThreadPoolExecutor(2) as pool:
        within.setattr(writes, "keep_answer", kept)
        found = list(pool.map(lambda act: racing.outcome(app, act), acts))
    db.session.close()
    left = queries.answered(asking.wave_of(course).id)
    db.session.close()
    return [*found, left]


def test_an_answer_that_was_begun_is_counted(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered, closed, left = closed_meanwhile(each_app, monkeypatch)
    assert (answered, closed, left) == (None, 1, 0)


def test_without_the_lock_it_is_lost(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL keeps it uncounted; SQLite turns it away as busy."""
    racing.take_locks_off(monkeypatch, courses)
    answered, closed, left = closed_meanwhile(each_app, monkeypatch)
    assert closed == 0
    assert left == 1 or isinstance(answered, OperationalError)
