"""The outbox as a page holds live sign-in links: it is for development on this machine alone."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace

from tests import factories
from trainings.core.db import db
from trainings.mail.models import OutboxMail

HERE = ["127.0.0.1", "::1", "::ffff:127.0.0.1"]
ELSEWHERE: list[dict[str, str]] = [
    {"REMOTE_ADDR": "192.0.2.7"},
    {"REMOTE_ADDR": "10.0.0.7"},
    {"REMOTE_ADDR": "::ffff:192.0.2.7"},
    {"REMOTE_ADDR": ""},
    {"HTTP_X_FORWARDED_FOR": "192.0.2.7"},
    {"HTTP_FORWARDED": "for=192.0.2.7"},
    {"HTTP_VIA": "1.1 proxy"},
    {"HTTP_X_REAL_IP": "192.0.2.7"},
]


@pytest.fixture
def pages(client: FlaskClient, app: Flask) -> tuple[str, str]:
    factories.account(mail="unit@police.example")
    client.post("/sign-in/link", data={"mail": "unit@police.example"})
    factories.run_jobs(app)
    mail = db.session.query(OutboxMail).one()
    return "/outbox", f"/outbox/{mail.id}"


@pytest.mark.parametrize("address", HERE)
def test_this_machine_reads_it(client: FlaskClient, pages: tuple[str, str], address: str) -> None:
    for page in pages:
        assert client.get(page, environ_base={"REMOTE_ADDR": address}).status_code == 200
    sent = client.get("/sign-in/sent", environ_base={"REMOTE_ADDR": address})
    assert b"/outbox" in sent.data


@pytest.mark.parametrize("environ", ELSEWHERE, ids=str)
def test_nobody_else_does(
    client: FlaskClient, pages: tuple[str, str], environ: dict[str, str]
) -> None:
    missing = client.get("/nowhere", environ_base=environ)
    for page in pages:
        answer = client.get(page, environ_base=environ)
        assert (answer.status_code, answer.data) == (404, missing.data)
    assert b"/outbox" not in client.get("/sign-in/sent", environ_base=environ).data


def test_in_production_nobody_does(client: FlaskClient, pages: tuple[str, str], app: Flask) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], environment="production")
    assert [client.get(page).status_code for page in pages] == [404, 404]
    assert b"/outbox" not in client.get("/sign-in/sent").data


@pytest.mark.parametrize("environ", ELSEWHERE, ids=str)
def test_readiness_is_told_to_this_machine_too(
    client: FlaskClient, environ: dict[str, str]
) -> None:
    assert client.get("/readyz", environ_base=environ).status_code == 404
