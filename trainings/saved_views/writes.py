"""Deletes somebody's own views, in the caller's transaction."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from trainings.saved_views.models import SavedView


def forget_views(session: Session, account_id: str) -> None:
    """Delete the views that an account saved for itself; those of courses stay."""
    session.execute(
        delete(SavedView)
        .where(SavedView.account_id == account_id, SavedView.shared.is_(False))
        .execution_options(synchronize_session=False)
    )
