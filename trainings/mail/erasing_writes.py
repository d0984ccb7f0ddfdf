"""Wipes emails to a person who is erased; those still waiting are not sent."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from trainings.core import sealed
from trainings.core.db import for_update
from trainings.mail.models import OutboxMail
from trainings.mail.rules import BEFORE_SENDING, MailState
from trainings.mail.writes import address_index


def forget_mails(session: Session, person_id: str, address: str) -> int:
    """Wipe recipient, subject and body of every email to a person; returns how many were waiting.

    ``address`` finds emails sent when it was not known whose address it is: links to an
    application. An email being sent at this very moment may arrive, but nothing of it is
    stored again.
    """
    wanted = address_index(address) if address else ""
    mails = session.scalars(
        for_update(
            select(OutboxMail)
            .where(
                or_(
                    OutboxMail.person_id == person_id,
                    OutboxMail.address_index == wanted,
                    OutboxMail.id.in_(_not_indexed(session, wanted)),
                )
            )
            .order_by(OutboxMail.id)
            .execution_options(populate_existing=True)
        )
    ).all()
    waited = sum(mail.state in BEFORE_SENDING for mail in mails)
    for mail in mails:
        mail.recipient = b""
        mail.subject = mail.body = mail.links = mail.address_index = None
        if mail.state in BEFORE_SENDING:
            mail.state = MailState.HELD
    return waited


def _not_indexed(session: Session, wanted: str) -> Sequence[str]:
    """Emails older than the address index; their address can only be found by decrypting it."""
    if not wanted:
        return []
    rows = session.execute(
        select(OutboxMail.id, OutboxMail.recipient).where(
            OutboxMail.person_id.is_(None),
            OutboxMail.address_index.is_(None),
            OutboxMail.recipient != b"",
        )
    )
    return [
        key
        for key, recipient in rows
        if address_index(sealed.unseal(recipient, f"outbox_mail|recipient|{key}")) == wanted
    ]
