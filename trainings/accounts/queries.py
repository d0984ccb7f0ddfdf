"""Looks up sessions, accounts, grants and agencies."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from trainings.accounts.models import Account, AccountGrant, Agency, WebSession
from trainings.core.db import db
from trainings.core.permissions import Grant, Role, Viewer


def token_hash(token: str) -> str:
    """What is kept of a secret that a browser or a mail holds."""
    return hashlib.sha256(token.encode()).hexdigest()


def session_with(token: str, at: datetime) -> tuple[WebSession, Account, Viewer] | None:
    """The live session of a cookie, its account, and who that makes the viewer; one statement."""
    rows: Sequence[tuple[WebSession, Account, AccountGrant | None]] = (
        db.session.execute(
            select(WebSession, Account, AccountGrant)
            .join(Account, Account.id == WebSession.account_id)
            .outerjoin(
                AccountGrant,
                (AccountGrant.account_id == Account.id) & AccountGrant.ended_at.is_(None),
            )
            .where(
                WebSession.token_hash == token_hash(token),
                WebSession.ended_at.is_(None),
                WebSession.ends_at > at,
                Account.disabled_at.is_(None),
            )
        )
        .tuples()
        .all()
    )
    if not rows:
        return None
    session, account, _grant = rows[0]
    grants = tuple(_as_grant(grant) for _, _, grant in rows if grant is not None)
    viewer = Viewer(
        account_id=account.id, person_id=account.person_id, session_id=session.id,
        language=account.language, grants=grants,
    )  # fmt: skip
    return session, account, viewer


def _as_grant(grant: AccountGrant) -> Grant:
    return Grant(
        role=Role(grant.role), agency_id=grant.agency_id, course_id=grant.course_id,
        country=grant.country, functions=frozenset(grant.functions),
    )  # fmt: skip


def agencies() -> Sequence[Agency]:
    """All agencies in their order."""
    return db.session.scalars(select(Agency).order_by(Agency.position)).all()
