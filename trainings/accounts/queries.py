"""Looks up sessions, accounts, grants and agencies."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Delete, Update, delete, select, update

from trainings.accounts.models import (
    Account,
    AccountGrant,
    Agency,
    OneTimeLink,
    Throttle,
    WebSession,
)
from trainings.accounts.rules import IDLE, LinkExpired, LinkUnknown, LinkUsed
from trainings.core import clock
from trainings.core.db import db, for_update
from trainings.core.permissions import Grant, Role, Viewer


def token_hash(token: str) -> str:
    """What is kept of a secret that a browser or a mail holds."""
    return hashlib.sha256(token.encode()).hexdigest()


def session_with(token: str, at: datetime) -> tuple[WebSession, Account, Viewer] | None:
    """The live session of a cookie, its account, and who that makes the viewer; one statement."""
    rows = db.session.execute(
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
            WebSession.seen_at >= at - IDLE,
            Account.disabled_at.is_(None),
        )
    ).all()
    if not rows:
        return None
    session, account = rows[0][0], rows[0][1]
    held: list[AccountGrant | None] = [row[2] for row in rows]
    grants = tuple(_as_grant(grant) for grant in held if grant is not None)
    viewer = Viewer(
        account_id=account.id, person_id=account.person_id, session_id=session.id,
        language=account.language, grants=grants, confirmed_at=session.confirmed_at,
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


def agency_with_code(code: str) -> Agency | None:
    """One agency by its code."""
    return db.session.scalar(select(Agency).where(Agency.code == code))


def agency(agency_id: str) -> Agency | None:
    """One agency by id."""
    return db.session.get(Agency, agency_id)


def account(account_id: str) -> Account | None:
    """One account by id."""
    return db.session.get(Account, account_id)


def account_of(person_id: str) -> Account | None:
    """The account of a person, where there is one."""
    return db.session.scalar(select(Account).where(Account.person_id == person_id))


def persons_of(account_ids: Collection[str]) -> dict[str, str]:
    """The ids of the persons whose accounts these are, by account."""
    if not account_ids:
        return {}
    rows = db.session.execute(
        select(Account.id, Account.person_id).where(Account.id.in_(list(account_ids)))
    )
    return {row.id: row.person_id for row in rows}


def account_for_update(account_id: str) -> Account | None:
    """One account, locked."""
    return db.session.scalar(
        for_update(select(Account).where(Account.id == account_id)),
        execution_options={"populate_existing": True},
    )


def staff_with_mail(index: str) -> Account | None:
    """The one staff account that a mail address opens, by the address's blind index."""
    return db.session.scalar(select(Account).where(Account.mail_index == index, Account.staff))


def accounts_with_mail(index: str, *, locked: bool = False) -> Sequence[Account]:
    """Everyone who can sign in with a mail address: units share mailboxes."""
    statement = (
        select(Account)
        .where(Account.mail_index == index, Account.disabled_at.is_(None))
        .order_by(Account.created_at, Account.id)
    )
    return db.session.scalars(for_update(statement) if locked else statement).all()


def staff_accounts() -> Sequence[Account]:
    """All staff accounts, the newest last."""
    return db.session.scalars(
        select(Account).where(Account.staff).order_by(Account.created_at, Account.id)
    ).all()


def staff_account(account_id: str) -> Account | None:
    """One staff account by id; nobody else's."""
    return db.session.scalar(select(Account).where(Account.id == account_id, Account.staff))


def live_grants(account_id: str) -> Sequence[AccountGrant]:
    """The roles that an account has now."""
    return db.session.scalars(
        select(AccountGrant)
        .where(AccountGrant.account_id == account_id, AccountGrant.ended_at.is_(None))
        .order_by(AccountGrant.given_at, AccountGrant.id)
    ).all()


def staff_grants() -> Sequence[AccountGrant]:
    """The roles that staff accounts have now."""
    return db.session.scalars(
        select(AccountGrant)
        .join(Account, Account.id == AccountGrant.account_id)
        .where(Account.staff, AccountGrant.ended_at.is_(None))
        .order_by(AccountGrant.given_at, AccountGrant.id)
    ).all()


def grant_for_update(grant_id: str) -> AccountGrant | None:
    """One grant, locked."""
    return db.session.scalar(for_update(select(AccountGrant).where(AccountGrant.id == grant_id)))


def course_grants(course_id: str, role: Role) -> Sequence[AccountGrant]:
    """Who has a role in this very course."""
    return db.session.scalars(
        select(AccountGrant).where(
            AccountGrant.course_id == course_id,
            AccountGrant.role == str(role),
            AccountGrant.ended_at.is_(None),
        )
    ).all()


def live_sessions(account_id: str) -> Sequence[WebSession]:
    """The browsers in which an account is signed in, the last seen first."""
    return db.session.scalars(
        select(WebSession)
        .where(
            WebSession.account_id == account_id,
            WebSession.ended_at.is_(None),
            WebSession.ends_at > clock.now(),
            WebSession.seen_at >= clock.now() - IDLE,
        )
        .order_by(WebSession.seen_at.desc(), WebSession.id)
    ).all()


def seen_now(session_id: str, at: datetime) -> Update:
    """The statement that notes a session's use, where it is still alive."""
    return (
        update(WebSession)
        .where(
            WebSession.id == session_id,
            WebSession.ended_at.is_(None),
            WebSession.ends_at > at,
            WebSession.seen_at >= at - IDLE,
        )
        .values(seen_at=at)
    )


def link(token: str) -> OneTimeLink | None:
    """The link with this secret, whether it still opens or not."""
    return db.session.scalar(select(OneTimeLink).where(OneTimeLink.token_hash == token_hash(token)))


def link_for_update(token: str) -> OneTimeLink | None:
    """The link with this secret, locked."""
    return db.session.scalar(
        for_update(select(OneTimeLink).where(OneTimeLink.token_hash == token_hash(token)))
    )


def live_link(found: OneTimeLink | None, purpose: str | None = None) -> OneTimeLink:
    """The link, where it still opens. Raises ``LinkUnknown``, ``LinkUsed``, ``LinkExpired``."""
    if found is None or (purpose is not None and found.purpose != purpose):
        raise LinkUnknown
    if found.used_at is not None:
        raise LinkUsed
    if found.ends_at <= clock.now():
        raise LinkExpired
    return found


def account_opened_by(found: OneTimeLink) -> Account:
    """The account that a link signs in. Raises ``LinkUnknown`` where there is none any more."""
    opened = account(found.account_id) if found.account_id else None
    if opened is None or opened.disabled_at is not None:
        raise LinkUnknown
    return opened


def throttle_for_update(key: str) -> Throttle | None:
    """The counted tries under one key, locked."""
    return db.session.scalar(for_update(select(Throttle).where(Throttle.key == key)))


def outlived(at: datetime) -> tuple[Delete, ...]:
    """Statements that remove links, sessions and counted tries nobody needs any more."""
    return (
        delete(OneTimeLink).where(OneTimeLink.ends_at < at - timedelta(days=30)),
        delete(WebSession).where(WebSession.ends_at < at - timedelta(days=30)),
        delete(Throttle).where(Throttle.last_at < at - timedelta(days=2)),
    )
