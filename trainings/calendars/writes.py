"""Removes the secret link to somebody's calendar, inside the open transaction."""

from __future__ import annotations

from sqlalchemy.orm import Session

from trainings.calendars.models import CalendarLink


def forget_calendar(session: Session, account_id: str) -> bool:
    """Remove an account's link, so that it opens nothing; whether there was one.

    The caller has locked the account.
    """
    there = session.get(CalendarLink, account_id)
    if there is None:
        return False
    session.delete(there)
    session.flush()
    return True
