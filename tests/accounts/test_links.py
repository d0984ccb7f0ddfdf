"""One-time links: long, hashed, used once by a button, and a new one where they failed."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests import factories
from trainings.accounts import operations, staff_operations, writes
from trainings.accounts.models import Account, OneTimeLink, Throttle, WebSession
from trainings.accounts.rules import NETWORK, LinkExpired, LinkUnknown, LinkUsed, Scope
from trainings.accounts.staff_operations import Invited
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.jobs.models import Job

MAIL = "unit@police.example"


@pytest.fixture
def ana(app: Flask) -> Viewer:
    """A participant: no password, no role."""
    return factories.account(mail=MAIL, name=("Ana", "Prueba"))


def secret_in(body: str) -> str:
    found = re.search(r"http://trainings\.example/sign-in/link/([\w-]+)", body)
    assert found is not None, body
    return found[1]


def test_only_its_hash_is_kept(app: Flask, ana: Viewer) -> None:
    token = factories.link(ana)
    assert len(token) >= 22  # 128 bits
    row = db.session.query(OneTimeLink).one()
    assert token not in str(vars(row)) and len(row.token_hash) == 64
    db.session.remove()
    instance: Path = app.extensions["settings"].instance
    for file in instance.glob("trainings.sqlite*"):
        assert token.encode() not in file.read_bytes()


def test_it_is_used_once(each_app: Flask) -> None:
    token = factories.link(factories.account())
    with transaction() as session:
        writes.use_link(session, token)
    with pytest.raises(LinkUsed), transaction() as session:
        writes.use_link(session, token)


def test_it_ends_with_its_time(app: Flask, ana: Viewer) -> None:
    token = factories.link(ana, valid_for=timedelta(minutes=10))
    at_its_end = clock.shifted(timedelta(minutes=10))
    with at_its_end, pytest.raises(LinkExpired), transaction() as session:
        writes.use_link(session, token)


def test_looking_at_it_uses_nothing(client: FlaskClient, ana: Viewer) -> None:
    token = factories.link(ana, leads_to="/my/certificates")
    for _ in range(3):  # a mail scanner
        page = client.get(f"/sign-in/link/{token}")
        assert page.status_code == 200 and b"Sign in as Ana Prueba" in page.data
    assert db.session.query(WebSession).count() == 0
    answer = client.post(f"/sign-in/link/{token}")
    assert (answer.status_code, answer.location) == (303, "/my/certificates")
    assert client.get("/profile").status_code == 200


def test_its_way_on_stays_on_this_site(client: FlaskClient, ana: Viewer) -> None:
    token = factories.link(ana, leads_to="//evil.example/")
    assert client.post(f"/sign-in/link/{token}").location == "/"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("state", "status", "words"),
    [
        ("used", 410, b"already been used"),
        ("expired", 410, b"has expired"),
        ("wrong", 404, b"We do not recognise this link"),
    ],
)
def test_a_link_that_opens_nothing_offers_a_new_one(
    client: FlaskClient, ana: Viewer, method: str, state: str, status: int, words: bytes
) -> None:
    token = factories.link(ana, valid_for=timedelta(0) if state == "expired" else None)
    if state == "used":
        client.application.test_client().post(f"/sign-in/link/{token}")
    if state == "wrong":
        token = "n" * 32
    page = getattr(client, method)(f"/sign-in/link/{token}")
    assert page.status_code == status
    assert words in page.data and b"Email me a new link" in page.data


def test_the_new_one_goes_to_the_same_person_and_place(client: FlaskClient, ana: Viewer) -> None:
    factories.account(mail=MAIL, name=("Otra", "Persona"))
    token = factories.link(ana, "offer", valid_for=timedelta(0), leads_to="/my/registrations/x")
    assert client.post(f"/sign-in/link/{token}/renew").status_code == 303
    (mail,) = factories.mails()
    assert mail.recipient == MAIL and "Ana Prueba" in mail.body
    answer = client.post(f"/sign-in/link/{secret_in(mail.body)}")
    assert answer.location == "/my/registrations/x"


def test_a_link_of_a_disabled_account_is_not_known(client: FlaskClient, app: Flask) -> None:
    bea = factories.account(Role.ANALYST)
    token = factories.link(bea)
    administrator = factories.account(Role.ADMINISTRATOR)
    staff_operations.switch_off(bea.account_id or "", by=administrator.account_id or "")
    assert client.get(f"/sign-in/link/{token}").status_code == 404
    assert client.post(f"/sign-in/link/{token}").status_code == 404


def test_asking_answers_alike_and_mails_each_person_once(
    client: FlaskClient, app: Flask, ana: Viewer
) -> None:
    factories.account(mail=MAIL, name=("Luz", "Ensayo"))  # the unit shares its mailbox
    known = client.post("/sign-in/link", data={"mail": MAIL})
    unknown = client.post("/sign-in/link", data={"mail": "xyz@police.example"})
    assert known.data == unknown.data and known.location == unknown.location
    assert factories.mails() == []  # the mails are the worker's: no time tells
    factories.run_jobs(app)
    mails = factories.mails("sign_in_link")
    assert sorted(mail.body.splitlines()[0] for mail in mails) == [
        "Hello Ana Prueba,",
        "Hello Luz Ensayo,",
    ]
    assert {mail.recipient for mail in mails} == {MAIL}
    assert not [mail for mail in mails if "Ana" in mail.subject or "Luz" in mail.subject]
    client.post(f"/sign-in/link/{secret_in(mails[0].body)}")
    assert (b"Ana Prueba" in client.get("/profile").data) == ("Ana Prueba" in mails[0].body)


def test_known_and_unknown_take_the_same_statements(
    client: FlaskClient, ana: Viewer, statements: list[str]
) -> None:
    sent = []
    for mail, address in ((MAIL, "192.0.2.1"), ("xyz@police.example", "192.0.2.2")):
        client.get("/sign-in/link")
        statements.clear()
        client.post(
            "/sign-in/link", data={"mail": mail}, environ_overrides={"REMOTE_ADDR": address}
        )
        sent.append([re.sub(r"savepoint_\d+", "savepoint", line) for line in statements])
    assert sent[0] == sent[1]


def test_a_mailbox_is_not_flooded(client: FlaskClient, app: Flask, ana: Viewer) -> None:
    for _ in range(20):
        assert client.post("/sign-in/link", data={"mail": MAIL}).status_code == 303
        factories.run_jobs(app)
    assert len(factories.mails("sign_in_link")) == 3
    token = secret_in(factories.mails("sign_in_link")[0].body)
    assert client.post(f"/sign-in/link/{token}").status_code == 303  # and the first still works


def test_who_asks_for_address_after_address_fills_no_table(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, rows = clock.now(), []
    monkeypatch.setattr(clock, "now", lambda: now)
    for turn in range(NETWORK.free + 20):
        mail = f"unit{turn}@police.example"
        assert client.post("/sign-in/link", data={"mail": mail}).status_code == 303
        db.session.remove()
        rows.append(db.session.scalar(select(func.count()).select_from(Throttle)))
    assert rows[-1] == rows[NETWORK.free] == NETWORK.free + 1
    assert db.session.scalar(select(func.count()).select_from(Job)) == NETWORK.free


def test_a_mistyped_address_is_said_at_the_field(client: FlaskClient, app: Flask) -> None:
    page = client.post("/sign-in/link", data={"mail": "not an address"})
    assert (
        page.status_code == 200
        and b"Enter the full email address, such as name@example.org." in page.data
    )
    assert b'value="not an address"' in page.data


def test_the_mail_is_in_the_readers_language_and_built_from_the_base_address(
    client: FlaskClient, app: Flask, ana: Viewer
) -> None:
    client.post("/sign-in/link", data={"mail": MAIL}, headers={"Host": "localhost:9"})
    factories.run_jobs(app)
    (mail,) = factories.mails()
    assert "localhost" not in mail.body and secret_in(mail.body)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "It works once and expires one hour after this email was sent:"),
        ("es", "Sirve una sola vez y vence una hora después del envío de este correo:"),
        (
            "fr",
            "Il ne peut servir qu’une fois et expire une heure après l’envoi de ce courriel\u00a0:",
        ),
        ("pt_BR", "Ele só pode ser usado uma vez e perde a validade uma hora depois do envio"),
    ],
)
def test_the_mail_says_one_hour_and_the_link_works_for_it(
    client: FlaskClient, app: Flask, ana: Viewer, language: str, said: str
) -> None:
    with transaction() as session:
        account = session.get(Account, ana.account_id)
        assert account is not None
        account.language = language
    client.post("/sign-in/link", data={"mail": MAIL})
    factories.run_jobs(app)
    (mail,) = factories.mails()
    assert said in mail.body and "UTC" not in mail.body
    link = db.session.scalars(select(OneTimeLink)).one()
    assert link.ends_at - link.created_at == timedelta(hours=1)


def invite() -> Viewer:
    administrator = factories.account(Role.ADMINISTRATOR)
    account_id = staff_operations.invite(
        Invited("Bea", "Muster", "bea@staff.example", "en"),
        Role.ORGANISER,
        Scope(agency_id=factories.agency_id()),
        by=administrator.account_id or "",
    )
    return Viewer(account_id=account_id)


def test_the_invited_choose_a_password_and_are_in(client: FlaskClient, app: Flask) -> None:
    invite()
    token = secret_in(factories.mails("staff_invitation")[0].body)
    address = f"/sign-in/link/{token}"
    assert b"Bea Muster" in client.get(address).data
    for password, repeated, words in (
        ("short", "short", b"at least 15 characters"),
        ("bea@staff.example", "bea@staff.example", b"too easy to guess"),
        (
            "long enough for all",
            "long enough for some",
            b"The passwords do not match. Enter the same password twice.",
        ),
    ):
        page = client.post(address, data={"password": password, "repeated": repeated})
        assert page.status_code == 200 and words in page.data
    password = "long enough for everybody"
    answer = client.post(address, data={"password": password, "repeated": password})
    assert answer.status_code == 303
    assert client.get("/profile").status_code == 200
    again = app.test_client()
    sent = {"mail": "bea@staff.example", "password": password}
    assert again.post("/sign-in", data=sent).status_code == 303
    assert app.test_client().get(address).status_code == 410


def test_an_invitation_does_not_sign_in_without_a_password(app: Flask) -> None:
    token = factories.link(invite(), "invitation")
    with pytest.raises(LinkUnknown):
        operations.sign_in_by_link(token, operations.Browser())
    assert db.session.query(WebSession).count() == 0


def test_a_sign_in_link_sets_no_password(app: Flask) -> None:
    token = factories.link(invite(), "sign_in")
    password = "long enough for everybody"
    with pytest.raises(LinkUnknown):
        operations.set_password(token, password, password, operations.Browser())


def test_a_new_password_ends_the_other_sessions(client: FlaskClient, app: Flask) -> None:
    bea = factories.account(Role.ANALYST)
    other = app.test_client()
    factories.sign_in(other, bea)
    password = "long enough for everybody"
    sent = {"password": password, "repeated": password}
    client.post(f"/sign-in/link/{factories.link(bea, 'password')}", data=sent)
    assert client.get("/profile").status_code == 200
    assert other.get("/profile").status_code == 303
