"""Signing in and out: by password, by emailed link, from the command line."""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct
from sqlalchemy.orm import Session

from trainings.accounts import queries, session_queries, writes
from trainings.accounts.models import Account
from trainings.accounts.password_rules import PasswordsDiffer, check_password, prepared_password
from trainings.accounts.rules import (
    ACCOUNT_ANYWHERE,
    ACCOUNT_HERE,
    INVITATION,
    MAILS,
    NETWORK,
    PASSWORD,
    SETS_PASSWORD,
    SIGN_IN,
    LinkUnknown,
    Patience,
    TooManyTries,
    WrongSignIn,
)
from trainings.audit.writes import record
from trainings.core import clock, db, password_hash, sealed
from trainings.core.db import transaction
from trainings.jobs.writes import enqueue
from trainings.people.reading import opened
from trainings.people.sealed_rules import normalised_mail


class SignedIn(Struct, frozen=True):
    """A browser that has just signed in: its cookie's secret, and where to go next."""

    token: str
    account_id: str
    mark: str  # by which the browser is known from now on
    leads_to: str = ""


class Browser(Struct, frozen=True):
    """What is known about the browser that sent the request."""

    address: str = ""
    device: str = ""
    session_id: str | None = None  # the session it had before, which ends
    known: frozenset[str] = frozenset()  # marks of the addresses signed in here before
    own: bool = False  # the person says that it is their own, to stay signed in today


def _known_mark(index: str) -> str:
    """What a browser stores to be known for an email address; does not reveal the address."""
    return sealed.blind_index("known", index)


def _mail_index(mail: str) -> str:
    return sealed.blind_index("mail", normalised_mail(mail))


def _keys(index: str, browser: Browser) -> dict[str, Patience]:
    """What a try counts for. Strangers, wherever they are, count nothing for a known browser."""
    if _known_mark(index) in browser.known:
        return {f"known|{index}": ACCOUNT_HERE}
    network = writes.network_of(browser.address)
    return {
        f"account|{index}": ACCOUNT_ANYWHERE,
        f"here|{index}|{network}": ACCOUNT_HERE,
        f"network|{network}": NETWORK,
    }


def _count(session: Session, keys: dict[str, Patience]) -> timedelta:
    waits = [writes.count_try(session, key, keys[key]) for key in sorted(keys)]
    return max(waits)


def _may_mail(session: Session, index: str, browser: Browser) -> bool:
    """Count a request for a link; whether an email may be sent for it.

    While a network has to wait nothing is kept of the addresses that it asks for: they may be many.
    """
    keys = ((writes.network_of(browser.address), NETWORK), (index, MAILS))
    return not any(writes.count_try(session, f"mails|{key}", each) for key, each in keys)


def sign_in(mail: str, password: str, browser: Browser) -> SignedIn:
    """Sign in with email and password. Raises ``WrongSignIn``, ``TooManyTries``.

    The try is counted before the password is compared, so that simultaneous tries count too.
    Unknown address, disabled account and wrong password take the same steps.
    """
    index = _mail_index(mail)
    keys = _keys(index, browser)
    with transaction() as session:
        wait = _count(session, keys)
        if wait:
            raise TooManyTries(seconds=int(wait.total_seconds()) or 1)
        found = queries.staff_with_mail(index)
        if found is not None and not queries.ours(Account, found.id, found.is_ours()):
            found = None
        kept = found.password_hash if found is not None and found.disabled_at is None else None
    if not password_hash.matches(prepared_password(password), kept) or found is None:
        raise WrongSignIn
    with transaction() as session:
        account = queries.account_for_update(found.id)
        if account is None or account.disabled_at is not None or account.password_hash != kept:
            raise WrongSignIn
        for key in sorted(keys):
            writes.forgive_try(session, key, all_of_them=not key.startswith("network|"))
        return _let_in(session, account, browser, way="password")


def _let_in(
    session: Session, account: Account, browser: Browser, *, way: str, leads_to: str = ""
) -> SignedIn:
    token = writes.start_session(
        session, account.id, device=browser.device, replaces=browser.session_id, stays=browser.own
    )
    record(session, "session.start", "account", account.id, by=account.id, way=way)
    return SignedIn(token, account.id, _known_mark(account.mail_index), leads_to)


def sign_out(session_id: str, *, by: str) -> None:
    """Sign out: the session ends, even if another request is still using it."""
    with transaction() as session:
        writes.end_session(session, session_id)
        record(session, "session.end", "account", by, by=by)


def ask_for_link(mail: str, leads_to: str, browser: Browser) -> None:
    """Ask for a sign-in link by email; does the same work whether or not the address is known.

    After repeated requests no more emails are sent for a while; links sent before still work.
    """
    index = _mail_index(mail)
    with transaction() as session:
        if _may_mail(session, index, browser):
            enqueue(
                session,
                "accounts.mail_links",
                unique_key=f"links|{index}",
                mail_index=index,
                leads_to=leads_to[:200],
            )


def mail_links(mail_index: str, leads_to: str) -> int:
    """Email everyone who uses an address a link of their own; returns how many there were."""
    with transaction() as session:
        accounts = queries.accounts_with_mail(mail_index)
        for account in accounts:
            writes.mail_link(session, account, SIGN_IN, leads_to=leads_to)
        return len(accounts)


def renew_link(token: str, browser: Browser) -> None:
    """Email a new link to replace one that was used or has expired, to the same person only."""
    with transaction() as session:
        old = queries.link(token)
        if old is None or old.account_id is None:
            raise LinkUnknown
        account = queries.account_opened_by(old)
        if not _may_mail(session, account.mail_index, browser):
            return
        if old.purpose in SETS_PASSWORD and account.password_hash is not None:
            writes.mail_link(session, account, SIGN_IN)
        elif old.purpose in SETS_PASSWORD:
            writes.mail_link(session, account, INVITATION, event="staff_invitation")
        else:
            writes.mail_link(session, account, old.purpose, leads_to=old.leads_to, **old.data)


def sign_in_by_link(token: str, browser: Browser) -> SignedIn:
    """Sign in with an emailed link, which then stops working. Raises ``LinkRefused``."""
    with transaction() as session:
        link, account = writes.use_link(session, token)
        if link.purpose in SETS_PASSWORD:
            raise LinkUnknown
        return _let_in(session, account, browser, way="link", leads_to=link.leads_to)


def set_password(token: str, password: str, repeated: str, browser: Browser) -> SignedIn:
    """Set the first or a new password through an emailed link, and sign in with it.

    Raises ``LinkRefused``, ``PasswordTooShort`` and the like; the link keeps working until a
    password is accepted. All other sessions and links of the account end.
    """
    _link, account = queries.live_link(token)
    identity = opened([account.person_id])[account.person_id]
    check_password(password, (identity.mail, identity.name))
    if password != repeated:
        raise PasswordsDiffer
    kept = password_hash.hashed(prepared_password(password))
    with transaction() as session:
        link, account = writes.use_link(session, token)
        if link.purpose not in SETS_PASSWORD or not account.staff:
            raise LinkUnknown
        account.password_hash = kept
        writes.shut_account(session, account.id)
        record(session, "password.set", "account", account.id, by=account.id)
        return _let_in(session, account, browser, way="link", leads_to=link.leads_to)


def link_from_command_line(mail: str) -> list[str]:
    """Secrets of sign-in links for everyone who uses an email address, one each."""
    with transaction() as session:
        tokens = []
        for account in queries.accounts_with_mail(_mail_index(mail)):
            tokens.append(
                writes.make_link(session, SIGN_IN, account.id, valid_for=timedelta(hours=12))
            )
            record(session, "link.make", "account", account.id, by=None, way="command line")
        return tokens


def mail_password_link(account_id: str) -> None:
    """Email a staff account a link to set a new password."""
    with transaction() as session:
        account = queries.account_for_update(account_id)
        if account is not None and account.staff and account.disabled_at is None:
            writes.mail_link(session, account, PASSWORD, event="password_link")


def touch(session_id: str) -> None:
    """Record that a session is in use; a session that has ended in the meantime stays ended."""
    db.form_token.set(None)  # this is not what the form asked for
    with transaction() as session:
        session.execute(session_queries.seen_now(session_id, clock.now()))


def tidy() -> None:
    """Delete links, sessions and counted tries that are no longer needed."""
    with transaction() as session:
        for statement in queries.outlived(clock.now()):
            session.execute(statement)
