"""The reserve list moved by hand: a few rows change, and the order is what the plain rule makes."""

from __future__ import annotations

import os
import random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests import counting, factories, racing
from tests.registrations import acting
from trainings.audit.models import AuditEntry
from trainings.core.db import db, transaction
from trainings.core.permissions import Viewer
from trainings.courses import queries as courses
from trainings.registrations import locked_queries
from trainings.registrations.listing_rules import Step, moved
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.selection import operations, reserve_writes

SEED = int(os.environ.get("TRAININGS_TEST_SEED", random.SystemRandom().randrange(2**32)))


@pytest.fixture
def by(each_app: Flask) -> Viewer:
    return acting.organiser()


def waiting_list(people: int, code: str = "BUE27") -> str:
    course = factories.course(code)
    groups = [("BO", "judge"), ("PE", "police")]
    acting.crowd(course, State.RESERVE, people, groups=groups)
    return course


def places(course: str) -> list[int | None]:
    db.session.close()
    return list(
        db.session.scalars(
            select(Registration.reserve_place)
            .where(Registration.course_id == course, Registration.state == State.RESERVE)
            .execution_options(scope="operation")
        )
    )


def set_places(course: str, given: dict[str, int | None]) -> None:
    with transaction() as session:
        for number, place in given.items():
            session.execute(
                update(Registration)
                .where(Registration.course_id == course, Registration.number == number)
                .values(reserve_place=place)
            )


def test_any_moves_make_the_order_of_the_plain_rule(by: Viewer) -> None:
    """Somebody leaves and somebody comes in between, and others are on a list of their own."""
    print(f"TRAININGS_TEST_SEED={SEED}")
    chance = random.Random(SEED)
    course, beside = waiting_list(7), waiting_list(3, "LIM27")
    untouched = acting.reserve(beside)
    order = acting.reserve(course)
    for turn in range(60):
        number, step = chance.choice(order), chance.choice(list(Step))
        operations.move_on_reserve(course, number, step, by)
        order = moved(order, number, step)
        assert acting.reserve(course) == order, (turn, number, step)
        if turn % 12 == 5:  # who comes stands at the end
            order.append(acting.crowd(course, State.RESERVE, 1)[0])
            assert acting.reserve(course) == order
        if turn % 12 == 11:
            gone = order.pop(chance.randrange(len(order)))
            with transaction() as session:
                row = session.scalars(
                    select(Registration)
                    .where(Registration.number == gone)
                    .execution_options(scope="operation")
                ).one()
                row.state, row.reserve_place = State.WITHDRAWN, None
    found = places(course)
    assert None in found or len(set(found)) == len(found)
    assert acting.reserve(beside) == untouched and set(places(beside)) == {None}


def test_places_that_are_the_same_are_told_apart_first(by: Viewer) -> None:
    course = waiting_list(5)
    one, two, three, four, five = acting.reserve(course)
    set_places(course, {one: 4, two: 4, three: 4, four: 2, five: None})
    order = acting.reserve(course)
    assert order == [four, one, two, three, five]
    operations.move_on_reserve(course, two, Step.UP, by)
    assert acting.reserve(course) == [four, two, one, three, five]


def test_who_cannot_move_further_stays_and_nothing_is_recorded(by: Viewer) -> None:
    course = waiting_list(3)
    first, _second, last = order = acting.reserve(course)
    for number, step in ((first, Step.UP), (first, Step.FIRST), (last, Step.DOWN)):
        operations.move_on_reserve(course, number, step, by)
    assert acting.reserve(course) == order
    assert recorded() == []
    operations.move_on_reserve(course, last, Step.FIRST, by)
    assert recorded() == [{"number": last, "step": "first"}]


def recorded() -> list[dict[str, Any]]:
    db.session.close()
    rows = select(AuditEntry.details).where(AuditEntry.act == "reserve.order")
    return [dict(one) for one in db.session.scalars(rows)]


def test_a_move_takes_as_many_statements_however_long_the_list(by: Viewer) -> None:
    found = []
    for people, code in ((4, "BUE27"), (60, "LIM27")):
        course = waiting_list(people, code)
        number = acting.reserve(course)[-1]
        for step in (Step.FIRST, Step.DOWN, Step.UP):
            db.session.close()
            with counting.statements() as sent:
                operations.move_on_reserve(course, number, step, by)
            found.append(len(sent))
    assert found[:3] == found[3:] and max(found) <= 12, found


def both_moved(app: Flask, patch: pytest.MonkeyPatch, by: Viewer) -> tuple[list[Any], bool]:
    """Two of three are moved up at once; whether the order is that of one after the other."""
    course = waiting_list(3)
    start = acting.reserve(course)
    operations.move_on_reserve(course, start[0], Step.DOWN, by)  # everyone has a place
    operations.move_on_reserve(course, start[0], Step.UP, by)
    _first, second, third = start
    acts = [
        lambda: operations.move_on_reserve(course, second, Step.UP, by),
        lambda: operations.move_on_reserve(course, third, Step.UP, by),
    ]
    found = racing.both_look(app, patch, reserve_writes, "_nearest", acts)
    one = moved(moved(start, second, Step.UP), third, Step.UP)
    other = moved(moved(start, third, Step.UP), second, Step.UP)
    return found, acting.reserve(course) in (one, other)


def test_two_moves_at_once_are_one_after_the_other(
    each_app: Flask, by: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert both_moved(each_app, monkeypatch, by) == ([None, None], True)


def test_without_the_lock_they_are_not(
    each_app: Flask, by: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    racing.take_locks_off(monkeypatch, courses, locked_queries)
    assert both_moved(each_app, monkeypatch, by) != ([None, None], True)
