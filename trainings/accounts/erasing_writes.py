"""Removes the account of a person who is erased, inside the open transaction."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from trainings.accounts import queries
from trainings.accounts.models import Account, OneTimeLink, Throttle, WebSession
from trainings.accounts.writes import end_grant
from trainings.core import clock
from trainings.jobs import writes as jobs


def forget_account(session: Session, account: Account, *, by: str | None) -> None:
    """Close an account for good: nobody can sign in to it or find it. The caller has locked it.

    Deletes its sessions, one-time links, password and the blind index of its address; the bare row
    stays because the trail points to it. Roles it still had end, and the trail records that: call
    it after all other locks are taken.
    """
    forget_address(session, account.mail_index)
    session.execute(delete(WebSession).where(WebSession.account_id == account.id))
    session.execute(delete(OneTimeLink).where(OneTimeLink.account_id == account.id))
    for grant in queries.live_grants(account.id):
        end_grant(session, grant, by=by)
    account.mail_index, account.password_hash, account.language = "", None, ""
    account.staff = False
    account.disabled_at = account.disabled_at or clock.now()


def forget_address(session: Session, mail_index: str | None) -> None:
    """Remove the counted tries and queued emails kept under the blind index of an address."""
    if not mail_index:
        return
    session.execute(delete(Throttle).where(Throttle.key.contains(mail_index)))
    jobs.forget(session, "accounts.mail_links", mail_index=mail_index)
