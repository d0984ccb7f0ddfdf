"""A list that was sent is shown row by row, entered whole or not at all, and finished by hand."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests import factories
from tests.asking import asked_about
from tests.counting import statements
from tests.forms_in_pages import Fields, form_with
from tests.registrations import acting
from tests.spreadsheets.test_reader import HOSTILE
from trainings.audit.models import AuditEntry
from trainings.core import clock
from trainings.core.db import db
from trainings.core.permissions import Viewer
from trainings.mail.models import OutboxMail
from trainings.nominations_import import operations, queries
from trainings.nominations_import.models import WaitingRow
from trainings.people import reading
from trainings.registrations import queries as registrations
from trainings.registrations.models import Registration
from trainings.registrations.rules import State

INPUTS = Path(__file__).parent / "inputs"
PAGE = "/courses/BUE27/nominations/import"
LIST = (
    "Apellidos\tNombres\tFunción\tCorreo\tSexo\tNacimiento\tUnidad\tPasaporte\n"
    "Choque\tRuth\tJueza\truth@unit.example\tF\t31/05/1985\tTribunal\tAB1\n"
    "Lima\tEva\tFiscal\teva@unit.example\tF\t01/02/1980\tFiscalía\tAB2\n"
    "Paz\tNoa\tPerito\tnoa@unit.example\tF\t31/02/1980\t\t\n"
    "Soto\tIván\tJuez\tivan@unit.example\tM\t\t\t\n"
)


class Desk:
    """A focal point of Bolivia at the page, and who is registered."""

    def __init__(self, client: FlaskClient, by: Viewer | None = None) -> None:
        self.client, self.by = client, by or acting.focal_point("BO")
        factories.sign_in(client, self.by)

    def preview(self, pasted: str = LIST, **more: str) -> str:
        answer = self.client.post(PAGE, data={"pasted": pasted, "country": "BO", **more})
        assert answer.status_code == 200
        return answer.text

    def upload(self, name: str, **more: str) -> str:
        file = (io.BytesIO((INPUTS / name).read_bytes()), name)
        answer = self.client.post(PAGE, data={"file": file, **more})
        assert answer.status_code == 200
        return answer.text

    def form(self, page: str) -> Fields:
        return form_with(page, "cells")

    def send(self, fields: Fields) -> Any:
        return self.client.post(f"{PAGE}/rows", data=fields)

    def enter(self, page: str) -> str:
        answer = self.send(self.form(page))
        assert answer.status_code == 303, answer.text
        return self.client.get(answer.location).text

    def names(self) -> list[str]:
        db.session.close()
        rows = db.session.scalars(
            select(Registration.person_id).execution_options(scope="operation")
        ).all()
        return sorted(one.given_name for one in reading.opened(rows).values())

    def waiting(self) -> list[tuple[str, Any]]:
        db.session.close()
        return queries.waiting(self.by.account_id, self.course)

    @property
    def course(self) -> str:
        return db.session.scalar(select(queries.Course.id)) or ""


@pytest.fixture
def desk(client: FlaskClient) -> Desk:
    made = factories.course(capacity=60, separate_endorsement=True)
    acting.share_out(made, {("BO", "judge"): 2})
    return Desk(client)


def count(model: Any, *where: Any) -> int:
    db.session.close()
    return (
        db.session.scalar(
            select(func.count()).select_from(model).where(*where).execution_options(scope="job")
        )
        or 0
    )


def test_each_row_is_new_or_asked_about_and_nothing_is_written_yet(desk: Desk) -> None:
    page = desk.preview()
    assert "3 new candidates · 0 registered already · 1 with a question" in page
    assert "C4 “Perito”: This is none of the functions that the course invites." in page
    assert "F4 “31/02/1980”: This date does not exist" in page
    assert desk.form(page)["take"] == ["2", "3", "5"]
    assert desk.names() == [] and count(WaitingRow) == 0


@pytest.mark.parametrize("pasted", ["", " \n\t\n"])
def test_without_a_file_or_cells_it_asks_for_one(desk: Desk, pasted: str) -> None:
    assert "Choose a file, or paste the cells." in desk.preview(pasted)


def test_one_confirm_enters_the_clean_rows_and_keeps_the_others(desk: Desk) -> None:
    after = desk.enter(desk.preview())
    assert (
        "3 candidates nominated and told by email." in after
        and "1 row waits for you to finish it." in after
    )
    assert desk.names() == ["Eva", "Iván", "Ruth"]
    db.session.close()
    found = db.session.scalars(
        select(Registration).order_by(Registration.priority).execution_options(scope="operation")
    ).all()
    assert [(one.function, one.priority, one.state) for one in found] == [
        ("judge", 1, State.NOMINATED),
        ("prosecutor", 2, State.NOMINATED),
        ("judge", 3, State.NOMINATED),
    ]
    assert [registrations.born(one) for one in found] == ["1985-05-31", "1980-02-01", ""]
    assert [one.sex for one in found] == ["F", "F", "M"]
    assert found[0].certificate_language == "es"
    assert count(OutboxMail, OutboxMail.event == "registration_nominated") == 3
    assert count(AuditEntry, AuditEntry.act == "registration.nominate") == 3
    assert count(AuditEntry, AuditEntry.act == "registration.import") == 1
    assert "Paz, Noa" in after and "C4 “Perito”" in after


def test_the_same_list_again_changes_nothing(desk: Desk) -> None:
    desk.enter(desk.preview())
    page = desk.preview()
    assert "0 new candidates · 3 registered already · 1 with a question" in page
    answer = desk.send(desk.form(page))
    assert "Nothing has changed" in desk.client.get(answer.location).text
    assert desk.names() == ["Eva", "Iván", "Ruth"] and len(desk.waiting()) == 1
    assert count(AuditEntry, AuditEntry.act == "registration.import") == 1
    assert count(OutboxMail, OutboxMail.event == "registration_nominated") == 3


def test_a_form_sent_twice_counts_once(desk: Desk) -> None:
    fields = desk.form(desk.preview())
    desk.send(fields)
    desk.send(fields)
    assert desk.names() == ["Eva", "Iván", "Ruth"]


def test_rows_can_be_left_out(desk: Desk) -> None:
    fields = desk.form(desk.preview()) | {"take": ["3"]}
    desk.send(fields)
    assert desk.names() == ["Eva"]


def test_a_row_that_changed_meanwhile_keeps_all_out(desk: Desk) -> None:
    fields = desk.form(desk.preview())
    other = desk.preview("\n".join(LIST.split("\n")[:2]))
    desk.send(desk.form(other))
    answer = desk.send(fields)
    assert answer.status_code == 200
    assert "Nothing was entered" in answer.text and "1 registered already" in answer.text
    assert desk.names() == ["Ruth"] and desk.waiting() == []


@pytest.mark.parametrize("take", [["4"], ["99"], ["2", "4"]])
def test_a_row_with_a_question_is_entered_by_nobody(desk: Desk, take: list[str]) -> None:
    answer = desk.send(desk.form(desk.preview()) | {"take": take})
    assert "Nothing was entered" in answer.text
    assert desk.names() == [] and desk.waiting() == []


def test_a_row_is_finished_by_hand(desk: Desk) -> None:
    desk.enter(desk.preview())
    ((row_id, _waiting),) = desk.waiting()
    page = desk.client.get(f"{PAGE}/{row_id}").text
    fields = form_with(page, "given_name") | {"function": [""]}
    assert fields["given_name"] == ["Noa"] and fields["born"] == [""]
    assert "F4 “31/02/1980”" in page
    answer = desk.client.post(f"{PAGE}/{row_id}", data=fields)
    assert "Choose the function." in answer.text and len(desk.waiting()) == 1
    whole = fields | {"function": ["judge"], "born": ["1980-02-03"]}
    answer = desk.client.post(f"{PAGE}/{row_id}", data=whole)
    assert answer.status_code == 303
    assert desk.names() == ["Eva", "Iván", "Noa", "Ruth"] and desk.waiting() == []
    assert desk.client.get(f"{PAGE}/{row_id}").status_code == 404
    page = desk.preview()
    assert "0 new candidates · 4 registered already · 0 with a question" in page
    assert "Keep the questions" not in page


def test_a_row_is_dropped(desk: Desk) -> None:
    desk.enter(desk.preview())
    ((row_id, _waiting),) = desk.waiting()
    assert desk.client.post(f"{PAGE}/{row_id}/drop").status_code == 303
    assert desk.waiting() == [] and "Noa" not in desk.names()
    assert "Nothing has changed" in desk.enter(desk.preview())
    assert desk.waiting() == []


def test_who_finishes_a_row_is_asked_about_somebody_like_them(desk: Desk) -> None:
    desk.enter(desk.preview())
    ((row_id, _waiting),) = desk.waiting()
    fields = form_with(desk.client.get(f"{PAGE}/{row_id}").text, "given_name")
    like = fields | {"function": ["judge"], "mail": ["ruth@unit.example"]}
    page = desk.client.post(f"{PAGE}/{row_id}", data=like).text
    assert "Someone else is registered with this email address" in page
    answer = {"another": ["y"], "asked_about": [asked_about(page)]}
    assert desk.client.post(f"{PAGE}/{row_id}", data=like | answer).status_code == 303


def test_a_hidden_sheet_is_said(desk: Desk) -> None:
    assert "One sheet of the file is hidden and was not read: “" in desk.upload("peru.xlsx")


def test_the_focal_points_list_counts_what_waits(app: Flask, desk: Desk) -> None:
    own = PAGE.removesuffix("/import")
    assert "Finish them" not in desk.client.get(own).text
    desk.enter(desk.preview())
    assert "One row of a list waits for you to finish it." in desk.client.get(own).text
    other = Desk(app.test_client(), acting.focal_point("BO"))
    assert "Finish them" not in other.client.get(own).text


def test_what_waits_is_for_its_account_alone_and_erased_after_a_week(
    app: Flask, desk: Desk
) -> None:
    desk.enter(desk.preview())
    ((row_id, _waiting),) = desk.waiting()
    other = Desk(app.test_client(), acting.focal_point("BO"))
    assert other.client.get(f"{PAGE}/{row_id}").status_code == 404
    assert other.client.post(f"{PAGE}/{row_id}/drop").status_code == 404
    assert "Paz, Noa" not in other.client.get(PAGE).text
    with clock.at(clock.now() + timedelta(days=7) - timedelta(minutes=1)):
        operations.clear()
        assert len(desk.waiting()) == 1
    with clock.at(clock.now() + timedelta(days=7)):
        operations.clear()
    assert count(WaitingRow) == 0


def test_columns_are_corrected_and_remembered_for_the_layout(desk: Desk) -> None:
    odd = "A\tB\tC\tD\nRuth\tChoque\tJueza\truth@unit.example\n"
    page = desk.preview(odd)
    assert "We did not find the columns" in page
    kinds = ("given_name", "family_name", "function", "mail")
    chosen = {f"columns-{at}": [kind] for at, kind in enumerate(kinds)}
    page = desk.send(desk.form(page) | chosen | {"again": ["yes"]}).text
    assert "1 new candidate ·" in page and desk.names() == []
    desk.enter(page)
    assert desk.names() == ["Ruth"]
    again = desk.preview(odd.replace("Ruth", "Eva").replace("ruth@", "eva@"))
    assert desk.form(again)["columns-0"] == ["given_name"] and "1 new candidate ·" in again


def test_the_given_lists_are_entered(desk: Desk) -> None:
    page = desk.upload("bolivia.xlsx", country="BO")
    assert "7 new candidates · 0 registered already · 2 with a question" in page
    desk.enter(page)
    assert len(desk.names()) == 7 and len(desk.waiting()) == 2
    assert "0 new candidates · 7 registered already" in desk.upload("bolivia.xlsx", country="BO")


def test_a_focal_point_enters_nobody_of_another_country(desk: Desk) -> None:
    page = desk.upload("argentina.xlsx", country="BO")
    assert "0 new candidates · 0 registered already · 9 with a question" in page
    assert "The file is about another country than the one you chose." in page
    answer = desk.send(desk.form(page) | {"country": ["AR"]})
    assert answer.status_code == 200 and desk.names() == []


def test_a_focal_point_of_some_functions_enters_no_others(client: FlaskClient, desk: Desk) -> None:
    desk = Desk(client, acting.focal_point("BO", ("judge",)))
    page = desk.preview()
    assert "2 new candidates" in page
    assert "You cannot nominate candidates of this country and function" in page


def test_an_organiser_enters_lists_of_any_country(client: FlaskClient, desk: Desk) -> None:
    desk = Desk(client, acting.organiser())
    page = desk.upload("argentina.xlsx", country="")
    assert "9 new candidates" in page and "16: Total:" in page
    desk.enter(page)
    assert len(desk.names()) == 9


def test_an_organiser_enters_a_late_list_and_a_focal_point_does_not(
    client: FlaskClient, app: Flask
) -> None:
    yesterday = clock.today(factories.ZONE) - timedelta(days=1)
    factories.course(registration_closes_on=yesterday, registration_opens_on=yesterday)
    focal = Desk(client)
    assert "Registration for this course has closed." in focal.client.get(PAGE).text
    fields = focal.form(focal.preview())
    assert "has closed" in focal.send(fields).text and focal.names() == []
    late = Desk(app.test_client(), acting.organiser())
    late.enter(late.preview())
    assert len(late.names()) == 3


@pytest.mark.parametrize(
    "fault", ["far down", "bomb", "macros", "other files", "password", "many rows", "broken zip"]
)
def test_a_hostile_file_gets_a_clear_sentence(desk: Desk, fault: str) -> None:
    """Each is refused where it is read (tests/spreadsheets); here it is said on the page."""
    data, refusal = HOSTILE[fault]
    answer = desk.client.post(PAGE, data={"file": (io.BytesIO(data), "x.xlsx")})
    assert answer.status_code == 200
    assert "There is a problem" in answer.text
    assert str(refusal.sentence)[:20].partition("“")[0] in answer.text
    assert desk.names() == [] and count(WaitingRow) == 0


def test_a_page_altered_into_something_else_enters_nobody(desk: Desk) -> None:
    fields = desk.form(desk.preview())
    altered = ('[["a"],[["1",["b"]]],[],[]]', '[["a","b"],[["1",["b"]]],[],[]]', "[[],[],[],[]]")
    for cells in ("", "{}", *altered, "[" * 9000):
        for more in ({}, {"again": ["yes"]}):
            answer = desk.send({**fields, "cells": [cells], **more})
            assert answer.status_code in (200, 303)
    assert desk.client.post(f"{PAGE}/rows", data={}).status_code == 303
    assert desk.names() == []


def test_a_long_list_asks_the_database_no_more_often(desk: Desk) -> None:
    def pasted(number: int) -> str:
        rows = [
            f"Rojas {number} {n}\tAna\tJueza\tana{number}.{n}@unit.example" for n in range(number)
        ]
        return "\n".join(["Apellidos\tNombres\tFunción\tCorreo", *rows])

    desk.enter(desk.preview(pasted(1)))  # from now on, the layout is remembered
    counts = []
    for later, many in ((2, 2), (4, 40)):  # a layout keeps in which second it was used last
        with clock.shifted(timedelta(seconds=later)):
            with statements() as shown:
                page = desk.preview(pasted(many))
            with statements() as entered:
                desk.send(desk.form(page))
            with statements() as again:
                desk.preview(pasted(many))
            counts.append((len(shown), len(entered), len(again)))
            db.session.close()
    assert counts[0] == counts[1], counts
