"""Whether the installation is well: what counts as a fault of it, and what does not."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask

from tests import factories
from trainings.core import clock
from trainings.core.db import db, new_key, transaction
from trainings.mail.models import OutboxMail


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
            OutboxMail(id=key, message_id=key, event="note", language="es", recipient=b"",
                       state=state, created_at=clock.now() - ago)
        )  # fmt: skip


def ready(app: Flask) -> tuple[int, dict[str, bool]]:
    db.session.close()
    answer = app.test_client().get("/readyz")
    return answer.status_code, answer.get_json()


@pytest.mark.parametrize(
    ("state", "ago", "well"),
    [
        ("waiting", timedelta(minutes=5), True),
        ("waiting", timedelta(hours=2), False),
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


def test_without_a_mail_server_development_is_well_and_production_is_not(
    make_app: Callable[..., Flask],
) -> None:
    for environment, well in (("development", True), ("production", False)):
        app = make_app("sqlite", TRAININGS_ENV=environment, BASE_URL="https://t.example")
        with app.app_context():
            mail("waiting", timedelta(hours=2))
            assert ready(app)[1]["mail"] is well


def test_only_this_machine_or_who_has_the_token_is_told(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = {"REMOTE_ADDR": "203.0.113.9"}
    client = app.test_client()
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
