"""What users do with their own account: name, language, password, signed-in browsers."""

from __future__ import annotations

from trainings.accounts import queries, session_queries, writes
from trainings.accounts.password_rules import (
    PasswordsDiffer,
    WrongPassword,
    check_password,
    prepared_password,
)
from trainings.audit.writes import record
from trainings.core import password_hash, versions
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.people import queries as people
from trainings.people.reading import opened
from trainings.people.writes import change_identity


def change_details(account_id: str, given_name: str, family_name: str, language: str) -> None:
    """Change the user's own name (staff only) and the language of pages and emails.

    A participant's name is not changed here: it belongs to the registration and its certificate.
    """
    with transaction() as session:
        account = queries.account(account_id)
        if account is None:
            raise NotFound
        person = people.person_for_update(account.person_id)
        versions.check()
        account.language = language
        person.language = language
        if account.staff:
            change_identity(person, given_name=given_name, family_name=family_name)
        record(session, "profile.change", "account", account_id, by=account_id)


def change_password(
    account_id: str, present: str, password: str, repeated: str, *, keep_session: str | None
) -> None:
    """Change the user's own password; every other session and link of the account ends.

    Raises ``WrongPassword``, ``PasswordTooShort`` and its like, ``PasswordsDiffer``.
    """
    account = queries.account(account_id)
    if account is None or not account.staff:
        raise NotFound
    before = account.password_hash
    if not password_hash.matches(prepared_password(present), before):
        raise WrongPassword
    identity = opened([account.person_id])[account.person_id]
    check_password(password, (identity.mail, identity.name, present))
    if password != repeated:
        raise PasswordsDiffer
    kept = password_hash.hashed(prepared_password(password))
    with transaction() as session:
        found = queries.account_for_update(account_id)
        if found is None or found.password_hash != before:
            raise WrongPassword
        found.password_hash = kept
        writes.shut_account(session, account_id, but=keep_session)
        record(session, "password.set", "account", account_id, by=account_id)


def end_one_session(account_id: str, session_id: str) -> None:
    """Sign out another of the user's own browsers."""
    with transaction() as session:
        if session_id not in {found.id for found in session_queries.live_sessions(account_id)}:
            raise NotFound
        writes.end_session(session, session_id)
        record(session, "session.end", "account", account_id, by=account_id)


def end_other_sessions(account_id: str, *, but: str | None) -> None:
    """Sign out all of the user's browsers except this one."""
    with transaction() as session:
        writes.end_sessions(session, account_id, but=but)
        record(session, "session.end", "account", account_id, by=account_id)
