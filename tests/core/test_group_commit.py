"""Group commit: who waits is served together, in order, and nobody pays for another's refusal."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from trainings.core import group_commit
from trainings.core.db import UsedForm, db, form_token, transaction
from trainings.core.errors import AlreadyDone
from trainings.core.group_commit import MOST, Apart, GroupCommit

PATIENCE = 10.0


class Counter:
    """Serves wishes; the first who comes is held until it is let go."""

    def __init__(self, refused: Sequence[str] = ()) -> None:
        self.served: list[list[str]] = []
        self.refused = refused
        self.held, self.go = threading.Event(), threading.Event()
        self.together = GroupCommit(self.act)

    def act(self, key: str, wishes: Sequence[str], tokens: Sequence[str]) -> list[str]:
        with transaction(tokens):
            self.served.append(list(wishes))
            if not self.held.is_set():
                self.held.set()
                assert self.go.wait(PATIENCE)
            for wish in wishes:
                if wish in self.refused:
                    raise Apart(wish)
            return [f"{key}: {wish}" for wish in wishes]

    def waiting(self, key: str) -> int:
        return len(self.together._waiting.get(key, ()))


@contextmanager
def at_the_counter(app: Flask, counter: Counter) -> Iterator[Callable[..., Future[str]]]:
    """Lets people come one after the other, each in a thread; the first is being served."""

    def come(wish: str, token: str | None) -> str:
        with app.app_context():
            form_token.set(token)
            try:
                return counter.together.ask("course", wish)
            finally:
                db.session.remove()

    def join(wish: str, token: str | None = None) -> Future[str]:
        before = counter.waiting("course")
        came = pool.submit(come, wish, token)
        until(lambda: counter.held.is_set() and (wish == "first" or waits(before)))
        return came

    def waits(before: int) -> bool:
        return counter.waiting("course") == before + 1

    with ThreadPoolExecutor(MOST + 10) as pool:
        try:
            yield join
        finally:
            counter.go.set()


def until(condition: Callable[[], bool]) -> None:
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.001)


def test_who_comes_alone_is_served_at_once(app: Flask) -> None:
    counter = Counter()
    counter.go.set()
    assert counter.together.ask("course", "one") == "course: one"
    assert counter.served == [["one"]] and not counter.together._waiting


def test_who_waits_is_served_together_in_order(each_app: Flask) -> None:
    counter = Counter()
    with at_the_counter(each_app, counter) as join:
        came = [join(one) for one in ("first", "second", "third", "fourth")]
        counter.go.set()
        told = [one.result(PATIENCE) for one in came]
    assert told == [f"course: {one}" for one in ("first", "second", "third", "fourth")]
    assert counter.served == [["first"], ["second", "third", "fourth"]]
    assert not counter.together._waiting


def test_more_than_a_transaction_takes_are_served_in_turns(app: Flask) -> None:
    counter = Counter()
    with at_the_counter(app, counter) as join:
        came = [join("first"), *(join(f"n{number}") for number in range(MOST + 3))]
        counter.go.set()
        for one in came:
            one.result(PATIENCE)
    assert [len(one) for one in counter.served] == [1, MOST, 3]


def test_one_who_is_refused_leaves_the_others_their_outcome(each_app: Flask) -> None:
    counter = Counter(refused=["third"])
    with at_the_counter(each_app, counter) as join:
        came = {one: join(one) for one in ("first", "second", "third", "fourth")}
        counter.go.set()
        with pytest.raises(Apart):
            came.pop("third").result(PATIENCE)
        told = {name: one.result(PATIENCE) for name, one in came.items()}
    assert told == {name: f"course: {name}" for name in ("first", "second", "fourth")}
    assert counter.served[1] == ["second", "third", "fourth"]  # nothing of it was kept
    assert sorted(counter.served[2:]) == [["fourth"], ["second"], ["third"]]


def test_who_comes_first_and_is_refused_holds_nobody_up(app: Flask) -> None:
    counter = Counter(refused=["first"])
    with at_the_counter(app, counter) as join:
        came = [join("first"), join("second")]
        counter.go.set()
        with pytest.raises(Apart):
            came[0].result(PATIENCE)
        assert came[1].result(PATIENCE) == "course: second"


def test_each_form_is_used_up_once(each_app: Flask) -> None:
    counter = Counter()
    with at_the_counter(each_app, counter) as join:
        came = [join("first", "a"), join("second", "b"), join("third", "c"), join("again", "b")]
        counter.go.set()
        outcomes: list[Any] = [one.exception(PATIENCE) for one in came]
    assert [type(one) for one in outcomes if one] == [AlreadyDone]
    assert outcomes[0] is None and outcomes[2] is None
    assert sorted(db.session.scalars(select(UsedForm.token))) == ["a", "b", "c"]


def test_who_waits_lets_others_work_and_holds_no_connection(app: Flask) -> None:
    counter, steps = Counter(), []

    @contextmanager
    def aside() -> Iterator[None]:
        steps.append("aside")
        yield
        steps.append("back")

    def second() -> str:
        group_commit.aside.set(aside)
        with app.app_context():
            db.session.execute(select(UsedForm.token))
            try:
                return counter.together.ask("course", "second")
            finally:
                db.session.remove()

    with at_the_counter(app, counter) as join, ThreadPoolExecutor(1) as pool:
        came = join("first")
        waits = pool.submit(second)
        until(lambda: counter.waiting("course") == 1 and steps == ["aside"])
        assert db.engine.pool.checkedout() == 1  # type: ignore[attr-defined]
        counter.go.set()
        assert (came.result(PATIENCE), waits.result(PATIENCE)) == (
            "course: first",
            "course: second",
        )
    assert steps == ["aside", "back"]
