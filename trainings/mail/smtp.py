"""SMTP: passes one finished email to the installation's mail server."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from trainings.core.addresses import sent_to
from trainings.core.config import Smtp
from trainings.mail.rules import Attachment

_TIMEOUT = 20.0


class AddressRefused(Exception):
    """The server permanently rejects the address as unknown."""


class Unreachable(Exception):
    """The server cannot be reached now (no network, host or answer); no email is at fault."""


def send(
    settings: Smtp,
    *,
    to: str,
    subject: str,
    body: str,
    message_id: str,
    language: str,
    at: datetime,
    attachments: Sequence[Attachment] = (),
    taken: Callable[[], object] = lambda: None,
) -> None:
    """Send one plain-text email to one address, with its files.

    ``taken`` is called as soon as the server has it, before taking leave: whoever dies in between
    sends the email again.

    Raises ``AddressRefused`` if the address is permanently rejected or the server cannot carry it,
    ``Unreachable`` if no server responds, and the errors of smtplib and the network where a retry
    may work.
    """
    to = sent_to(to)
    message = EmailMessage(policy=SMTP if to.isascii() else SMTPUTF8)
    message.set_content(body)
    for attachment in attachments:
        maintype, _slash, subtype = attachment.media_type.partition("/")
        message.add_attachment(
            attachment.content,
            maintype=maintype,
            subtype=subtype,
            filename=attachment.name,
            params=dict(attachment.parameters),
        )
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
            if not to.isascii():
                server.ehlo_or_helo_if_needed()
                if not server.has_extn("smtputf8"):
                    raise AddressRefused
            server.send_message(message)
            taken()
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _text in refused.recipients.values()]
        if codes and all(500 <= code < 600 for code in codes):
            raise AddressRefused from None
        raise
