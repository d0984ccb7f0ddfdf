"""A list of trainers that was sent is shown row by row, mended, and entered whole or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from tests import factories, racing, teaching
from tests.counting import statements
from tests.forms_in_pages import Fields, form_with
from trainings.audit.models import AuditEntry
from trainings.core.db import db
from trainings.core.permissions import Role, Viewer
from trainings.people import reading
from trainings.rosters import operations, queries, writes
from trainings.rosters.models import Trainer
from trainings.rosters.rules import TrainersRefused

LIST = (
    "Apellidos\tNombres\tCorreo\tOrganismo\tLugar de destino\tIdiomas\tMódulos\n"
    "Choque\tRuth\truth@unit.example\tIOM\tLa Paz, Bolivia\tespañol, inglés\tModule interviews\n"
    "Lima\tEva\teva@unit.example\t\tBrasilia, Brasil\tportugués\t\n"
    "Paz\tNoa\tnoa@unit.example\tACME\tLima, Perú\tespañol\tMagia\n"
    "Sosa\tLía\tRUTH@unit.example\tIOM\tQuito, Ecuador\tespañol\t\n"
)


class Desk:
    """An organiser at the page, and what is on the roster."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.by = factories.account(Role.ORGANISER, agency="IOM")
        self.module = teaching.module("interviews")
        factories.sign_in(client, self.by)

    def preview(self, pasted: str = LIST) -> str:
        answer = self.client.post("/trainers/import", data={"pasted": pasted})
        assert answer.status_code == 200
        return answer.text

    def form(self, page: str) -> Fields:
        return form_with(page, "cells")

    def send(self, fields: Fields) -> Any:
        return self.client.post("/trainers/import/rows", data=fields)

    def names(self) -> list[str]:
        db.session.close()
        rows = db.session.scalars(select(Trainer.person_id)).all()
        return sorted(one.given_name for one in reading.opened(rows).values())


@pytest.fixture
def desk(client: FlaskClient) -> Desk:
    return Desk(client)


def test_each_row_is_new_known_or_asked_about(desk: Desk) -> None:
    page = desk.preview()
    assert "2 new trainers · 0 on the roster already · 2 with a question" in page
    assert "It does not name an agency that is here: ACME" in page
    assert "There is no such module: Magia" in page
    assert "The same email address is in row 2." in page
    fields = desk.form(page)
    assert [name for name in fields if name.endswith("-take")] == ["rows-0-take", "rows-1-take"]
    assert fields["rows-1-agency"] == ["IOM"], "of the organiser's own agency, where none is named"
    assert desk.names() == []


def test_one_confirm_adds_the_ticked_rows_and_the_same_file_again_changes_nothing(
    desk: Desk,
) -> None:
    answer = desk.send(desk.form(desk.preview()))
    assert (answer.status_code, answer.location) == (303, "/trainers")
    assert desk.names() == ["Eva", "Ruth"]
    ruth = next(one for one in db.session.scalars(select(Trainer)) if one.module_ids)
    assert (ruth.station_city, ruth.station_country) == ("La Paz", "BO")
    assert (ruth.languages, ruth.module_ids) == (["es", "en"], [desk.module])
    acts = select(func.count()).where(AuditEntry.act == "trainer.add")
    assert db.session.scalar(acts) == 2
    page = desk.preview()
    assert "0 new trainers · 2 on the roster already" in page
    fields = desk.form(page)
    assert not [name for name in fields if name.endswith("-take")]
    assert "Tick the trainers that are to be added." in desk.send(fields).text
    forced = desk.send(fields | {"rows-0-take": ["y"], "rows-1-take": ["y"]})
    assert forced.status_code == 200
    assert "already a trainer with this name and email address" in forced.text
    assert desk.names() == ["Eva", "Ruth"]


def test_one_row_that_cannot_be_keeps_all_out_and_what_was_mended(desk: Desk) -> None:
    fields = desk.form(desk.preview()) | {"rows-2-take": ["y"], "rows-0-city": ["El Alto"]}
    page = desk.send(fields)
    assert page.status_code == 200
    assert desk.names() == []
    again = desk.form(page.text)
    assert again["rows-0-city"] == ["El Alto"]
    assert again["rows-2-take"]
    mended = again | {"rows-2-agency": ["UNODC"], "rows-2-modules": [""]}
    assert desk.send(mended).status_code == 303
    assert desk.names() == ["Eva", "Noa", "Ruth"]


def test_columns_can_be_said_otherwise(desk: Desk) -> None:
    page = desk.preview("A\tB\tC\nRuth\tChoque\truth@unit.example\n")
    assert "We did not find the columns with the names and email addresses." in page
    fields = desk.form(page)
    chosen = {"columns-0": ["given_name"], "columns-1": ["family_name"], "columns-2": ["mail"]}
    again = desk.form(desk.send(fields | chosen | {"again": ["yes"]}).text)
    assert again["rows-0-given_name"] == ["Ruth"]
    assert again["rows-0-mail"] == ["ruth@unit.example"]
    assert desk.names() == []


def test_a_whole_name_is_proposed_and_has_to_be_confirmed(desk: Desk) -> None:
    page = desk.preview(
        "Nombre completo\tCorreo\tOrganismo\tCiudad\tPaís\tIdiomas\n"
        "Ruth Choque\truth@unit.example\tIOM\tLa Paz\tBolivia\tes\n"
    )
    assert "Say which part of the name is the family name." in page
    fields = desk.form(page)
    assert "rows-0-take" not in fields
    turned = {"rows-0-given_name": ["Choque"], "rows-0-family_name": ["Ruth"]}
    assert desk.send(fields | turned | {"rows-0-take": ["y"]}).status_code == 303
    assert desk.names() == ["Choque"]


def test_an_address_under_another_name_is_told_only_to_who_may_see_it(
    app: Flask, desk: Desk
) -> None:
    teaching.trainer(desk.by, name=("Ruth", "Vieja"), mail="ruth@unit.example")
    assert "Ruth Vieja on the roster has this email address" in desk.preview()
    other = app.test_client()
    stranger = factories.account(Role.ORGANISER, agency="UNODC")
    factories.sign_in(other, stranger)
    page = other.post("/trainers/import", data={"pasted": LIST}).text
    assert "Vieja" not in page
    assert "on the roster has this email address" not in page


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("", "Choose a file, or paste the cells."),
        ("   \n\t\n", "Choose a file, or paste the cells."),
        ("Nombre\tCorreo\n", "We found no list in this file"),
    ],
)
def test_a_file_without_a_list_says_so(desk: Desk, sent: str, said: str) -> None:
    page = desk.client.post("/trainers/import", data={"pasted": sent}).text
    assert said in page


def test_what_cannot_be_a_name_or_address_is_said_at_its_row(desk: Desk) -> None:
    fields = desk.form(desk.preview()) | {"rows-0-mail": ["no address"]}
    page = desk.send(fields)
    assert page.status_code == 200
    assert desk.names() == []


def test_a_page_altered_into_something_else_adds_nobody(desk: Desk) -> None:
    fields = desk.form(desk.preview())
    for cells in ("", "{}", '[["a"],[[1,["b"]]]', "x" * 100):
        answer = desk.send({**fields, "cells": [cells], "again": ["yes"]})
        assert answer.status_code in (200, 303)
    assert desk.client.post("/trainers/import/rows", data={}).status_code == 200


def test_a_long_list_asks_the_database_no_more_often(desk: Desk) -> None:
    def pasted(number: int) -> str:
        rows = [
            f"Rojas\tAna{n}\tana{n}@unit.example\tIOM\tLa Paz, Bolivia\tes\t" for n in range(number)
        ]
        return "\n".join([LIST.split("\n")[0], *rows])

    desk.preview(pasted(2))
    with statements() as few:
        desk.preview(pasted(2))
    with statements() as many:
        desk.preview(pasted(40))
    assert len(few) == len(many) <= 14


def two_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], int]:
    """Two organisers enter the same list: both looked whether somebody is there already."""
    by = [factories.account(Role.ORGANISER, agency="IOM") for _one in range(2)]
    teaching.trainer(by[0])  # the trail has begun, so that its first entry is not raced for
    data = teaching.trainer_data(mail="ruth@unit.example")

    def act(viewer: Viewer) -> Any:
        return operations.add_trainers({0: data}, viewer)

    acts = [lambda viewer=viewer: act(viewer) for viewer in by]
    answers = racing.both_look(app, monkeypatch, writes.queries, "on_roster", acts)
    db.session.close()
    return answers, db.session.scalar(select(func.count()).select_from(Trainer)) or 0


def test_the_same_list_by_two_at_once_adds_each_once(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, there = two_at_once(each_app, monkeypatch)
    assert there == 1 + 1, answers
    assert sum(isinstance(one, TrainersRefused) for one in answers) == 1, answers


def test_without_the_lock_they_are_there_twice(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    racing.take_locks_off(monkeypatch, queries)
    answers, there = two_at_once(each_app, monkeypatch)
    assert not any(isinstance(one, TrainersRefused) for one in answers), answers
    if db.engine.dialect.name == "postgresql":
        assert there == 1 + 2, answers
    else:  # SQLite notices that the second wrote on an old view, and can only give up
        assert any(isinstance(one, OperationalError) for one in answers), answers
