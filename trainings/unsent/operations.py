"""Keeps what was typed into a form whose session had ended, uses it up, deletes it in time."""

from __future__ import annotations

from sqlalchemy import delete

from trainings.accounts import queries as accounts
from trainings.core import clock, db, sealed
from trainings.core.db import new_key, transaction
from trainings.unsent import queries
from trainings.unsent.models import UnsentForm
from trainings.unsent.rules import LIFETIME, MOST_FORMS, place
from trainings.web.refill import Ended


def keep(was: Ended, page: str, content: str) -> None:
    """Keep a page's form for the account whose session had ended; a later one takes its place.

    Nothing is kept where the account was closed in the meantime: its row is locked, so that
    nothing is written while its person is erased.
    """
    db.form_token.set(None)  # this is not what the form asked for: it may be sent again
    with transaction() as session:
        account = accounts.account_for_update(was.account_id)
        if account is None or account.disabled_at is not None:
            return
        index = queries.page_index(page)
        others = [one for one in queries.of_account(account.id) if one.page != index]
        kept = [one.id for one in others[: MOST_FORMS - 1]]
        session.execute(
            delete(UnsentForm).where(
                UnsentForm.account_id == account.id, UnsentForm.id.not_in(kept)
            )
        )
        unsent_id = new_key()
        sealed_content = sealed.seal(content, place(unsent_id, account.id, was.session_id))
        session.add(
            UnsentForm(
                id=unsent_id,
                account_id=account.id,
                session_id=was.session_id,
                page=index,
                content=sealed_content,
                kept_at=clock.now(),
            )
        )


def use_up(unsent_id: str, account_id: str) -> None:
    """Delete a form that was put back into its page: this is done once."""
    with transaction() as session:
        session.execute(
            delete(UnsentForm).where(
                UnsentForm.id == unsent_id, UnsentForm.account_id == account_id
            )
        )


def clear() -> None:
    """Delete what nobody came back for within the hour."""
    with transaction() as session:
        session.execute(delete(UnsentForm).where(UnsentForm.kept_at <= clock.now() - LIFETIME))
