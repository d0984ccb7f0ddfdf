"""Changes accounts, grants, links and sessions inside the open transaction of an operation."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from trainings.accounts import queries
from trainings.accounts.models import Account, AccountGrant, OneTimeLink, Throttle, WebSession
from trainings.accounts.rules import (
    ABSOLUTE,
    FORGOTTEN_AFTER,
    VALID_FOR,
    VALID_OTHERWISE,
    GrantHeld,
    MailTaken,
    Patience,
    Scope,
    scope_for,
    wait_after,
)
from trainings.audit.writes import record
from trainings.core import clock, sealed
from trainings.core.db import new_key
from trainings.core.permissions import Role
from trainings.mail.writes import enqueue
from trainings.people import queries as people
from trainings.people.queries import mail_index
from trainings.people.reading import opened


def add_account(
    session: Session, person_id: str, mail: str, staff: bool = False, language: str = ""
) -> Account:
    """Let a person sign in with a mail address: staff with a password, others by mailed link.

    Several people may share a mailbox, but one address opens one staff account only: raises
    ``MailTaken``.
    """
    index = mail_index(mail) or ""
    if staff and queries.staff_with_mail(index) is not None:
        raise MailTaken
    account = Account(
        id=new_key(), person_id=person_id, mail_index=index, staff=staff, language=language,
        created_at=clock.now(),
    )  # fmt: skip
    session.add(account)
    session.flush()
    return account


def give_grant(
    session: Session,
    account_id: str,
    role: Role,
    *,
    by: str | None,
    agency_id: str | None = None,
    course_id: str | None = None,
    country: str | None = None,
    functions: Iterable[str] = (),
    keep_session: str | None = None,
) -> AccountGrant:
    """Give a role with its scope; it is in the trail, and the account has to sign in again.

    ``keep_session`` is the session in which the person took the role up themselves (a trainer
    who accepts): it goes on. Raises ``ScopeMissing`` or ``GrantHeld``. Locks the head of the
    trail, so call it after all other locks are taken.
    """
    scope = scope_for(role, Scope(agency_id, course_id, country, tuple(functions)))
    for held in queries.live_grants(account_id):
        same = (held.agency_id, held.course_id, held.country, tuple(sorted(held.functions)))
        if held.role == role and same == tuple(scope):
            raise GrantHeld
    grant = AccountGrant(
        id=new_key(), account_id=account_id, role=str(role), agency_id=scope.agency_id,
        course_id=scope.course_id, country=scope.country, functions=list(scope.functions),
        given_by=by, given_at=clock.now(),
    )  # fmt: skip
    session.add(grant)
    session.flush()
    end_sessions(session, account_id, but=keep_session)
    record(
        session, "grant.give", "account", account_id, by=by, course_id=scope.course_id,
        grant=grant.id, role=str(role), agency=scope.agency_id, country=scope.country,
        functions=list(scope.functions),
    )  # fmt: skip
    return grant


def end_grant(
    session: Session, grant: AccountGrant, *, by: str | None, keep_session: str | None = None
) -> None:
    """Take a role away; it is in the trail, and the account's sessions end.

    ``keep_session`` is the session in which the person gave the role up themselves: it goes on.
    """
    if grant.ended_at is not None:
        return
    grant.ended_at, grant.ended_by = clock.now(), by
    end_sessions(session, grant.account_id, but=keep_session)
    record(
        session, "grant.end", "account", grant.account_id, by=by, course_id=grant.course_id,
        grant=grant.id, role=grant.role,
    )  # fmt: skip


def make_link(
    session: Session,
    purpose: str,
    account_id: str | None = None,
    leads_to: str = "",
    valid_for: timedelta | None = None,
    **data: Any,
) -> str:
    """Make a one-time link and give its secret; only a hash of it is kept.

    The address is ``external_url("accounts.link", token=…)`` where the link signs somebody in
    (it has an account) and goes on to ``leads_to``, a path of this site. ``data`` holds ids and
    codes, never names.
    """
    token = secrets.token_urlsafe(24)
    now = clock.now()
    if valid_for is None:
        valid_for = VALID_FOR.get(purpose, VALID_OTHERWISE)
    session.add(
        OneTimeLink(
            id=new_key(), token_hash=queries.token_hash(token), purpose=purpose,
            account_id=account_id, leads_to=leads_to, data=data, created_at=now,
            ends_at=now + valid_for,
        )
    )  # fmt: skip
    session.flush()
    return token


def void_links(session: Session, account_id: str) -> None:
    """Use up all unused links of an account: its address was wrong."""
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.account_id == account_id, OneTimeLink.used_at.is_(None))
        .values(used_at=clock.now())
    )


def mail_link(
    session: Session,
    account: Account,
    purpose: str,
    *,
    event: str = "sign_in_link",
    leads_to: str = "",
    **data: Any,
) -> None:
    """Mail an account a one-time link of its own, in its language, greeting by name.

    Nothing is mailed to who has no address, or whose account was closed meanwhile: the row is
    locked, so that no mail to somebody is written while they are erased.
    """
    held = queries.account_for_update(account.id)
    if held is None or held.disabled_at is not None:
        return
    identity = opened([account.person_id])[account.person_id]
    if not identity.mail:
        return
    token = make_link(session, purpose, account.id, leads_to, **data)
    person = people.person(account.person_id)
    enqueue(
        session, event, to=identity.mail, person_id=account.person_id,
        language=account.language or (person.language if person else "en"),
        name=identity.name, token=token,
        until=clock.now() + VALID_FOR.get(purpose, VALID_OTHERWISE),
    )  # fmt: skip


def use_link(session: Session, token: str, purpose: str | None = None) -> OneTimeLink:
    """Use a link up: it never opens again.

    With a ``purpose``, a link made for another is not known. Raises ``LinkUnknown``,
    ``LinkUsed``, ``LinkExpired``.
    """
    link = queries.live_link(queries.link_for_update(token), purpose)
    link.used_at = clock.now()
    return link


def start_session(
    session: Session, account_id: str, *, device: str = "", replaces: str | None = None
) -> str:
    """Sign an account in and give the new secret for the browser's cookie.

    ``replaces`` is the session the browser had before; it ends.
    """
    token = secrets.token_urlsafe(32)
    now = clock.now()
    if replaces is not None:
        end_session(session, replaces)
    session.add(
        WebSession(
            id=new_key(), token_hash=queries.token_hash(token), account_id=account_id,
            started_at=now, seen_at=now, ends_at=now + ABSOLUTE, confirmed_at=now,
            device=device[:80],
        )
    )  # fmt: skip
    session.flush()
    return token


def end_session(session: Session, session_id: str) -> None:
    """End one session; what is under way in it does not bring it back."""
    found = session.get(WebSession, session_id)
    if found is not None and found.ended_at is None:
        found.ended_at = clock.now()


def end_sessions(session: Session, account_id: str, *, but: str | None = None) -> None:
    """End all sessions of an account, but one where it is named."""
    for found in queries.live_sessions(account_id):
        if found.id != but:
            found.ended_at = clock.now()


def network_of(address: str) -> str:
    """The client's network as it is counted: one IPv4 address, a /64 of IPv6; never in clear."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return sealed.blind_index("network", "unknown")
    prefix = 32 if ip.version == 4 else 64
    network = ipaddress.ip_network(f"{ip}/{prefix}", strict=False)
    return sealed.blind_index("network", str(network))


def count_try(session: Session, key: str, patience: Patience) -> timedelta:
    """Count a try under a key, before it is made; gives how long it must wait (nothing: go on).

    A try that has to wait is not counted, so that waiting ends.
    """
    now = clock.now()
    row = queries.throttle_for_update(key) or _new_throttle(session, key, now)
    if row.wait_until > now:
        return row.wait_until - now
    if row.last_at + FORGOTTEN_AFTER < now:
        row.tries = 0
    row.tries += 1
    row.last_at = now
    row.wait_until = now + wait_after(row.tries, patience)
    session.flush()
    return timedelta()


def _new_throttle(session: Session, key: str, now: datetime) -> Throttle:
    try:
        with session.begin_nested():
            row = Throttle(key=key, tries=0, last_at=now, wait_until=now)
            session.add(row)
        return row
    except IntegrityError:  # another try under this key began at the same moment
        found = queries.throttle_for_update(key)
        if found is None:
            raise
        return found


def forgive_try(session: Session, key: str, *, all_of_them: bool = False) -> None:
    """Take a counted try back because it was right."""
    row = queries.throttle_for_update(key)
    if row is not None:
        row.tries = 0 if all_of_them else max(0, row.tries - 1)
        row.wait_until = clock.now()
