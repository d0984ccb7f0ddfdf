"""Agencies and functions are data of the installation, kept by its administrator."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from trainings.accounts import queries
from trainings.core.permissions import Role
from trainings.people import queries as people


@pytest.fixture(autouse=True)
def root(app: Flask, client: FlaskClient) -> None:
    factories.sign_in(client, factories.account(Role.ADMINISTRATOR))


AGENCY = {
    "code": "eu",
    "position": "7",
    "colour": "#0B5563",
    "short_en": "EU",
    "name_en": "Some union",
    "name_es": "Cierta unión",
}


def test_an_agency_is_added(client: FlaskClient) -> None:
    assert client.post("/agencies/new", data=AGENCY).status_code == 303
    found = queries.agency_with_code("EU")
    assert found is not None
    assert (found.colour, found.position) == ("#0b5563", 7)
    assert found.names == {"en": "Some union", "es": "Cierta unión"}
    assert b"Some union" in client.get("/agencies").data


def test_an_agency_keeps_its_code(client: FlaskClient) -> None:
    sent = {**AGENCY, "code": "OTHER", "short_en": "OIM"}
    assert client.post("/agencies/IOM", data=sent).status_code == 303
    found = queries.agency_with_code("IOM")
    assert found is not None and found.short_names == {"en": "OIM"}
    assert queries.agency_with_code("OTHER") is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"code": "IOM"}, b"There is already an agency with this code."),
        ({"code": "é"}, b"without accents"),
        ({"colour": "teal"}, b"Enter the colour as # and six digits or letters a to f,"),
        ({"position": "first"}, b"Enter a number"),
        ({"name_en": ""}, b"Enter the full name in English."),
    ],
)
def test_a_bad_agency_says_why(client: FlaskClient, change: dict[str, str], words: bytes) -> None:
    page = client.post("/agencies/new", data={**AGENCY, **change})
    assert page.status_code == 200 and words in page.data
    assert "Cierta unión" in page.get_data(as_text=True)
    assert len(queries.agencies()) == 3


def test_a_function_is_added_and_changed(client: FlaskClient) -> None:
    sent = {"code": "Customs", "position": "9", "name_en": "Customs", "hint_en": "At the border"}
    assert client.post("/functions/new", data=sent).status_code == 303
    assert client.post("/functions/new", data=sent).status_code == 200
    sent = {"code": "x1", "position": "0", "name_en": "Customs service"}
    assert client.post("/functions/customs", data=sent).status_code == 303
    found = {function.code: function for function in people.functions()}
    assert found["customs"].names == {"en": "Customs service"} and len(found) == 4


def test_what_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.get("/agencies/NOPE").status_code == 404
    assert client.get("/functions/nope").status_code == 404
