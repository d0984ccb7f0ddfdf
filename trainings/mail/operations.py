"""Sends mails from the outbox."""

from __future__ import annotations

import math
import smtplib
from time import monotonic

from flask import current_app

from trainings.core import clock
from trainings.core.db import transaction
from trainings.jobs.rules import Later
from trainings.mail import queries, smtp
from trainings.mail.models import OutboxMail

ATTEMPTS = 8
_RESTS = (30, 60, 120, 300, 600)  # seconds without a try while no server answers
_NO_SERVER = 600  # seconds until the next look where no mail server is set


class _Rest:
    """While no server answers, one mail tries for all: else each would wait for the network."""

    def __init__(self) -> None:
        self.failures = 0
        self.until = 0.0  # by the clock that never jumps

    def left(self) -> float:
        """For how many seconds no mail is tried."""
        return self.until - monotonic()

    def begin(self) -> int:
        """No server answered: wait, each time longer; gives for how long."""
        seconds = _RESTS[min(self.failures, len(_RESTS) - 1)]
        self.failures += 1
        self.until = monotonic() + seconds
        return seconds

    def end(self) -> None:
        """A server answered."""
        self.failures, self.until = 0, 0.0


rest = _Rest()


def send(mail_id: str) -> None:
    """Send one mail; its Message-ID stays the same however often it is tried.

    Once sent, subject and body are wiped. Raises ``Later`` while the server cannot be reached:
    that costs the mail no attempt, however long the network is off.
    """
    mail = queries.waiting(mail_id)
    if mail is None:
        return
    settings = current_app.extensions["settings"].smtp
    if not settings.host:
        raise Later(_NO_SERVER)
    if (left := rest.left()) > 0:
        raise Later(math.ceil(left))
    parts = queries.opened(mail)
    try:
        smtp.send(
            settings, to=parts.recipient, subject=parts.subject, body=parts.body,
            message_id=mail.message_id, language=mail.language, at=mail.created_at,
        )  # fmt: skip
    except smtp.Unreachable:
        raise Later(rest.begin()) from None
    except smtp.AddressRefused:
        rest.end()
        _close(mail_id, "bounced", "AddressRefused")
    except (OSError, smtplib.SMTPException) as error:
        rest.end()
        attempts = _count(mail_id, type(error).__name__)
        if attempts < ATTEMPTS:
            raise Later(min(30 * 2**attempts, 3600)) from None
    else:
        rest.end()
        _close(mail_id, "sent", None)


def _close(mail_id: str, state: str, fault: str | None) -> None:
    with transaction() as session:
        mail = queries.waiting_for_update(session, mail_id)
        if mail is not None:
            mail.state, mail.fault, mail.sent_at = state, fault, clock.now()
            if state == "bounced" and mail.person_id is not None:
                current_app.extensions["on_bounce"](
                    session, mail.person_id, queries.opened(mail).recipient
                )
            _wipe(mail)


def _count(mail_id: str, fault: str) -> int:
    with transaction() as session:
        mail = queries.waiting_for_update(session, mail_id)
        if mail is None:
            return ATTEMPTS
        mail.attempts += 1
        mail.fault = fault
        if mail.attempts >= ATTEMPTS:
            mail.state = "failed"
        return mail.attempts


def _wipe(mail: OutboxMail) -> None:
    mail.subject = mail.body = None
