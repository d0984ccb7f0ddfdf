"""The outbox: what an act mails is kept with it, sent with one Message-ID, then wiped."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from msgspec.structs import force_setattr
from sqlalchemy import select

from tests import postbox
from trainings.core import clock
from trainings.core.config import Smtp
from trainings.core.db import db, transaction
from trainings.jobs.models import Job
from trainings.jobs.rules import Later
from trainings.mail import operations, queries, smtp, writes
from trainings.mail.models import OutboxMail
from trainings.mail.rules import MailState


@pytest.fixture(autouse=True)
def a_server_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "rest", operations._Rest())


@pytest.fixture
def templates(app: Flask) -> None:
    from jinja2 import DictLoader

    app.jinja_loader = DictLoader(  # type: ignore[assignment]
        {"mail/hello/subject.txt": "Your seat\n", "mail/hello/body.txt": "Dear {{ name }},\nyes."}
    )


def _enqueue() -> str:
    with transaction() as session:
        return writes.enqueue(session, "hello", to="ana@police.example", language="es", name="Ana")


def _mail() -> OutboxMail:
    db.session.remove()
    return db.session.scalars(select(OutboxMail)).one()


@pytest.fixture
def server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []
    force_setattr(app.extensions["settings"], "smtp", Smtp(host="mail.example"))

    def send(_settings: Smtp, *, taken: Callable[[], object], **mail: Any) -> None:
        sent.append(mail)
        taken()

    monkeypatch.setattr(smtp, "send", send)
    return sent


@pytest.mark.usefixtures("templates")
def test_kept_sealed_with_its_job(app: Flask) -> None:
    key = _enqueue()
    mail = _mail()
    assert b"ana@police" not in mail.recipient
    assert queries.opened(mail) == ("ana@police.example", "Your seat", "Dear Ana,\nyes.\n")
    job = db.session.scalars(select(Job)).one()
    assert (job.task, job.payload) == ("mail.send", {"mail_id": key})


@pytest.mark.usefixtures("templates")
def test_a_failed_act_mails_nothing(app: Flask) -> None:
    with pytest.raises(ValueError), transaction() as session:
        writes.enqueue(session, "hello", to="ana@police.example", language="es", name="Ana")
        raise ValueError
    assert db.session.scalars(select(OutboxMail)).all() == []
    assert db.session.scalars(select(Job)).all() == []


@pytest.mark.usefixtures("templates")
def test_sent_once_and_wiped(app: Flask, server: list[dict[str, Any]]) -> None:
    key = _enqueue()
    operations.send(key)
    operations.send(key)
    assert [mail["to"] for mail in server] == ["ana@police.example"]
    mail = _mail()
    assert (mail.state, mail.subject, mail.body) == ("sent", None, None)


@pytest.mark.usefixtures("templates")
def test_without_a_server_it_waits(app: Flask) -> None:
    key = _enqueue()
    with pytest.raises(Later):
        operations.send(key)
    assert _mail().state == "waiting"


@pytest.mark.usefixtures("templates")
def test_tried_again_under_the_same_message_id(
    app: Flask, server: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    ids: list[str] = []

    def unreachable(_settings: Smtp, **mail: Any) -> None:
        ids.append(mail["message_id"])
        raise OSError

    monkeypatch.setattr(smtp, "send", unreachable)
    key = _enqueue()
    for _ in range(operations.ATTEMPTS - 1):
        with pytest.raises(Later):
            operations.send(key)
    operations.send(key)
    assert _mail().state == "failed"
    assert len(set(ids)) == 1


@pytest.mark.usefixtures("templates")
def test_without_a_network_one_tries_for_all_and_none_is_given_up(
    app: Flask, server: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    now = [1000.0]

    def unreachable(_settings: Smtp, **mail: Any) -> None:
        tried.append(mail["message_id"])
        raise smtp.Unreachable

    monkeypatch.setattr(operations, "monotonic", lambda: now[0])
    reached = smtp.send
    monkeypatch.setattr(smtp, "send", unreachable)
    first, second = _enqueue(), _enqueue()
    waits = []
    for _ in range(3 * operations.ATTEMPTS):
        for key in (first, second):
            with pytest.raises(Later) as later:
                operations.send(key)
            waits.append(later.value.seconds)
        now[0] += waits[-1]
    assert len(tried) == 3 * operations.ATTEMPTS  # not twice as many: one tries for both
    assert waits[:6] == [30, 30, 60, 60, 120, 120]
    assert waits[-1] == 600
    db.session.remove()
    assert {mail.state for mail in db.session.scalars(select(OutboxMail))} == {"waiting"}
    monkeypatch.setattr(smtp, "send", reached)
    operations.send(first)
    operations.send(second)
    assert len(server) == 2
    assert operations.rest.left() < 0


def test_no_network_is_told_from_a_mail_at_fault() -> None:
    """Nobody listens there: the connection is refused at once."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings = Smtp("127.0.0.1", port, tls=False)
    with pytest.raises(smtp.Unreachable):
        smtp.send(
            settings,
            to="ana@police.example",
            subject="s",
            body="b",
            message_id="<a@b>",
            language="es",
            at=clock.now(),
        )


@pytest.mark.usefixtures("templates")
def test_a_refused_address_is_a_bounce(
    app: Flask, server: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_settings: Smtp, **_mail: Any) -> None:
        raise smtp.AddressRefused

    monkeypatch.setattr(smtp, "send", refuse)
    operations.send(_enqueue())
    assert _mail().state == "bounced"


@pytest.mark.usefixtures("templates")
@pytest.mark.parametrize("address", ["", "  "])
def test_without_an_address_nothing_is_ever_sent(
    app: Flask, server: list[dict[str, Any]], address: str
) -> None:
    with transaction() as session:
        key = writes.enqueue(session, "hello", to=address, language="es", name="Ana")
    mail = _mail()
    assert (mail.state, mail.fault) == ("failed", "NoRecipient")
    assert db.session.scalars(select(Job)).all() == []
    with transaction() as session:  # one that was written before this was seen
        session.get_one(OutboxMail, key).state = MailState.WAITING
    operations.send(key)
    mail = _mail()
    assert (mail.state, mail.fault, mail.sent_at) == ("failed", "NoRecipient", None)
    assert mail.words == "There is no address to send it to."
    assert server == []


@pytest.mark.usefixtures("templates")
def test_a_held_mail_has_no_job(app: Flask) -> None:
    token = writes.holding_mail.set(True)
    try:
        _enqueue()
    finally:
        writes.holding_mail.reset(token)
    assert _mail().state == "held"
    assert db.session.scalars(select(Job)).all() == []


class _Server:
    """Stands in for smtplib.SMTP; refuses whom it is told to."""

    refuse: dict[str, tuple[int, bytes]] = {}  # noqa: RUF012
    sent: list[Any] = []  # noqa: RUF012

    def __init__(self, *_: Any, **__: Any) -> None: ...
    def __enter__(self) -> _Server:
        return self

    def __exit__(self, *_: Any) -> None: ...
    def send_message(self, message: Any) -> None:
        if self.refuse:
            raise smtplib.SMTPRecipientsRefused(self.refuse)
        self.sent.append(message)


@pytest.mark.parametrize(
    ("code", "fault"), [(550, smtp.AddressRefused), (450, smtplib.SMTPRecipientsRefused)]
)
def test_refused_for_good_or_for_now(
    monkeypatch: pytest.MonkeyPatch, code: int, fault: type[Exception]
) -> None:
    monkeypatch.setattr(smtplib, "SMTP", _Server)
    monkeypatch.setattr(_Server, "refuse", {"ana@police.example": (code, b"no")})
    with pytest.raises(fault):
        smtp.send(
            Smtp(host="mail.example", tls=False),
            to="ana@police.example",
            subject="s",
            body="b",
            message_id="<1@x.example>",
            language="pt_BR",
            at=clock.now(),
        )


def test_noted_as_sent_before_leave_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the two the worker may be killed, and would send it twice."""
    order: list[str] = []
    monkeypatch.setattr(smtplib, "SMTP", _Server)
    monkeypatch.setattr(_Server, "send_message", lambda *_: order.append("sent"))
    monkeypatch.setattr(_Server, "__exit__", lambda *_: order.append("left"))
    smtp.send(
        Smtp(host="mail.example", tls=False),
        to="ana@police.example",
        subject="s",
        body="b",
        message_id="<1@x.example>",
        language="es",
        at=clock.now(),
        taken=lambda: order.append("noted"),
    )
    assert order == ["sent", "noted", "left"]


def test_one_recipient_and_its_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtplib, "SMTP", _Server)
    monkeypatch.setattr(_Server, "sent", [])
    smtp.send(
        Smtp(host="mail.example", tls=False),
        to="ana@police.example",
        subject="Plaza",
        body="ñ",
        message_id="<1@x.example>",
        language="pt_BR",
        at=clock.now(),
    )
    (message,) = _Server.sent
    assert message["To"] == "ana@police.example"
    assert message["Cc"] is None
    assert message["Content-Language"] == "pt-BR"


@pytest.mark.parametrize(
    ("to", "greeting", "arrives"),
    [
        ("ana@münchen.example", b"250 postbox\r\n", "ana@xn--mnchen-3ya.example"),
        ("josé@unit.example", b"250-postbox\r\n250 SMTPUTF8\r\n", "josé@unit.example"),
        ("josé@unit.example", b"250 postbox\r\n", ""),
    ],
)
def test_addresses_in_any_letters(to: str, greeting: bytes, arrives: str) -> None:
    """A domain goes as punycode; letters before the @ only where the server carries them."""
    with postbox.opened(greeting) as box:
        host, port = box.server_address[:2]

        def send() -> None:
            smtp.send(
                Smtp(host=str(host), port=int(port), tls=False),
                to=to,
                subject="s",
                body="b",
                message_id="<1@x.example>",
                language="es",
                at=clock.now(),
            )

        if arrives:
            send()
        else:
            with pytest.raises(smtp.AddressRefused):
                send()
        assert [mail["To"] for mail in box.mails] == [arrives] * bool(arrives)
