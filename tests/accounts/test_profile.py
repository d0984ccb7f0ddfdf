"""One's own profile: name, language, password, and where one is signed in."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from trainings.accounts.models import Account, WebSession
from trainings.accounts.queries import token_hash
from trainings.core.db import db
from trainings.core.permissions import Role, Viewer

OLD, NEW = "an old sentence to know", "a new sentence to learn"


@pytest.fixture
def ada(client: FlaskClient) -> Viewer:
    made = factories.account(Role.ANALYST, name=("Ada", "Ejemplo"), mail="ada@staff.example")
    factories.set_password(made, OLD)
    factories.sign_in(client, made)
    return made


def elsewhere(client: FlaskClient, viewer: Viewer) -> FlaskClient:
    other = client.application.test_client()
    factories.sign_in(other, viewer)
    return other


def test_it_shows_who_one_is(client: FlaskClient, ada: Viewer) -> None:
    page = client.get("/profile").data
    assert b"Ada Ejemplo" in page and b"ada@staff.example" in page


def test_name_and_language_change(client: FlaskClient, ada: Viewer) -> None:
    sent = {"given_name": "Ana", "family_name": "O’Neill-Ñandú", "language": "es"}
    assert client.post("/profile/details", data=sent).status_code == 303
    page = client.get("/profile").get_data(as_text=True)
    assert "Ana O’Neill-Ñandú" in page and '<html lang="es"' in page
    account = db.session.get(Account, ada.account_id)
    assert account is not None and account.language == "es"


def test_a_participant_chooses_the_language_not_the_name(client: FlaskClient, app: Flask) -> None:
    ana = factories.account(name=("Ana", "Prueba"))
    factories.sign_in(client, ana)
    assert b"family_name" not in client.get("/profile/details").data
    client.post("/profile/details", data={"family_name": "Otra", "language": "fr"})
    page = client.get("/profile").get_data(as_text=True)
    assert "Ana Prueba" in page and '<html lang="fr"' in page
    assert client.get("/profile/password").status_code == 404


def test_an_unknown_language_is_refused(client: FlaskClient, ada: Viewer) -> None:
    sent = {"family_name": "Ejemplo", "language": "xx"}
    assert client.post("/profile/details", data=sent).status_code == 200
    account = db.session.get(Account, ada.account_id)
    assert account is not None and account.language == ""


def test_a_new_password_signs_the_others_out(client: FlaskClient, ada: Viewer) -> None:
    other = elsewhere(client, ada)
    sent = {"present": OLD, "password": NEW, "repeated": NEW}
    assert client.post("/profile/password", data=sent).status_code == 303
    assert client.get("/profile").status_code == 200
    assert other.get("/profile").status_code == 303
    door = client.application.test_client()
    for password, status in ((OLD, 200), (NEW, 303)):
        sent = {"mail": "ada@staff.example", "password": password}
        assert door.post("/sign-in", data=sent).status_code == status


@pytest.mark.parametrize(
    ("present", "password", "repeated", "words"),
    [
        ("not the present one", NEW, NEW, b"This is not your current password."),
        (OLD, "short", "short", b"at least 15 characters"),
        (OLD, OLD, OLD, b"too easy to guess"),
        (OLD, NEW, NEW + "x", b"The passwords do not match. Enter the same password twice."),
    ],
)
def test_a_refused_password_changes_nothing(
    client: FlaskClient, ada: Viewer, present: str, password: str, repeated: str, words: bytes
) -> None:
    other = elsewhere(client, ada)
    sent = {"present": present, "password": password, "repeated": repeated}
    page = client.post("/profile/password", data=sent)
    assert page.status_code == 200 and words in page.data
    assert f'value="{password}"' not in page.get_data(as_text=True)  # a password is never sent back
    assert other.get("/profile").status_code == 200


def test_a_forgotten_password_by_mail(client: FlaskClient, ada: Viewer) -> None:
    assert client.post("/profile/password/link").status_code == 303
    (mail,) = factories.mails("password_link")
    assert mail.recipient == "ada@staff.example"


def test_one_other_browser_or_all(client: FlaskClient, ada: Viewer) -> None:
    others = [elsewhere(client, ada) for _ in range(3)]
    rows = {row.token_hash: row.id for row in db.session.query(WebSession)}
    cookie = others[0].get_cookie("session_id")
    assert cookie is not None
    client.post(f"/profile/sessions/{rows[token_hash(cookie.value)]}/end")
    assert [other.get("/profile").status_code for other in others] == [303, 200, 200]
    client.post("/profile/sessions/end")
    assert [other.get("/profile").status_code for other in others] == [303, 303, 303]
    assert client.get("/profile").status_code == 200


def test_nobody_ends_the_sessions_of_others(client: FlaskClient, ada: Viewer) -> None:
    bea = factories.account(Role.ANALYST)
    other = elsewhere(client, bea)
    row = db.session.query(WebSession).filter_by(account_id=bea.account_id).one()
    assert client.post(f"/profile/sessions/{row.id}/end").status_code == 404
    assert other.get("/profile").status_code == 200
