"""What people do with the secret link to their own calendar: make it, make it anew, switch it off.

See docs/decisions/2026-11-28-calendars.md.
"""

from __future__ import annotations

import secrets

from trainings.accounts import queries as accounts
from trainings.audit.writes import record
from trainings.calendars import queries
from trainings.calendars.models import CalendarLink
from trainings.calendars.writes import forget_calendar
from trainings.core import clock
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Viewer


def make_link(by: Viewer) -> str:
    """Make the viewer's own link; one that was there stops working. Gives its secret, once."""
    token = secrets.token_urlsafe(24)
    with transaction() as session:
        account = accounts.account_for_update(by.account_id or "")
        if account is None or account.disabled_at is not None:
            raise NotFound
        forget_calendar(session, account.id)
        session.add(
            CalendarLink(
                account_id=account.id,
                token_index=queries.token_index(token),
                created_at=clock.now(),
            )
        )
        session.flush()
        record(session, "calendar.link", "account", account.id, by=account.id)
    return token


def stop_link(by: Viewer) -> None:
    """Switch the viewer's own link off; nothing happens where there is none."""
    with transaction() as session:
        account = accounts.account_for_update(by.account_id or "")
        if account is None:
            raise NotFound
        if forget_calendar(session, account.id):
            record(session, "calendar.stop", "account", account.id, by=account.id)
