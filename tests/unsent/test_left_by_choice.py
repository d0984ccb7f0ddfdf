"""A form sent after its reader signed out in this browser, or too long after signing in."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests import factories
from tests.forms_in_pages import Fields, form_with
from tests.unsent.leaving import after, come_in, opened
from trainings.accounts.models import AccountGrant
from trainings.core.db import db
from trainings.core.permissions import Role, Viewer
from trainings.unsent.models import UnsentForm

PAGE = "/profile/details"
TYPED = "Newly-Typed"
BACK = "What you typed is back in the fields"
PASSWORD = "a sentence of fifteen"


@pytest.fixture
def ada(app: Flask) -> Viewer:
    app.config["WTF_CSRF_ENABLED"] = True
    made = factories.account(Role.ADMINISTRATOR, mail="ada@staff.example")
    factories.set_password(made, PASSWORD)
    return made


@pytest.fixture
def form(client: FlaskClient, ada: Viewer) -> Fields:
    """The open form, with something typed in it; in another window its reader has signed out."""
    come_in(client, ada)
    form = {**opened(client, PAGE, "family_name"), "family_name": [TYPED]}
    out = opened(client, "/profile", "csrf_token")
    answer = client.post("/sign-out", data={"csrf_token": out["csrf_token"]})
    assert answer.location == "/sign-in"
    return form


def text_of(client: FlaskClient, path: str = PAGE) -> str:
    return client.get(path).get_data(as_text=True)


def kept() -> int:
    db.session.close()
    return db.session.scalar(select(func.count()).select_from(UnsentForm)) or 0


def test_signed_out_in_another_window_it_comes_back_in_this_browser(
    client: FlaskClient, ada: Viewer, form: Fields
) -> None:
    answer = client.post(PAGE, data=form)
    assert answer.status_code == 303 and answer.location == f"/sign-in?next={PAGE}"
    said = text_of(client, answer.location)
    assert "You have signed out" in said and "in this browser" in said and TYPED not in said
    assert come_in(client, ada).location == PAGE
    page = text_of(client)
    assert BACK in page and f'value="{TYPED}"' in page
    assert kept() == 0


def test_in_another_browser_it_does_not(client: FlaskClient, ada: Viewer, form: Fields) -> None:
    client.post(PAGE, data=form)
    phone = client.application.test_client()
    assert come_in(phone, ada).location == "/"
    assert TYPED not in text_of(phone) and kept() == 1
    come_in(client, ada)
    assert TYPED in text_of(client)


def test_once_somebody_else_signed_in_here_it_does_not(
    client: FlaskClient, ada: Viewer, form: Fields
) -> None:
    """The shared computer: who comes next sees nothing, nor does it come back after them."""
    client.post(PAGE, data=form)
    come_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    assert TYPED not in text_of(client) and BACK not in text_of(client)
    come_in(client, ada)
    assert TYPED not in text_of(client) and kept() == 1


def test_who_comes_next_keeps_nothing_for_who_left(
    client: FlaskClient, ada: Viewer, form: Fields
) -> None:
    """Sent from the window that was left open, after somebody else signed in and out here."""
    come_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    assert client.post(PAGE, data=form).status_code == 400
    out = opened(client, "/profile", "csrf_token")
    client.post("/sign-out", data={"csrf_token": out["csrf_token"]})
    client.post(PAGE, data=form)
    assert kept() == 0


@pytest.mark.parametrize("minutes", [59, 61])
def test_it_can_be_sent_for_an_hour(client: FlaskClient, form: Fields, minutes: int) -> None:
    with after(minutes=minutes):
        client.post(PAGE, data=form)
        assert kept() == (minutes < 60)


def test_a_browser_that_was_not_theirs_keeps_nothing(client: FlaskClient, form: Fields) -> None:
    stranger = client.application.test_client()
    answer = stranger.post(PAGE, data=form)
    assert answer.status_code == 400 and TYPED not in answer.get_data(as_text=True)
    assert kept() == 0


def test_without_the_token_of_that_session_nothing_is_kept(
    client: FlaskClient, form: Fields
) -> None:
    """It may come from another site."""
    client.post(PAGE, data={**form, "csrf_token": "IjAwMDAi.aaaaaa.bbbbbbbbbbb"})
    assert kept() == 0


def grants() -> int:
    db.session.close()
    return db.session.scalar(select(func.count()).select_from(AccountGrant)) or 0


def test_too_long_after_signing_in_it_waits_for_the_fresh_sign_in(
    client: FlaskClient, ada: Viewer
) -> None:
    come_in(client, ada)
    path, before = "/staff/invite", grants()
    typed = {"given_name": "Luz", "family_name": TYPED, "mail": "luz@staff.example"}
    form = {**opened(client, path, "family_name"), **typed, "role": "analyst"}
    with after(minutes=6):
        answer = client.post(path, data=form)
        assert answer.status_code == 303 and "again=yes" in answer.location
        said = text_of(client, answer.location)
        assert "within the last five minutes" in said and "We keep what you typed" in said
        way = form_with(said, "password")
        assert grants() == before and kept() == 1
        inside = client.post(
            answer.location, data={**way, "mail": "ada@staff.example", "password": PASSWORD}
        )
        assert inside.location == path
        page = text_of(client, path)
        assert BACK in page and f'value="{TYPED}"' in page and "luz@staff.example" in page
        assert client.post(path, data=opened(client, path, "family_name")).status_code == 200
        assert kept() == 0


def test_another_account_that_signs_in_then_sees_nothing_of_it(
    client: FlaskClient, ada: Viewer
) -> None:
    come_in(client, ada)
    form = {**opened(client, "/staff/invite", "family_name"), "family_name": TYPED}
    with after(minutes=6):
        client.post("/staff/invite", data=form)
        other = factories.account(Role.ADMINISTRATOR)
        come_in(client, other)
        assert TYPED not in text_of(client, "/staff/invite")
