"""A mailed link opened again while signed in: the page opens; somebody else is told and asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from trainings.accounts.models import OneTimeLink, WebSession
from trainings.core import clock
from trainings.core.db import db
from trainings.core.permissions import Role, Viewer

PAGE = "/my/registrations"


@pytest.fixture
def ana(app: Flask, client: FlaskClient) -> Viewer:
    """A participant who came in by an earlier link."""
    made = factories.account(name=("Ana", "Prueba"))
    factories.sign_in(client, made)
    return made


def used(token: str) -> bool:
    db.session.close()
    return db.session.scalars(select(OneTimeLink.used_at)).one() is not None


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("state", ["unused", "used", "expired"])
def test_the_page_opens_without_asking(
    client: FlaskClient, ana: Viewer, method: str, state: str
) -> None:
    token = factories.link(
        ana, leads_to=PAGE, valid_for=timedelta(0) if state == "expired" else None
    )
    if state == "used":
        client.application.test_client().post(f"/sign-in/link/{token}")
    answer = getattr(client, method)(f"/sign-in/link/{token}")
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert used(token) is (state == "used"), "a link that was not needed is left for elsewhere"


def test_the_button_pressed_twice_opens_the_page(client: FlaskClient, app: Flask) -> None:
    token = factories.link(factories.account(), leads_to=PAGE)
    for _ in range(2):
        assert client.post(f"/sign-in/link/{token}").location == PAGE
    assert len(db.session.scalars(select(WebSession)).all()) == 1


def test_its_way_on_stays_on_this_site(client: FlaskClient, ana: Viewer) -> None:
    token = factories.link(ana, leads_to="//evil.example/")
    assert client.get(f"/sign-in/link/{token}").location == "/"


def test_somebody_else_is_told_and_may_stay_or_change(client: FlaskClient, ana: Viewer) -> None:
    rui = factories.account(name=("Rui", "Exemplo"))
    address = f"/sign-in/link/{factories.link(rui, leads_to=PAGE)}"
    page = client.get(address).get_data(as_text=True)
    assert "You are signed in on this browser as Ana Prueba" in page
    assert "If you continue, Ana Prueba is signed out." in page
    assert "Stay signed in as Ana Prueba" in page and "Sign in as Rui Exemplo" in page
    assert "Ana Prueba" in client.get("/profile").get_data(as_text=True), "until they say so"
    assert client.post(address).location == PAGE
    assert "Rui Exemplo" in client.get("/profile").get_data(as_text=True)


def test_a_used_link_of_somebody_else_says_who_is_here(client: FlaskClient, ana: Viewer) -> None:
    token = factories.link(factories.account(name=("Rui", "Exemplo")))
    client.application.test_client().post(f"/sign-in/link/{token}")
    answer = client.get(f"/sign-in/link/{token}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 410 and "already been used" in page
    assert "Stay signed in as Ana Prueba" in page and "is signed out" not in page
    assert "Exemplo" not in page


def test_a_link_that_nobody_sent_is_for_nobody(client: FlaskClient, ana: Viewer) -> None:
    page = client.get(f"/sign-in/link/{'n' * 32}")
    assert page.status_code == 404 and "Stay signed in as" not in page.get_data(as_text=True)


@pytest.mark.parametrize("purpose", ["password", "invitation"])
def test_a_link_that_sets_a_password_still_asks_for_it(
    client: FlaskClient, app: Flask, purpose: str
) -> None:
    bea = factories.account(Role.ANALYST)
    factories.sign_in(client, bea)
    address = f"/sign-in/link/{factories.link(bea, purpose)}"
    page = client.get(address).get_data(as_text=True)
    assert "Choose a password" in page and "Stay signed in" not in page
    with clock.shifted(timedelta(minutes=20)):
        assert client.get(address).status_code == 200
    long = "una frase larga que nadie sabe"
    assert client.post(address, data={"password": long, "repeated": long}).status_code == 303
    assert client.get(address).location == "/"
