"""Kept forms: one a page, few an account, for an hour, sealed for one account and session."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from trainings.core import clock, sealed
from trainings.core.db import db, form_token, transaction
from trainings.core.permissions import Viewer
from trainings.unsent import operations, queries
from trainings.unsent.models import UnsentForm
from trainings.unsent.rules import place
from trainings.web.refill import Ended

SESSION = "s" * 22


def ended(viewer: Viewer) -> Ended:
    return Ended(viewer.account_id or "", SESSION, password=False)


def kept() -> list[UnsentForm]:
    db.session.close()
    return list(db.session.scalars(select(UnsentForm).order_by(UnsentForm.kept_at)).all())


def content(viewer: Viewer, page: str) -> str | None:
    found = queries.of_page(viewer.account_id or "", page)
    return None if found is None else found.content


def test_a_page_has_one_and_the_later_counts(each_app: Flask) -> None:
    ana = factories.account()
    for text in ("first", "second"):
        operations.keep(ended(ana), "/here", text)
    assert content(ana, "/here") == "second" and len(kept()) == 1
    assert content(ana, "/there") is None
    assert content(factories.account(), "/here") is None


def test_an_account_has_five_and_the_oldest_goes(each_app: Flask) -> None:
    ana, bea = factories.account(), factories.account()
    operations.keep(ended(bea), "/0", "of somebody else")
    for minute in range(7):
        with clock.shifted(timedelta(minutes=minute)):
            operations.keep(ended(ana), f"/{minute}", str(minute))
    with clock.shifted(timedelta(minutes=7)):
        assert [content(ana, f"/{minute}") for minute in range(7)] == [None, None, *"23456"]
        newest = queries.newest(ana.account_id or "")
        assert newest is not None and newest.content == "6"
    assert content(bea, "/0") == "of somebody else"


def test_the_hour_deletes_it(each_app: Flask) -> None:
    ana = factories.account()
    operations.keep(ended(ana), "/here", "text")
    with clock.shifted(timedelta(minutes=59)):
        operations.clear()
        assert content(ana, "/here") == "text"
    with clock.shifted(timedelta(minutes=61)):
        assert content(ana, "/here") is None, "not even before the job has come"
        operations.clear()
        assert kept() == []


def test_the_worker_does_that_by_itself(app: Flask) -> None:
    seconds, duty = app.extensions["work"].rounds["unsent.clear"]
    assert seconds <= 60 and duty is operations.clear


def test_it_is_used_up_by_its_account_alone(each_app: Flask) -> None:
    ana, bea = factories.account(), factories.account()
    operations.keep(ended(ana), "/here", "text")
    (row,) = kept()
    operations.use_up(row.id, bea.account_id or "")
    assert len(kept()) == 1
    operations.use_up(row.id, ana.account_id or "")
    assert kept() == []


@pytest.mark.parametrize("column", ["account_id", "session_id", "id"])
def test_moved_elsewhere_it_does_not_open(app: Flask, column: str) -> None:
    ana, bea = factories.account(), factories.account()
    operations.keep(ended(ana), "/here", "text")
    other = {"account_id": bea.account_id, "session_id": "t" * 22, "id": "i" * 22}[column]
    with transaction() as session:
        setattr(session.scalars(select(UnsentForm)).one(), column, other)
    with pytest.raises(sealed.SealBroken):
        content(bea if column == "account_id" else ana, "/here")


def test_its_length_tells_little(app: Flask) -> None:
    ana = factories.account()
    operations.keep(ended(ana), "/short", "a")
    operations.keep(ended(ana), "/long", "a" * 400)
    assert len({len(row.content) for row in kept()}) == 1
    assert place("1", "2", "3").startswith("unsent_form|content|")


def test_keeping_does_not_use_up_the_form(app: Flask) -> None:
    token = form_token.set("a token of the form")
    try:
        for text in ("first", "second"):
            operations.keep(ended(factories.account()), "/here", text)
        assert form_token.get() is None
    finally:
        form_token.reset(token)
