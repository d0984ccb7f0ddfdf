"""What is done to the register of laws: changed, confirmed, not taken, checked, entered whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from trainings.accounts import queries as accounts
from trainings.accounts import writes as account_writes
from trainings.accounts.rules import INVITATION, MailTaken
from trainings.audit.writes import record
from trainings.core import clock, versions
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.legislation import queries, rules, writes
from trainings.legislation.import_rules import Fate, Row, fate_of
from trainings.legislation.models import LawVersion
from trainings.legislation.queries import Entry, Place
from trainings.legislation.rules import (
    Keeper,
    LawState,
    LawText,
    NothingNew,
    NothingToCheck,
    NothingWaits,
)
from trainings.people.queries import mail_index, name_index
from trainings.people.reading import opened
from trainings.people.sealed_rules import normalised_mail
from trainings.people.writes import add_person


def _kept_by(viewer: Viewer, country: str) -> Keeper:
    """As what the viewer keeps a country's row. Raises ``NotFound`` where they do not."""
    found = rules.keeper_of(viewer, country)
    if found is None:
        raise NotFound
    return found


def _locked(session: Session, place: Place) -> Entry:
    """What stands at a place, with its topic locked. Raises ``NotFound``."""
    if not queries.topics_for_update(session, [place[1]]):
        raise NotFound
    return queries.entry(*place)


def propose(place: Place, text: LawText, by: Viewer) -> str:
    """Enter what the law says, or change it; it counts once a second person confirms it.

    Gives the version's id. Raises ``NothingNew``, the refusals of ``rules.checked``, ``NotFound``.
    """
    keeper = _kept_by(by, place[0])
    text = rules.checked(text, clock.now().year)
    with transaction() as session:
        entry = _locked(session, place)
        versions.check()
        before = entry.proposed or entry.current
        if before is not None and before.text == text:
            raise NothingNew
        writes.make_room(session, entry, LawState.PROPOSED)
        number = queries.last_numbers([place[0]]).get(place, 0) + 1
        made = writes.add_version(
            session, place, number, text, LawState.PROPOSED, keeper, by.account_id
        )
        record(session, "law.propose", "law", made.id, by=by.account_id, **_where(made))
        return made.id


def confirm(place: Place, version_id: str, by: Viewer) -> None:
    """Confirm the version that was shown: a change then counts, what counts is then confirmed.

    Raises ``OwnChange``, ``NothingWaits``, ``NotFound``.
    """
    keeper = _kept_by(by, place[0])
    with transaction() as session:
        entry = _locked(session, place)
        found = _waiting(entry, version_id)
        rules.check_second(found.by, by)
        if found.standing is LawState.PROPOSED:
            writes.make_room(session, entry, LawState.CURRENT)
            found.standing = LawState.CURRENT
        found.confirmed_as, found.confirmed_at = keeper, clock.now()
        found.checked_on, found.checked_as = clock.now().date(), keeper
        record(session, "law.confirm", "law", found.id, by=by.account_id, **_where(found))


def _waiting(entry: Entry, version_id: str) -> LawVersion:
    """The version with this id if it waits to be confirmed. Raises ``NothingWaits``."""
    for one in (entry.proposed, entry.current):
        if one is not None and one.id == version_id and one.confirmed_at is None:
            return one
    raise NothingWaits


def drop(place: Place, version_id: str, by: Viewer) -> None:
    """Do not take a change: what counted goes on counting. Raises ``NothingWaits``, ``NotFound``.

    Whoever may confirm may do it, and whoever made the change.
    """
    _kept_by(by, place[0])
    with transaction() as session:
        entry = _locked(session, place)
        if entry.proposed is None or entry.proposed.id != version_id:
            raise NothingWaits
        entry.proposed.standing = LawState.DROPPED
        record(
            session,
            "law.drop",
            "law",
            entry.proposed.id,
            by=by.account_id,
            **_where(entry.proposed),
        )


def check(place: Place, version_id: str, by: Viewer) -> None:
    """Say that a confirmed entry is still right today.

    Raises ``NothingToCheck``, ``NothingWaits``, ``NotFound``.
    """
    keeper = _kept_by(by, place[0])
    with transaction() as session:
        found = _locked(session, place).current
        if found is None or found.id != version_id:
            raise NothingWaits
        if found.confirmed_at is None:
            raise NothingToCheck
        found.checked_on, found.checked_as = clock.now().date(), keeper
        record(session, "law.check", "law", found.id, by=by.account_id, **_where(found))


def _where(version: LawVersion) -> dict[str, Any]:
    return {"country": version.country, "topic": version.topic, "number": version.number}


def enter(rows: Sequence[Row], by: Viewer | None) -> Mapping[Fate, list[Row]]:
    """Enter the rows of a file, all that are clean in one act; gives what became of each.

    ``by``: none from the command line. Where nothing was confirmed yet, a row counts at once and is
    to be confirmed; else it waits as a change. Raises ``NotFound`` where a row is not the viewer's.
    """
    keepers = {
        country: _kept_by(by, country) if by is not None else Keeper.FILE
        for country in sorted({row.country for row in rows})
    }
    with transaction() as session:
        queries.topics_for_update(session, sorted({row.topic for row in rows}))
        there = queries.register(list(keepers))
        numbers = queries.last_numbers(list(keepers))
        fates: dict[Fate, list[Row]] = {fate: [] for fate in Fate}
        for row in rows:
            fates[_fate(row, there.at(*row.place))].append(row)
        for fate, standing in _STANDINGS.items():
            for row in fates[fate]:
                writes.make_room(session, there.at(*row.place), standing)
        for fate, standing in _STANDINGS.items():
            for row in fates[fate]:
                number = numbers.get(row.place, 0) + 1
                keeper, account = keepers[row.country], by.account_id if by else None
                writes.add_version(session, row.place, number, row.text, standing, keeper, account)
        done = sum(len(fates[fate]) for fate in _STANDINGS)
        if done:
            who, object_id = by.account_id if by else None, ",".join(keepers)[:40]
            record(session, "law.import", "law", object_id, by=who, number=done)
        return fates


_STANDINGS = {Fate.NEW: LawState.CURRENT, Fate.CHANGE: LawState.PROPOSED}


def _fate(row: Row, entry: Entry) -> Fate:
    current, proposed = entry.current, entry.proposed
    return fate_of(
        row.text,
        current.text if current else None,
        current is not None and current.confirmed_at is not None,
        proposed.text if proposed else None,
    )


def foresee(rows: Sequence[Row]) -> Mapping[Fate, list[Row]]:
    """What would become of each row; nothing is written."""
    there = queries.register({row.country for row in rows}) if rows else queries.Register(())
    fates: dict[Fate, list[Row]] = {fate: [] for fate in Fate}
    for row in rows:
        fates[_fate(row, there.at(*row.place))].append(row)
    return fates


class Who(NamedTuple):
    """The prosecutor or judge to name: name, address, language of the invitation."""

    given_name: str
    family_name: str
    mail: str
    language: str


def name_correspondent(country: str, who: Who, by: Viewer) -> str:
    """Let a prosecutor or judge keep the entries of a country; they are invited by email.

    Gives the account's id. Raises ``MailTaken`` where somebody else uses the address,
    ``GrantHeld``, ``NotFound``.
    """
    if country not in rules.own_countries(by, rules.NAME):
        raise NotFound
    mail = normalised_mail(who.mail)
    with transaction() as session:
        account = accounts.staff_with_mail(mail_index(mail) or "")
        if account is not None:
            known = opened([account.person_id])[account.person_id]
            typed = name_index(who.given_name, who.family_name)
            if name_index(known.given_name, known.family_name) != typed:
                raise MailTaken
        else:
            person = add_person(
                session,
                given_name=who.given_name,
                family_name=who.family_name,
                mail=mail,
                language=who.language,
            )
            session.flush()
            account = account_writes.add_account(
                session, person.id, mail, staff=True, language=who.language
            )
        account_writes.give_grant(
            session, account.id, Role.LEGAL_CORRESPONDENT, by=by.account_id, country=country
        )
        if account.password_hash is None and account.disabled_at is None:
            account_writes.mail_link(session, account, INVITATION, event="staff_invitation")
        record(session, "law.name", "account", account.id, by=by.account_id, country=country)
        return account.id


def remove_correspondent(grant_id: str, by: Viewer) -> None:
    """Take the role from a correspondent of the viewer's country. Raises ``NotFound``."""
    with transaction() as session:
        grant = queries.grant_named(grant_id, rules.own_countries(by, rules.NAME))
        account_writes.end_grant(session, grant, by=by.account_id)
        record(
            session,
            "law.unname",
            "account",
            grant.account_id,
            by=by.account_id,
            country=grant.country,
        )
