"""Looks up accounts, their grants and one-time links, and agencies."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Delete, Row, delete, or_, select

from trainings.accounts.models import (
    Account,
    AccountGrant,
    Agency,
    Door,
    OneTimeLink,
    Throttle,
    WebSession,
)
from trainings.accounts.rules import LinkExpired, LinkUnknown, LinkUsed, same
from trainings.core import clock
from trainings.core.db import db, for_update
from trainings.core.permissions import Grant, Role, Viewer
from trainings.people import order_queries

HELD = (AccountGrant.account_id == Account.id) & AccountGrant.ended_at.is_(None)
WHO = (
    *(Account.id.label("account_id"), Account.person_id, Account.mail_index, Account.staff),
    *(Account.code.label("account_code"), Account.language),
    *(AccountGrant.id.label("grant_id"), AccountGrant.code.label("grant_code")),
    *(AccountGrant.role, AccountGrant.agency_id, AccountGrant.course_id),
    *(AccountGrant.country, AccountGrant.functions, AccountGrant.ended_at),
)
_log = logging.getLogger(__name__)


def token_hash(token: str) -> str:
    """The hash stored for a secret that a browser or an email holds."""
    return hashlib.sha256(token.encode()).hexdigest()


def as_viewer(rows: Sequence[Row[*tuple[Any, ...]]], **session: Any) -> Viewer | None:
    """Who an account is by its rows, one for each of its grants; nobody if it is not ours.

    A role that we did not give counts nothing.
    """
    one = rows[0]
    right = Account.code_for({**one._mapping, "id": one.account_id})
    if not ours(Account, one.account_id, same(one.account_code, right)):
        return None
    return Viewer(
        account_id=one.account_id,
        person_id=one.person_id,
        language=one.language,
        grants=tuple(_as_grant(row) for row in rows if row.role is not None and _is_given(row)),
        **session,
    )


def _is_given(row: Row[*tuple[Any, ...]]) -> bool:
    right = AccountGrant.code_for({**row._mapping, "id": row.grant_id})
    return ours(AccountGrant, row.grant_id, same(row.grant_code, right))


def ours(table: type[Door], key: str, right: bool) -> bool:
    """Whether a row is ours, by whether its code is right; one that is not is told to the log."""
    if not right:
        _log.error("%s %s was not written by us, and counts nothing", table.__tablename__, key)
    return right


def not_ours(*others: type[Door]) -> list[str]:
    """Which accounts, sessions, roles, links and ``others`` we did not write: table, id of each."""
    doors: tuple[Any, ...] = (Account, WebSession, AccountGrant, OneTimeLink, *others)
    return [
        f"{door.__tablename__} {getattr(row, door.SAYS['code'][0])}"
        for door in doors
        for row in db.session.scalars(select(door))
        if not row.is_ours()
    ]


def viewer_of(account_id: str) -> Viewer | None:
    """Who an account is now, without a session; None if it is gone or switched off."""
    found = (
        select(*WHO)
        .outerjoin(AccountGrant, HELD)
        .where(Account.id == account_id, Account.disabled_at.is_(None))
    )
    rows = db.session.execute(found).all()
    return as_viewer(rows) if rows else None


def _as_grant(grant: AccountGrant | Row[*tuple[Any, ...]]) -> Grant:
    return Grant(
        role=Role(grant.role),
        agency_id=grant.agency_id,
        course_id=grant.course_id,
        country=grant.country,
        functions=frozenset(grant.functions),
    )


def agencies() -> Sequence[Agency]:
    """All agencies in their order."""
    return db.session.scalars(select(Agency).order_by(Agency.position)).all()


def agency_with_code(code: str, *, lock: bool = False) -> Agency | None:
    """One agency by its code; ``lock``: for a change."""
    wanted = select(Agency).where(Agency.code == code)
    return db.session.scalar(for_update(wanted) if lock else wanted)


def agency(agency_id: str) -> Agency | None:
    """One agency by id."""
    return db.session.get(Agency, agency_id)


def account(account_id: str) -> Account | None:
    """One account by id."""
    return db.session.get(Account, account_id)


def account_of(person_id: str) -> Account | None:
    """The account of a person, where there is one."""
    return db.session.scalar(select(Account).where(Account.person_id == person_id))


def accounts_of(person_ids: Collection[str]) -> dict[str, Account]:
    """The accounts of these people, by person; people without an account are left out."""
    found = db.session.scalars(select(Account).where(Account.person_id.in_(list(person_ids))))
    return {one.person_id: one for one in found}


def working(person_ids: Collection[str]) -> set[str]:
    """Which of these people work here: with a staff account, or in any role."""
    roles = select(AccountGrant.account_id).where(AccountGrant.ended_at.is_(None))
    return set(
        db.session.scalars(
            select(Account.person_id).where(
                Account.person_id.in_(list(person_ids)), or_(Account.staff, Account.id.in_(roles))
            )
        )
    )


def persons_of(account_ids: Collection[str]) -> dict[str, str]:
    """The ids of the people who own these accounts, by account."""
    if not account_ids:
        return {}
    rows = db.session.execute(
        select(Account.id, Account.person_id).where(Account.id.in_(list(account_ids)))
    )
    return {row.id: row.person_id for row in rows}


def languages_of(account_ids: Collection[str]) -> dict[str, str]:
    """The people who own these accounts, each with the language of the account."""
    rows = db.session.execute(
        select(Account.person_id, Account.language).where(Account.id.in_(list(account_ids)))
    )
    return {row.person_id: row.language for row in rows}


def account_for_update(account_id: str) -> Account | None:
    """One account, locked."""
    return db.session.scalar(
        for_update(select(Account).where(Account.id == account_id)),
        execution_options={"populate_existing": True},
    )


def staff_with_mail(index: str) -> Account | None:
    """The one staff account that uses an email address, by the address's blind index."""
    return db.session.scalar(select(Account).where(Account.mail_index == index, Account.staff))


def accounts_with_mail(index: str, *, locked: bool = False) -> Sequence[Account]:
    """Everyone who signs in with an email address: several people may share a mailbox."""
    statement = (
        select(Account)
        .where(Account.mail_index == index, Account.disabled_at.is_(None))
        .order_by(Account.created_at, Account.id)
    )
    return db.session.scalars(for_update(statement) if locked else statement).all()


def staff_by_name() -> list[str]:
    """The ids of all staff accounts in order of name; no name leaves."""
    found = select(Account.id, Account.person_id).where(Account.staff)
    return order_queries.in_order(found, "staff", whole=True)


def staff_with(ids: Sequence[str]) -> Sequence[Account]:
    """Some staff accounts by their ids."""
    return db.session.scalars(select(Account).where(Account.id.in_(ids), Account.staff)).all()


def staff_account(account_id: str) -> Account | None:
    """One staff account by id; None for any other account."""
    return db.session.scalar(select(Account).where(Account.id == account_id, Account.staff))


def live_grants(account_id: str) -> Sequence[AccountGrant]:
    """The roles that an account has now."""
    return db.session.scalars(
        select(AccountGrant)
        .where(AccountGrant.account_id == account_id, AccountGrant.ended_at.is_(None))
        .order_by(AccountGrant.given_at, AccountGrant.id)
    ).all()


def grants_of(account_ids: Sequence[str]) -> Sequence[AccountGrant]:
    """The roles that some accounts have now."""
    return db.session.scalars(
        select(AccountGrant)
        .where(AccountGrant.account_id.in_(account_ids), AccountGrant.ended_at.is_(None))
        .order_by(AccountGrant.given_at, AccountGrant.id)
    ).all()


def staff_viewers() -> dict[str, Viewer]:
    """Who each staff account that can sign in is now, by account; one statement."""
    rows = db.session.execute(
        select(Account, AccountGrant)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .where(Account.staff, Account.disabled_at.is_(None), AccountGrant.ended_at.is_(None))
        .order_by(Account.created_at, Account.id)
    ).all()
    found: dict[str, list[Grant]] = {}
    persons: dict[str, str] = {}
    for account, grant in rows:
        if all(ours(type(one), one.id, one.is_ours()) for one in (account, grant)):
            persons[account.id] = account.person_id
            found.setdefault(account.id, []).append(_as_grant(grant))
    return {
        key: Viewer(account_id=key, person_id=persons[key], grants=tuple(grants))
        for key, grants in found.items()
    }


def grant_for_update(grant_id: str) -> AccountGrant | None:
    """One grant, locked."""
    return db.session.scalar(for_update(select(AccountGrant).where(AccountGrant.id == grant_id)))


def course_grants(course_id: str, role: Role) -> Sequence[AccountGrant]:
    """Who has a role granted for this particular course."""
    return db.session.scalars(
        select(AccountGrant).where(
            AccountGrant.course_id == course_id,
            AccountGrant.role == str(role),
            AccountGrant.ended_at.is_(None),
        )
    ).all()


def link(token: str) -> OneTimeLink | None:
    """The link with this secret, whether or not it still works; none if we did not make it."""
    wanted = select(OneTimeLink).where(OneTimeLink.token_hash == token_hash(token))
    found = db.session.scalar(wanted)
    if found is None or not ours(OneTimeLink, found.id, found.is_ours()):
        return None
    return found


def link_for_update(link_id: str) -> OneTimeLink:
    """One link, locked. Raises ``LinkUnknown`` if its account was erased meanwhile."""
    found = db.session.scalar(
        for_update(select(OneTimeLink).where(OneTimeLink.id == link_id)),
        execution_options={"populate_existing": True},
    )
    if found is None:
        raise LinkUnknown
    return found


def live_link(token: str, *, locked: bool = False) -> tuple[OneTimeLink, Account]:
    """The link with this secret and the account it opens, if it still works.

    ``locked`` locks the account first, then the link: whoever shuts the account meanwhile comes
    before or after. Raises ``LinkUnknown``, ``LinkUsed``, ``LinkExpired``.
    """
    found = link(token)
    if found is None:
        raise LinkUnknown
    opened = account_opened_by(found, locked=locked)
    if locked:
        found = link_for_update(found.id)
    if found.used_at is not None:
        raise LinkUsed
    if found.ends_at <= clock.now():
        raise LinkExpired
    return found, opened


def account_opened_by(found: OneTimeLink, *, locked: bool = False) -> Account:
    """The account that a link signs in. Raises ``LinkUnknown`` if it no longer exists."""
    look = account_for_update if locked else account
    opened = look(found.account_id) if found.account_id else None
    if opened is None or opened.disabled_at is not None:
        raise LinkUnknown
    if not ours(Account, opened.id, opened.is_ours()):
        raise LinkUnknown
    return opened


def throttle_for_update(key: str) -> Throttle | None:
    """The counted tries under one key, locked."""
    return db.session.scalar(for_update(select(Throttle).where(Throttle.key == key)))


def outlived(at: datetime) -> tuple[Delete, ...]:
    """Statements that delete links, sessions and counted tries that are no longer needed."""
    return (
        delete(OneTimeLink).where(OneTimeLink.ends_at < at - timedelta(days=30)),
        delete(WebSession).where(WebSession.ends_at < at - timedelta(days=30)),
        delete(Throttle).where(Throttle.last_at < at - timedelta(days=2)),
    )
