"""One's own account: name, language, password, the browsers one is signed in with."""

from __future__ import annotations

from trainings.accounts import passwords, queries, writes
from trainings.accounts.rules import (
    PasswordsDiffer,
    WrongPassword,
    check_password,
    prepared_password,
)
from trainings.audit.writes import record
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.people import queries as people
from trainings.people.reading import opened
from trainings.people.writes import change_identity


def change_details(account_id: str, given_name: str, family_name: str, language: str) -> None:
    """Change one's own name (staff) and the language of pages and mails.

    A participant's name is not changed here: it goes with the registration and its certificate.
    """
    with transaction() as session:
        account = queries.account(account_id)
        if account is None:
            raise NotFound
        person = people.person_for_update(account.person_id)
        account.language = language
        person.language = language
        if account.staff:
            change_identity(person, given_name=given_name, family_name=family_name)
        record(session, "profile.change", "account", account_id, by=account_id)


def change_password(
    account_id: str, present: str, password: str, repeated: str, *, keep_session: str | None
) -> None:
    """Change one's password; every other session of the account ends.

    Raises ``WrongPassword``, ``PasswordTooShort`` and its like, ``PasswordsDiffer``.
    """
    account = queries.account(account_id)
    if account is None or not account.staff:
        raise NotFound
    before = account.password_hash
    if not passwords.matches(prepared_password(present), before):
        raise WrongPassword
    identity = opened([account.person_id])[account.person_id]
    check_password(password, (identity.mail, identity.name, present))
    if password != repeated:
        raise PasswordsDiffer
    kept = passwords.hashed(prepared_password(password))
    with transaction() as session:
        found = queries.account_for_update(account_id)
        if found is None or found.password_hash != before:
            raise WrongPassword
        found.password_hash = kept
        writes.end_sessions(session, account_id, but=keep_session)
        record(session, "password.set", "account", account_id, by=account_id)


def end_one_session(account_id: str, session_id: str) -> None:
    """Sign out another browser of one's own."""
    with transaction() as session:
        if session_id not in {found.id for found in queries.live_sessions(account_id)}:
            raise NotFound
        writes.end_session(session, session_id)
        record(session, "session.end", "account", account_id, by=account_id)


def end_other_sessions(account_id: str, *, but: str | None) -> None:
    """Sign out all browsers of one's own but this one."""
    with transaction() as session:
        writes.end_sessions(session, account_id, but=but)
        record(session, "session.end", "account", account_id, by=account_id)
