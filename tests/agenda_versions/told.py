"""What lies in the outbox, by whom it is for."""

from __future__ import annotations

from sqlalchemy import delete

from tests import factories
from trainings.core.db import transaction
from trainings.mail.models import OutboxMail


def taken(event: str) -> dict[str, str]:
    """The texts of the emails of a kind, by address; each is read once, then gone."""
    found = factories.mails(event)
    assert len({mail.recipient for mail in found}) == len(found), "somebody was told twice"
    with transaction() as session:
        session.execute(delete(OutboxMail).where(OutboxMail.event == event))
    return {mail.recipient: mail.body for mail in found}
