"""People are read only in scope, and what is out of scope is as if it did not exist."""

from collections.abc import Iterator

import pytest
from flask import Flask, request_finished
from sqlalchemy import select

from tests import factories, redirect_watch, scope_watch
from trainings.core.db import db
from trainings.people import queries as people
from trainings.people import reading
from trainings.people.models import Person


@pytest.fixture
def asked_by_the_house(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What a test asks counts as asked by the house; gives the faults and clears them."""
    monkeypatch.setattr(scope_watch, "asked_by", lambda: "trainings/x.py:1")
    yield scope_watch.faults
    scope_watch.faults.clear()


def test_an_unscoped_select_is_noticed(app: Flask, asked_by_the_house: list[str]) -> None:
    db.session.scalars(select(Person)).all()
    assert asked_by_the_house == ["trainings/x.py:1 reads person, scope=None"]


@pytest.mark.parametrize("how", ["subquery", "alias", "core", "union"])
def test_no_way_around(app: Flask, asked_by_the_house: list[str], how: str) -> None:
    table = Person.__table__
    if how == "subquery":
        inner = select(Person.id).subquery()
        db.session.execute(select(inner.c.id)).all()
    elif how == "alias":
        db.session.execute(select(table.alias("p").c.id)).all()
    elif how == "union":
        one = select(Person.id)
        db.session.execute(one.union(one)).all()
    else:
        with db.engine.connect() as connection:
            connection.execute(select(table.c.id)).all()
    assert len(asked_by_the_house) == 1, asked_by_the_house


def test_a_made_up_word_is_no_scope(app: Flask, asked_by_the_house: list[str]) -> None:
    db.session.scalars(select(Person).execution_options(scope="because")).all()
    assert len(asked_by_the_house) == 1


def test_a_scoped_select_goes_through(app: Flask, asked_by_the_house: list[str]) -> None:
    made = factories.account()
    assert people.person(made.person_id or "") is not None
    db.session.expire_all()
    db.session.scalars(select(Person).execution_options(scope="viewer")).all()
    assert asked_by_the_house == []


def test_each_time_is_looked_at(app: Flask, asked_by_the_house: list[str]) -> None:
    for _time in range(2):
        db.session.scalars(select(Person).execution_options(scope="viewer")).all()
        db.session.scalars(select(Person)).all()
    assert len(asked_by_the_house) == 2


@pytest.mark.parametrize(("status", "seen"), [(303, ["GET /courses"]), (200, [])])
def test_names_opened_for_a_redirect_are_noticed(app: Flask, status: int, seen: list[str]) -> None:
    who = factories.account()
    with app.test_request_context("/courses"):
        reading.log([who.person_id or ""], by=who.account_id, purpose="a test")
        request_finished.send(app, response=app.response_class(status=status))
    assert redirect_watch.faults == seen
    redirect_watch.faults.clear()
