"""The main navigation: each page belongs to one way, and that one is marked."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from trainings.core.permissions import Role


@pytest.mark.parametrize(
    ("role", "path", "ways"),
    [
        (Role.ORGANISER, "/", ["Home"]),
        (Role.ORGANISER, "/courses", ["Courses"]),
        (Role.ORGANISER, "/courses/BUE27/desk", ["Courses"]),
        (Role.ORGANISER, "/courses/BUE27/certificates", ["Courses"]),
        (Role.ORGANISER, "/rooms", ["Courses"]),
        (Role.ORGANISER, "/programmes", ["Programmes"]),
        (Role.ORGANISER, "/modules", ["Programmes"]),
        (Role.ORGANISER, "/trainers", ["Trainers"]),
        (Role.ORGANISER, "/profile", []),
        (Role.ADMINISTRATOR, "/staff", ["Staff"]),
        (Role.ADMINISTRATOR, "/agencies/new", ["Agencies"]),
        (Role.ADMINISTRATOR, "/functions", ["Agencies"]),
        (Role.DATA_PROTECTION, "/trail", ["Audit trail"]),
        (Role.DATA_PROTECTION, "/privacy/erasure", ["Erasure"]),
        (Role.DATA_PROTECTION, "/privacy/lists", ["Lists with names"]),
        (None, "/my/certificates", ["My certificates"]),
        (None, "/my/registrations", ["My registrations"]),
    ],
)
def test_one_is_where_one_is(
    app: Flask, client: FlaskClient, role: Role | None, path: str, ways: list[str]
) -> None:
    factories.course("BUE27")
    agency = "IOM" if role is Role.ORGANISER else None
    factories.sign_in(client, factories.account(role, agency=agency))
    answer = client.get(path)
    assert answer.status_code == 200
    bar = answer.get_data(as_text=True).partition("<main")[0]
    assert re.findall(r'aria-current="page">([^<]+)<', bar) == ways
