"""Whether the installation is well: what counts as a fault of it, and what does not."""

import re
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import force_setattr
from sqlalchemy import select

from tests import factories, postbox
from trainings.core import clock, deaths
from trainings.core.config import Smtp
from trainings.core.db import db, new_key, transaction
from trainings.core.deaths import note
from trainings.mail import operations
from trainings.mail.models import OutboxMail
from trainings.people.models import Person


@pytest.fixture(autouse=True)
def a_mail_server_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that did not answer in another test rests for a while."""
    monkeypatch.setattr(operations, "rest", operations._Rest())


@pytest.fixture
def served(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """An app with a mail server in its settings."""
    made = make_app("sqlite", SMTP_HOST="mail.example")
    with made.app_context():
        yield made


def mail(state: str, ago: timedelta) -> None:
    key = new_key()
    with transaction() as session:
        session.add(
            OutboxMail(
                id=key,
                message_id=key,
                event="note",
                language="es",
                recipient=b"",
                state=state,
                created_at=clock.now() - ago,
            )
        )


def ready(app: Flask) -> tuple[int, dict[str, bool]]:
    db.session.close()
    answer = app.test_client().get("/readyz")
    return answer.status_code, answer.get_json()


@pytest.mark.parametrize(
    ("state", "ago", "well"),
    [
        ("waiting", timedelta(minutes=5), True),
        ("waiting", timedelta(minutes=11), False),
        ("failed", timedelta(hours=5), False),
        ("failed", timedelta(days=3), True),
        ("bounced", timedelta(hours=2), True),  # a mistyped address is not a sick machine
        ("sent", timedelta(hours=2), True),
        ("held", timedelta(days=2), True),
    ],
)
def test_what_the_outbox_says_of_the_mail_server(
    served: Flask, state: str, ago: timedelta, well: bool
) -> None:
    assert ready(served)[1]["mail"] is True
    mail(state, ago)
    status, checks = ready(served)
    assert checks["mail"] is well
    assert status == (200 if well else 503)


@pytest.mark.parametrize("environment", ["development", "production"])
def test_without_a_mail_server_nobody_is_told_that_all_is_well(
    make_app: Callable[..., Flask], environment: str
) -> None:
    app = make_app("sqlite", TRAININGS_ENV=environment, BASE_URL="https://t.example")
    with app.app_context():
        status, checks = ready(app)
        assert (status, checks["mail_server"], checks["mail"]) == (503, False, True)
        mail("waiting", timedelta(hours=2))
        assert ready(app)[1]["mail"] is False


def test_what_died_is_shown_and_is_a_fault_if_it_goes_on(served: Flask) -> None:
    instance = served.extensions["settings"].instance
    client = served.test_client()
    factories.sign_in(client, factories.account("administrator"))
    assert "Nothing has stopped by itself." in client.get("/health").text
    with clock.shifted(-timedelta(days=8)):
        note(instance, deaths.JOBS, 1)
    assert "Nothing has stopped by itself." in client.get("/health").text
    note(instance, deaths.RENDERER, -9)
    note(instance, deaths.WEB, 3)
    note(instance, deaths.WEB, -11)
    page = " ".join(re.sub("<[^>]+>", " ", client.get("/health").text).split())
    now = clock.now()
    when = f"{now:%a} {now.day} {now:%b} {now.year}"
    assert re.search(rf"Web server 2 {when}, \d\d:\d\d SIGSEGV", page), page
    assert re.search(rf"Drawing of PDFs 1 {when}, \d\d:\d\d SIGKILL", page)
    assert ready(served)[1]["parts"] is True
    note(instance, deaths.WEB, -9)
    status, checks = ready(served)
    assert (status, checks["parts"]) == (503, False)
    with clock.shifted(timedelta(minutes=11)):
        assert ready(served)[1]["parts"] is True


def fate(client: FlaskClient) -> str:
    """What the page says of the test email."""
    found = re.search(r'UTC.*?<span class="pill[^>]*>([^<]+)<', client.get("/health").text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("language", "subject", "waiting", "gone"),
    [
        ("en", "Test email", "Waiting", "Sent"),
        ("es", "Correo de prueba", "En espera", "Enviado"),
        ("fr", "Courriel d’essai", "En attente", "Envoyé"),
        ("pt_BR", "E-mail de teste", "Em espera", "Enviado"),
    ],
)
def test_a_test_email_is_sent_and_its_fate_is_told(
    make_app: Callable[..., Flask], language: str, subject: str, waiting: str, gone: str
) -> None:
    with postbox.opened() as box:
        app = make_app("sqlite", **box.settings)
        with app.app_context():
            client = app.test_client()
            factories.sign_in(client, factories.account("administrator", mail="me@agency.example"))
            client.post("/language", data={"language": language})
            assert client.post("/health/test-mail").status_code == 303
            assert fate(client) == waiting
            app.test_cli_runner().invoke(args=["jobs", "run", "--once"])
            assert fate(client) == gone
        (sent,) = box.mails
        assert (sent["To"], sent["Content-Language"]) == (
            "me@agency.example",
            language.replace("_", "-"),
        )
        assert str(sent["Subject"]) == subject


def test_a_server_that_does_not_answer_is_named_beside_the_test_email(served: Flask) -> None:
    settings = served.extensions["settings"]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    force_setattr(settings, "smtp", Smtp(host="127.0.0.1", port=port, tls=False))
    client = served.test_client()
    factories.sign_in(client, factories.account("administrator"))
    client.post("/health/test-mail")
    served.test_cli_runner().invoke(args=["jobs", "run", "--once"])
    assert "The mail server does not answer." in client.get("/health").text


def test_without_an_address_no_test_email_is_written(served: Flask) -> None:
    client = served.test_client()
    who = factories.account("administrator")
    factories.sign_in(client, who)
    with transaction() as session:
        session.get_one(Person, who.person_id).mail = None
    client.post("/health/test-mail")
    assert "You have no email address." in client.get("/health").text
    assert db.session.scalars(select(OutboxMail)).all() == []


def test_only_this_machine_or_who_has_the_token_is_told(
    served: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = {"REMOTE_ADDR": "203.0.113.9"}
    client = served.test_client()
    assert client.get("/readyz", environ_base=far).status_code == 404
    monkeypatch.setenv("TRAININGS_READY_TOKEN", "a-long-token")
    for given, status in (("", 404), ("Bearer wrong", 404), ("Bearer a-long-token", 200)):
        answer = client.get("/readyz", environ_base=far, headers={"Authorization": given})
        assert answer.status_code == status, given
    assert client.get("/healthz", environ_base=far).text == "ok\n"


def test_the_administrator_reads_what_to_do(served: Flask) -> None:
    client = served.test_client()
    factories.sign_in(client, factories.account("administrator"))
    assert "Check the settings of the mail server" not in client.get("/health").text
    mail("failed", timedelta(hours=1))
    assert "Check the settings of the mail server" in client.get("/health").text
