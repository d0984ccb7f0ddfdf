"""Changes accounts, grants, links and sessions inside the open transaction of an operation."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from trainings.accounts import queries, session_queries
from trainings.accounts.models import Account, AccountGrant, OneTimeLink, Throttle, WebSession
from trainings.accounts.rules import (
    ABSOLUTE,
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
from trainings.core.db import insert_rows, new_key
from trainings.core.permissions import Role
from trainings.mail.writes import enqueue
from trainings.people import queries as people
from trainings.people.queries import mail_index
from trainings.people.reading import opened


def add_account(
    session: Session, person_id: str, mail: str, staff: bool = False, language: str = ""
) -> Account:
    """Let a person sign in with an email address: staff with a password, others by emailed link.

    Several people may share a mailbox, but an address belongs to at most one staff account: raises
    ``MailTaken``.
    """
    index = mail_index(mail) or ""
    if staff and queries.staff_with_mail(index) is not None:
        raise MailTaken
    account = Account(
        id=new_key(),
        person_id=person_id,
        mail_index=index,
        staff=staff,
        language=language,
        created_at=clock.now(),
    )
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
    """Give a role with its scope; this is recorded in the trail, and the account is shut.

    ``keep_session`` is the session in which the person accepted the role themselves (a trainer): it
    stays signed in. Links to the account that are to work must be made after this. Raises
    ``ScopeMissing`` or ``GrantHeld``. Locks the head of the trail, so call it after all other locks
    are taken.
    """
    scope = scope_for(role, Scope(agency_id, course_id, country, tuple(functions)))
    for held in queries.live_grants(account_id):
        same = (held.agency_id, held.course_id, held.country, tuple(sorted(held.functions)))
        if held.role == role and same == tuple(scope):
            raise GrantHeld
    grant = AccountGrant(
        id=new_key(),
        account_id=account_id,
        role=str(role),
        agency_id=scope.agency_id,
        course_id=scope.course_id,
        country=scope.country,
        functions=list(scope.functions),
        given_by=by,
        given_at=clock.now(),
    )
    session.add(grant)
    session.flush()
    shut_account(session, account_id, but=keep_session)
    record(
        session,
        "grant.give",
        "account",
        account_id,
        by=by,
        course_id=scope.course_id,
        grant=grant.id,
        role=str(role),
        agency=scope.agency_id,
        country=scope.country,
        functions=list(scope.functions),
    )
    return grant


def end_grant(
    session: Session, grant: AccountGrant, *, by: str | None, keep_session: str | None = None
) -> None:
    """Take a role away; this is recorded in the trail, and the account is shut.

    ``keep_session`` is the session in which the person gave the role up: it stays signed in.
    """
    if grant.ended_at is not None:
        return
    grant.ended_at, grant.ended_by = clock.now(), by
    shut_account(session, grant.account_id, but=keep_session)
    record(
        session,
        "grant.end",
        "account",
        grant.account_id,
        by=by,
        course_id=grant.course_id,
        grant=grant.id,
        role=grant.role,
    )


def add_accounts(session: Session, people: Iterable[tuple[str, str, str]]) -> list[Account]:
    """Let several people sign in by emailed link; each given as person, address and language."""
    made = [
        Account(
            id=new_key(),
            person_id=person_id,
            mail_index=mail_index(mail) or "",
            staff=False,
            language=language,
            created_at=clock.now(),
        )
        for person_id, mail, language in people
    ]
    session.add_all(made)
    session.flush()
    return made


def make_link(
    session: Session,
    purpose: str,
    account_id: str | None = None,
    leads_to: str = "",
    valid_for: timedelta | None = None,
    **data: Any,
) -> str:
    """Make a one-time link and return its secret; only a hash of it is stored.

    The address is ``external_url("accounts.link", token=…)`` if the link signs somebody in (it has
    an account); it then redirects to ``leads_to``, a path of this site. ``data`` holds ids and
    codes, never names.
    """
    (token,) = make_links(session, purpose, [NewLink(account_id, leads_to, valid_for, data)])
    return token


class NewLink(NamedTuple):
    """A link to make: whom it signs in, where it leads, how long it works."""

    account_id: str | None
    leads_to: str = ""
    valid_for: timedelta | None = None
    data: Mapping[str, Any] = {}


def make_links(session: Session, purpose: str, wanted: Iterable[NewLink]) -> list[str]:
    """Make several one-time links in one statement; returns their secrets, in order."""
    now, usual = clock.now(), VALID_FOR.get(purpose, VALID_OTHERWISE)
    tokens: list[str] = []
    rows: list[dict[str, Any]] = []
    for one in wanted:
        tokens.append(secrets.token_urlsafe(24))
        said = {
            "id": new_key(),
            "token_hash": queries.token_hash(tokens[-1]),
            "purpose": purpose,
            "account_id": one.account_id,
            "leads_to": one.leads_to,
            "data": dict(one.data),
        }
        ends_at = now + (usual if one.valid_for is None else one.valid_for)
        code = OneTimeLink.code_for(said)
        rows.append({**said, "created_at": now, "ends_at": ends_at, "code": code})
    if rows:
        session.flush()
        insert_rows(session, OneTimeLink, rows)
    return tokens


def shut_account(session: Session, account_id: str, *, but: str | None = None) -> None:
    """Close every way into an account that was open so far: its sessions and its unused links.

    For whatever changes who may come in and with which rights: password, role, address, switching
    off and on. The links expire, so that their holder is offered a new one. The session ``but``
    stays. Locks the account, so that no link is being used meanwhile.
    """
    queries.account_for_update(account_id)
    now = clock.now()
    session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.account_id == account_id,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.ends_at > now,
        )
        .values(ends_at=now)
    )
    end_sessions(session, account_id, but=but)


def mail_link(
    session: Session,
    account: Account,
    purpose: str,
    *,
    event: str = "sign_in_link",
    leads_to: str = "",
    **data: Any,
) -> None:
    """Email an account a one-time link of its own, in its language, addressed by name.

    Sends nothing if the account has no address or has been closed in the meantime: the row is
    locked, so that no email is written to somebody while they are being erased.
    """
    held = queries.account_for_update(account.id)
    if held is None or held.disabled_at is not None:
        return
    identity = opened([account.person_id])[account.person_id]
    if not identity.mail:
        return
    valid_for = VALID_FOR.get(purpose, VALID_OTHERWISE)
    token = make_link(session, purpose, account.id, leads_to, **data)
    person = people.person(account.person_id)
    enqueue(
        session,
        event,
        to=identity.mail,
        person_id=account.person_id,
        language=account.language or (person.language if person else "en"),
        name=identity.name,
        token=token,
        valid_for=valid_for,
    )


def use_link(session: Session, token: str) -> tuple[OneTimeLink, Account]:
    """Mark a link as used: it never works again; gives it and the account it opens, locked.

    Raises ``LinkUnknown``, ``LinkUsed``, ``LinkExpired``.
    """
    link, account = queries.live_link(token, locked=True)
    link.used_at = clock.now()
    return link, account


def start_session(
    session: Session,
    account_id: str,
    *,
    device: str = "",
    replaces: str | None = None,
    stays: bool = False,
) -> str:
    """Sign an account in and return the new secret for the browser's cookie.

    ``replaces`` is the session the browser had before; it ends. ``stays``: on the person's own
    device, which counts only where the account's roles allow it; who signs in again stays.
    """
    token = secrets.token_urlsafe(32)
    now = clock.now()
    before = session.get(WebSession, replaces) if replaces is not None else None
    if before is not None:
        stays = stays or (before.stays and before.account_id == account_id)
        end_session(session, before.id)
    session.add(
        WebSession(
            id=new_key(),
            token_hash=queries.token_hash(token),
            account_id=account_id,
            started_at=now,
            seen_at=now,
            ends_at=now + ABSOLUTE,
            confirmed_at=now,
            device=device[:80],
            stays=stays and session_queries.may_stay_signed_in(account_id),
        )
    )
    session.flush()
    return token


def end_session(session: Session, session_id: str) -> None:
    """End one session; a request still using it does not bring it back."""
    found = session.get(WebSession, session_id)
    if found is not None and found.ended_at is None:
        found.ended_at = clock.now()


def end_sessions(session: Session, account_id: str, *, but: str | None = None) -> None:
    """End all sessions of an account, except ``but`` if it is given."""
    for found in session_queries.live_sessions(account_id):
        if found.id != but:
            found.ended_at = clock.now()


def network_of(address: str) -> str:
    """The client's network for counting: one IPv4 address or an IPv6 /64; never in clear."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return sealed.blind_index("network", "unknown")
    prefix = 32 if ip.version == 4 else 64
    network = ipaddress.ip_network(f"{ip}/{prefix}", strict=False)
    return sealed.blind_index("network", str(network))


def count_try(session: Session, key: str, patience: Patience) -> timedelta:
    """Count a try under a key before it is made; returns how long it must wait (zero: none).

    A try that has to wait is not counted, so that waiting ends.
    """
    now = clock.now()
    row = queries.throttle_for_update(key) or _new_throttle(session, key, now)
    if row.wait_until > now:
        return row.wait_until - now
    if row.last_at + patience.forgotten_after < now:
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
    """Take a counted try back because the password was right."""
    row = queries.throttle_for_update(key)
    if row is not None:
        row.tries = 0 if all_of_them else max(0, row.tries - 1)
        row.wait_until = clock.now()
