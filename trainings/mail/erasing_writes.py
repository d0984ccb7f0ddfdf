"""Wipes mails to a person who is erased; those that wait are not sent."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from trainings.core import sealed
from trainings.core.db import for_update
from trainings.mail.models import OutboxMail
from trainings.mail.writes import address_index


def forget_mails(session: Session, person_id: str, address: str) -> int:
    """Wipe recipient, subject and body of every mail to somebody; gives how many still waited.

    ``address`` finds those that were written to it without knowing whose it is: the links to an
    application. A mail that is on its way at this very moment may arrive, but nothing of it is
    written back.
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
    waited = sum(mail.state == "waiting" for mail in mails)
    for mail in mails:
        mail.recipient, mail.subject, mail.body = b"", None, None
        mail.address_index = None
        if mail.state == "waiting":
            mail.state = "held"
    return waited


def _not_indexed(session: Session, wanted: str) -> Sequence[str]:
    """Those among the mails of before addresses were indexed: it stands in them alone."""
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
