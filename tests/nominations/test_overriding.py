"""An organiser does without a missing endorsement: with a reason, told, undone until selected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select

from tests import factories
from tests.asking import follow, page
from tests.racing import both_look, take_locks_off
from tests.registrations import acting
from tests.selection.desk import DESK, mails
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.courses import queries as courses
from trainings.nominations import operations
from trainings.registrations import locked_queries, queries, rules
from trainings.registrations.rules import (
    EndorsementRefused,
    NotYours,
    ReasonMissing,
    RecallRefused,
    State,
)
from trainings.selection import operations as selection


@pytest.fixture
def course(each_app: Flask) -> str:
    """A course with separate endorsement."""
    return factories.course(separate_endorsement=True)


def test_admitted_with_a_reason_told_and_undone(each_app: Flask, course: str) -> None:
    by = acting.organiser()
    number, _ = acting.standing(course, State.NOMINATED)
    with pytest.raises(ReasonMissing):
        operations.override(course, [number], " ", by)
    operations.override(course, [number], "The ministry is closed until February", by)
    assert acting.state(number) is State.ENDORSED
    step = queries.history(acting.registration(number).id)[-1]
    assert (step.act, step.by) == ("override", by.account_id)
    assert queries.reason_of(step) == "The ministry is closed until February"
    assert mails("registration_admitted") == 1 and mails("registration_endorsed") == 0
    with pytest.raises(EndorsementRefused):
        operations.override(course, [number], "Again", by)
    operations.take_back(course, [number], by)
    assert acting.state(number) is State.NOMINATED and mails("registration_unadmitted") == 1


def test_undone_only_until_selected(each_app: Flask, course: str) -> None:
    by = acting.organiser()
    number, _ = acting.standing(course, State.APPLIED, applied=True)
    operations.override(course, [number], "Known to us", by)
    selection.select(course, [number], by)
    with pytest.raises(RecallRefused):
        operations.take_back(course, [number], by)
    db.session.close()
    selection.unselect(course, [number], by)
    operations.take_back(course, [number], by)
    assert acting.state(number) is State.APPLIED


def test_a_countrys_own_endorsement_is_not_the_organisers_to_undo(
    each_app: Flask, course: str
) -> None:
    by, focal = acting.organiser(), acting.focal_point("BO")
    number, _ = acting.standing(course, State.NOMINATED)
    operations.override(course, [number], "Late", by)
    operations.recall(course, [number], focal)  # the country disagrees
    operations.endorse(course, [number], focal)
    with pytest.raises(NotYours):
        operations.take_back(course, [number], by)
    assert not rules.admitted(["nominate", "override", "recall", "endorse"])


def test_only_the_courses_organisers_admit(each_app: Flask, course: str) -> None:
    number, _ = acting.standing(course, State.NOMINATED)
    factories.course("PER27", lead="UNODC", agencies=("UNODC",))
    lone = factories.course("LON27", lead="IOM", agencies=("IOM",))
    other, _ = acting.standing(lone, State.NOMINATED)
    for one, whose, who in (
        (course, number, acting.focal_point("BO")),
        (lone, other, acting.organiser("UNODC")),
        (course, other, acting.organiser()),
    ):
        with pytest.raises(NotFound):
            operations.override(one, [whose], "Reason", who)
        with pytest.raises(NotFound):
            operations.take_back(one, [whose], who)


def test_the_page_asks_for_the_reason_and_says_what_follows(
    each_app: Flask, client: FlaskClient, course: str
) -> None:
    factories.sign_in(client, acting.organiser())
    number, _ = acting.standing(course, State.NOMINATED)
    assert "Admit without endorsement" in page(client, f"{DESK}/{number}")
    assert "Undo admission" not in page(client, f"{DESK}/{number}")
    asked = client.post(f"{DESK}/choose", data={"act": "override", "numbers": [number]})
    text = page(client, asked.location)
    assert "Admit one candidate without endorsement" in text and "Reason" in text
    assert "Give a reason." in follow(client, asked.location, numbers=[number])
    done = follow(client, asked.location, numbers=[number], reason="Closed until February")
    assert "One candidate admitted without endorsement." in done
    text = page(client, f"{DESK}/{number}")
    assert "Admitted by the organisers without endorsement" in text
    assert "Closed until February" in text and "Undo admission" in text
    undo = f"{DESK}/decide?act=recall&number={number}"
    assert "Undo the admission of one candidate" in page(client, undo)
    assert "One endorsement undone." in follow(client, undo, numbers=[number])
    assert acting.state(number) is State.NOMINATED


def _at_once(app: Flask, course_id: str, patch: pytest.MonkeyPatch) -> tuple[str, list[Any]]:
    by, focal = acting.organiser(), acting.focal_point("BO")
    number, _ = acting.standing(course_id, State.NOMINATED)
    acts: list[Callable[[], Any]] = [
        lambda: operations.override(course_id, [number], "Late", by),
        lambda: operations.reject(course_id, [number], "Left the unit", focal),
    ]
    return number, both_look(app, patch, locked_queries, "for_acting", acts)


def test_admitted_and_rejected_at_once_one_is_refused(
    each_app: Flask, course: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, found = _at_once(each_app, course, monkeypatch)
    (refused,) = [one for one in found if one is not None]
    assert isinstance(refused, EndorsementRefused | NotYours)
    steps = [one.act for one in queries.history(acting.registration(number).id)]
    assert steps.count("override") + steps.count("reject") == 1


def test_without_the_locks_neither_sees_the_other(
    each_app: Flask, course: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL then does both; SQLite turns the second away as busy."""
    take_locks_off(monkeypatch, courses)
    monkeypatch.setattr(Select, "with_for_update", lambda one, **_how: one)
    _number, found = _at_once(each_app, course, monkeypatch)
    assert not any(isinstance(one, EndorsementRefused | NotYours) for one in found), found
