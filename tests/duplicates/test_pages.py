"""The pages on which two entries are compared and merged, and two who merge at once."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories, racing, teaching
from tests.duplicates.twins import Twins
from tests.forms_in_pages import form_with
from trainings.accounts import queries as accounts
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Role
from trainings.courses import queries as courses
from trainings.duplicates import queries
from trainings.duplicates.rules import ChangedMeanwhile, From
from trainings.people import queries as people
from trainings.people.models import IdentityRead
from trainings.register import queries as register
from trainings.rosters import queries as rosters
from trainings.rosters.models import CourseTrainer, Trainer


@pytest.fixture
def twins(app: Flask, client: FlaskClient) -> Twins:
    made = Twins(app)
    factories.sign_in(client, made.by)
    return made


def test_from_the_trainer_to_one_entry_of_two(twins: Twins, client: FlaskClient) -> None:
    teaching.trainer(twins.by, name=("Eva", "Lima"))
    page = client.get(f"/trainers/{twins.first}").text
    assert f"/trainers/{twins.first}/duplicates" in page
    found = client.get(f"/trainers/{twins.first}/duplicates").text
    assert f"/trainers/{twins.first}/duplicates/{twins.second}" in found
    assert "Lima" not in found
    path = f"/trainers/{twins.first}/duplicates/{twins.second}"
    shown = client.get(path).text
    for said in ("ruth@old.example", "ruth@new.example", "Sucre", "Good with cases.", "2 courses"):
        assert said in shown
    fields = form_with(shown, "seen")
    asked = client.post(path, data=fields)
    assert "Tick that both entries are the same person." in asked.text
    merged = client.post(path, data=form_with(asked.text, "seen") | {"same": ["y"]})
    assert merged.location == f"/trainers/{twins.first}"
    assert client.get(path).status_code == 404
    assert client.get(f"/trainers/{twins.second}").status_code == 404


def test_a_page_that_was_overtaken_merges_nothing(twins: Twins, client: FlaskClient) -> None:
    path = f"/trainers/{twins.first}/duplicates/{twins.second}"
    fields = form_with(client.get(path).text, "seen") | {"same": ["y"]}
    rosters_changed = client.post(f"/trainers/{twins.second}/retire", data={})
    assert rosters_changed.status_code == 303
    teaching.course_trainer(factories.course("NEW27", agencies=("IOM",)), twins.first, twins.by)
    assert "was changed while you were looking at it" in client.post(path, data=fields).text
    assert db.session.get(Trainer, twins.second) is not None


def test_odd_pairs_and_other_peoples_are_not_found(
    twins: Twins, client: FlaskClient, app: Flask
) -> None:
    assert client.get(f"/trainers/{twins.first}/duplicates/{twins.first}").status_code == 404
    assert client.get(f"/trainers/{twins.first}/duplicates/nobody").status_code == 404
    stranger = app.test_client()
    factories.sign_in(stranger, factories.account(Role.ORGANISER, agency="UNODC"))
    assert stranger.get(f"/trainers/{twins.first}/duplicates").status_code == 404
    path = f"/trainers/{twins.first}/duplicates/{twins.second}"
    assert stranger.get(path).status_code == 404
    assert stranger.post(path, data={"same": "y"}).status_code == 404


def test_who_is_alike_is_shown_the_nearest_first_and_logged(
    twins: Twins, client: FlaskClient
) -> None:
    teaching.trainer(twins.by, name=("Eva", "Lima"))
    shares = teaching.trainer(twins.by, name=("Zoe", "Soto"), mail="Ruth@Old.example")
    elsewhere = factories.account(Role.ORGANISER, agency="UNODC")
    teaching.trainer(elsewhere, agency="UNODC", name=("Ruth", "Choque"))
    page = client.get(f"/trainers/{twins.first}/duplicates").text
    places = [page.index(f"/duplicates/{key}") for key in (shares, twins.second)]
    assert places == sorted(places), "who has the same address stands first"
    assert page.count(f"/trainers/{twins.first}/duplicates/") == 2
    db.session.close()
    reads = db.session.scalars(select(IdentityRead).where(IdentityRead.purpose == "roster")).all()
    shown = [
        rosters.trainers_for(twins.by, Permission.ROSTER_READ, [key])[0].person_id
        for key in (twins.first, twins.second, shares)
    ]
    assert [(one.by, set(one.persons)) for one in reads] == [(twins.by.account_id, set(shown))]


def test_both_pages_ask_for_things_together(
    twins: Twins, client: FlaskClient, statements: list[str]
) -> None:
    path = f"/trainers/{twins.first}/duplicates"
    for page, most in ((path, 9), (f"{path}/{twins.second}", 12)):
        statements.clear()
        assert client.get(page).status_code == 200
        assert len(statements) <= most, statements


def test_alone_on_the_roster_there_is_a_way_back(app: Flask, client: FlaskClient) -> None:
    by = factories.account(Role.ORGANISER, agency="IOM")
    factories.sign_in(client, by)
    alone = teaching.trainer(by)
    page = client.get(f"/trainers/{alone}/duplicates").text
    assert "No such entry" in page and "Choose one" not in page
    assert f'href="/trainers/{alone}"' in page


def both_ways(app: Flask, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], int]:
    """Two organisers merge the same two, each the other way round; both looked before."""
    twins = Twins(app)
    other = factories.account(Role.ORGANISER, agency="IOM")
    seen = twins.stamp()
    acts = [
        lambda: twins.merge(From.FIRST, seen=seen),
        lambda: twins.merge(From.SECOND, by=other, seen=seen),
    ]
    answers = racing.both_look(app, monkeypatch, queries, "stamp", acts)
    db.session.close()
    return answers, len(db.session.scalars(select(Trainer.id)).all())


def sound(answers: list[Any]) -> bool:
    """One merged, the other was told that there is nothing to merge any more."""
    told = [one for one in answers if isinstance(one, NotFound | ChangedMeanwhile)]
    return len(told) == 1 and sum(isinstance(one, str) for one in answers) == 1


def test_of_two_who_merge_at_once_one_does(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, left = both_ways(each_app, monkeypatch)
    assert sound(answers), answers
    assert left == 1
    assert len(db.session.scalars(select(CourseTrainer.id)).all()) == 3


def test_without_the_locks_it_goes_wrong(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    racing.take_locks_off(monkeypatch, courses, rosters, queries, people, accounts, register)
    answers, _left = both_ways(each_app, monkeypatch)
    assert not sound(answers), answers
