"""Removes kept forms inside the open transaction of an operation."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from trainings.unsent.models import UnsentForm


def forget(session: Session, account_id: str) -> None:
    """Delete what is kept for an account: its person is erased."""
    session.execute(delete(UnsentForm).where(UnsentForm.account_id == account_id))
