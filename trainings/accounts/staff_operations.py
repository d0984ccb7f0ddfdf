"""Staff accounts: inviting, giving and taking roles, switching accounts off and on."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy.orm import Session

from trainings.accounts import queries, writes
from trainings.accounts.models import Account
from trainings.accounts.rules import (
    INVITATION,
    PASSWORD,
    MailTaken,
    NotStaff,
    OwnAccount,
    OwnGrant,
    Scope,
    scope_for,
)
from trainings.audit.writes import record
from trainings.core import clock
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role
from trainings.people.queries import mail_index
from trainings.people.sealed_rules import normalised_mail
from trainings.people.writes import add_person


class Invited(Struct, frozen=True):
    """The person to invite: name, address, language."""

    given_name: str
    family_name: str
    mail: str
    language: str


def invite(who: Invited, role: Role, scope: Scope, *, by: str) -> str:
    """Invite someone to join the staff, by an email with a link; returns the account's id.

    Raises ``MailTaken`` or ``ScopeMissing``.
    """
    scope = scope_for(role, scope)
    mail = normalised_mail(who.mail)
    with transaction() as session:
        if queries.staff_with_mail(mail_index(mail) or "") is not None:
            raise MailTaken
        person = add_person(
            session,
            given_name=who.given_name,
            family_name=who.family_name,
            mail=mail,
            language=who.language,
        )
        session.flush()
        account = writes.add_account(session, person.id, mail, staff=True, language=who.language)
        record(session, "account.invite", "account", account.id, by=by)
        writes.give_grant(session, account.id, role, by=by, **scope._asdict())
        _mail_invitation(session, account)
        return account.id


def invite_again(account_id: str, *, by: str) -> None:
    """Email the invitation again to someone who has not set a password yet."""
    with transaction() as session:
        account = _staff(account_id)
        if _mail_invitation(session, account):
            record(session, "account.invite", "account", account.id, by=by)


def give(account_id: str, role: Role, scope: Scope, *, by: str) -> None:
    """Give a staff account a role. Raises ``OwnGrant``, ``ScopeMissing``, ``GrantHeld``."""
    scope = scope_for(role, scope)
    with transaction() as session:
        account = _staff(account_id)
        if account.id == by:
            raise OwnGrant
        writes.give_grant(session, account.id, role, by=by, **scope._asdict())
        _mail_invitation(session, account)


def take(account_id: str, grant_id: str, *, by: str) -> None:
    """Take a role from a staff account. Raises ``OwnGrant``."""
    with transaction() as session:
        account = _staff(account_id)
        grant = queries.grant_for_update(grant_id)
        if grant is None or grant.account_id != account.id:
            raise NotFound
        if account.id == by:
            raise OwnGrant
        writes.end_grant(session, grant, by=by)
        _mail_invitation(session, account)


def switch_off(account_id: str, *, by: str) -> None:
    """Switch a staff account off: its sessions and links end. Raises ``OwnAccount``."""
    with transaction() as session:
        account = _staff(account_id)
        if account.id == by:
            raise OwnAccount
        if account.disabled_at is None:
            account.disabled_at = clock.now()
            writes.shut_account(session, account.id)
            record(session, "account.disable", "account", account.id, by=by)


def switch_on(account_id: str, *, by: str) -> None:
    """Let a staff account sign in again, with the roles it has; links made before stay void."""
    with transaction() as session:
        account = _staff(account_id)
        if account.id == by:
            raise OwnAccount
        if account.disabled_at is not None:
            account.disabled_at = None
            writes.shut_account(session, account.id)
            record(session, "account.enable", "account", account.id, by=by)
            _mail_invitation(session, account)


def _mail_invitation(session: Session, account: Account) -> bool:
    """Email the invitation, also in the place of one that a change made void; whether it was.

    Whoever has set a password already has no need of it.
    """
    wanted = account.password_hash is None and account.disabled_at is None
    if wanted:
        writes.mail_link(session, account, INVITATION, event="staff_invitation")
    return wanted


def _staff(account_id: str) -> Account:
    account = queries.account_for_update(account_id)
    if account is None or not account.staff:
        raise NotFound
    return account


def create_administrator(mail: str, given_name: str, family_name: str) -> str:
    """Create the administrator with this address from the command line; returns a link's secret.

    An existing account becomes an administrator too; the link sets its password. Raises
    ``NotStaff`` if it is switched off.
    """
    with transaction() as session:
        account = queries.staff_with_mail(mail_index(mail) or "")
        if account is None:
            person = add_person(
                session, given_name=given_name, family_name=family_name, mail=normalised_mail(mail)
            )
            session.flush()
            account = writes.add_account(session, person.id, mail, staff=True)
        if account.disabled_at is not None:
            raise NotStaff
        purpose = INVITATION if account.password_hash is None else PASSWORD
        if not any(held.role == Role.ADMINISTRATOR for held in queries.live_grants(account.id)):
            writes.give_grant(session, account.id, Role.ADMINISTRATOR, by=None)
        token = writes.make_link(session, purpose, account.id)
        record(session, "link.make", "account", account.id, by=None, way="command line")
        return token
