"""SMTP: hands one finished mail to the mail server of the installation."""

from __future__ import annotations

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from trainings.core.config import Smtp

_TIMEOUT = 20.0


class AddressRefused(Exception):
    """The server says for good that it knows no such address."""


class Unreachable(Exception):
    """The server cannot be had now: no network, no such host, no answer. No mail is at fault."""


def send(
    settings: Smtp,
    *,
    to: str,
    subject: str,
    body: str,
    message_id: str,
    language: str,
    at: datetime,
) -> None:
    """Send one plain-text mail to one address.

    Raises ``AddressRefused`` where the address is refused for good, ``Unreachable`` where no
    server answers, and what smtplib and the network raise where it may work later.
    """
    message = EmailMessage()
    message.set_content(body)
    message["From"] = settings.sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    message["Content-Language"] = language.replace("_", "-")
    message["Auto-Submitted"] = "auto-generated"
    try:
        server = smtplib.SMTP(settings.host, settings.port, timeout=_TIMEOUT)
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(type(error).__name__) from None
    try:
        with server:
            if settings.tls:
                server.starttls(context=ssl.create_default_context())
            if settings.user:
                server.login(settings.user, settings.password)
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _text in refused.recipients.values()]
        if codes and all(500 <= code < 600 for code in codes):
            raise AddressRefused from None
        raise
