"""Sends emails from the outbox.

See docs/decisions/2026-11-24-many-certificates.md.
"""

from __future__ import annotations

import math
import smtplib
from collections.abc import Sequence
from time import monotonic

from sqlalchemy.orm import Session

from trainings.core import clock, config
from trainings.core.db import transaction
from trainings.core.hooks import Hook
from trainings.jobs.rules import Later
from trainings.mail import queries, smtp
from trainings.mail.models import OutboxMail
from trainings.mail.rules import (
    ATTEMPTS,
    NO_RECIPIENT,
    NO_SERVER,
    UNREACHABLE,
    Attachment,
    MailState,
    next_try_after,
    rest_after,
)
from trainings.mail.writes import wipe

# An email bounced, in the open transaction: the person's id, and the address it went to.
bounced: Hook[[Session, str, str], None] = Hook("mail.bounced")

# The files that go with an email, made when it is sent: often none.
attached: Hook[[OutboxMail], Sequence[Attachment]] = Hook("mail.attached")


class _Rest:
    """While no server responds, only one email tries: otherwise each would wait for the network."""

    def __init__(self) -> None:
        self.failures = 0
        self.until = 0.0  # by the monotonic clock

    def left(self) -> float:
        """For how many more seconds no email is tried."""
        return self.until - monotonic()

    def begin(self) -> int:
        """No server responded: pause, longer each time; returns for how many seconds."""
        seconds = rest_after(self.failures)
        self.failures += 1
        self.until = monotonic() + seconds
        return seconds

    def end(self) -> None:
        """A server responded."""
        self.failures, self.until = 0, 0.0


rest = _Rest()


def send(mail_id: str) -> None:
    """Send one email; its Message-ID stays the same however often it is tried.

    Once sent, subject and body are wiped. Raises ``Later`` while the server cannot be reached,
    which does not use up an attempt, however long the network is down.
    """
    mail = queries.waiting(mail_id)
    if mail is None:
        return
    settings = config.settings().smtp
    if not settings.host:
        raise Later(NO_SERVER)
    if (left := rest.left()) > 0:
        raise Later(math.ceil(left))
    parts = queries.opened(mail)
    if not parts.recipient.strip():
        _close(mail_id, MailState.FAILED, NO_RECIPIENT)
        return
    try:
        smtp.send(
            settings,
            to=parts.recipient,
            subject=parts.subject,
            body=parts.body,
            message_id=mail.message_id,
            language=mail.language,
            at=mail.created_at,
            attachments=attached(mail),
            taken=lambda: _close(mail_id, MailState.SENT, None),
        )
    except smtp.Unreachable:
        _note(mail_id, UNREACHABLE)
        raise Later(rest.begin()) from None
    except smtp.AddressRefused:
        rest.end()
        _close(mail_id, MailState.BOUNCED, "AddressRefused")
    except (OSError, smtplib.SMTPException) as error:
        rest.end()
        attempts = _count(mail_id, type(error).__name__)
        if attempts < ATTEMPTS:
            raise Later(next_try_after(attempts)) from None
    else:
        rest.end()


def _close(mail_id: str, state: MailState, fault: str | None) -> None:
    with transaction() as session:
        # one that was put on hold or cancelled while it was on its way has been sent all the same
        mail = queries.not_sent_for_update(session, mail_id)
        if mail is not None:
            mail.state, mail.fault = state, fault
            mail.sent_at = clock.now() if state is MailState.SENT else None
            if state is MailState.BOUNCED and mail.person_id is not None:
                bounced(session, mail.person_id, queries.opened(mail).recipient)
            wipe(mail)


def _note(mail_id: str, fault: str) -> None:
    with transaction() as session:
        mail = queries.waiting_for_update(session, mail_id)
        if mail is not None:
            mail.fault = fault


def _count(mail_id: str, fault: str) -> int:
    with transaction() as session:
        mail = queries.waiting_for_update(session, mail_id)
        if mail is None:
            return ATTEMPTS
        mail.attempts += 1
        mail.fault = fault
        if mail.attempts >= ATTEMPTS:
            mail.state = MailState.FAILED
        return mail.attempts
