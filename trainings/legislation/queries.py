"""Looks up the register of laws: topics, what counts, what waits, every version."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct, field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trainings.accounts import queries as accounts
from trainings.accounts.models import Account, AccountGrant
from trainings.core import clock
from trainings.core.db import db, for_update
from trainings.core.errors import NotFound
from trainings.core.i18n import countries
from trainings.core.permissions import Role
from trainings.legislation.models import LawTopic, LawVersion
from trainings.legislation.rules import LawState, LawText, Mark, mark_of

Place = tuple[str, str]  # a country and the code of a topic
_LIVE = (LawState.CURRENT, LawState.PROPOSED)


class Entry(Struct, frozen=True, dict=True):
    """A place of the register: the version that counts and the one that waits, if any."""

    current: LawVersion | None = None
    proposed: LawVersion | None = None

    @cached_property
    def mark(self) -> Mark:
        """How far it can be relied on today."""
        if self.current is None:
            return Mark.NOT_FOUND
        confirmed = self.current.confirmed_at is not None
        today = clock.now().date()
        return mark_of(self.current.found, confirmed, self.current.checked_on, today)

    @property
    def shown(self) -> LawVersion | None:
        """The version that counts, where it says something."""
        return self.current if self.mark is not Mark.NOT_FOUND else None


class Register(Struct, frozen=True):
    """Places of the register, by country and topic; one that is not there is empty."""

    topics: Sequence[LawTopic]
    entries: Mapping[Place, Entry] = field(default_factory=dict)

    def at(self, country: str, topic: str) -> Entry:
        """What stands at a place."""
        return self.entries.get((country, topic), Entry())

    @property
    def countries(self) -> list[str]:
        """The countries of which something stands there."""
        return sorted({country for country, _topic in self.entries})


def country_there(code: str) -> str:
    """A country's code as an address has it. Raises ``NotFound`` where it is none."""
    if code not in dict(countries()):
        raise NotFound
    return code


def topics(codes: Collection[str] = ()) -> Sequence[LawTopic]:
    """The topics in their order: all, or these."""
    statement = select(LawTopic).order_by(LawTopic.position)
    if codes:
        statement = statement.where(LawTopic.code.in_(list(codes)))
    return db.session.scalars(statement).all()


def topic(code: str) -> LawTopic:
    """One topic. Raises ``NotFound``."""
    found = db.session.get(LawTopic, code)
    if found is None:
        raise NotFound
    return found


def register(of: Collection[str] = (), about: Collection[str] = ()) -> Register:
    """What counts and what waits: of all countries or these, on all topics or these."""
    return Register(topics(about), register_of(of, about))


def register_of(of: Collection[str] = (), about: Collection[str] = ()) -> dict[Place, Entry]:
    """The same by place, without the topics."""
    statement = select(LawVersion).where(LawVersion.standing.in_(_LIVE))
    if of:
        statement = statement.where(LawVersion.country.in_(list(of)))
    if about:
        statement = statement.where(LawVersion.topic.in_(list(about)))
    return _placed(db.session.scalars(statement))


def _placed(versions: Iterable[LawVersion]) -> dict[Place, Entry]:
    current: dict[Place, LawVersion] = {}
    proposed: dict[Place, LawVersion] = {}
    for one in versions:
        into = current if one.standing is LawState.CURRENT else proposed
        into[one.country, one.topic] = one
    return {
        place: Entry(current.get(place), proposed.get(place)) for place in {*current, *proposed}
    }


def entry_of(versions: Iterable[LawVersion]) -> Entry:
    """What counts and what waits among the versions of one place."""
    live = [one for one in versions if one.standing in _LIVE]
    return next(iter(_placed(live).values()), Entry())


def entries(of: Collection[str], about: Collection[str]) -> dict[Place, Entry]:
    """What counts on these topics: of these countries, or of all where none is named."""
    statement = select(LawVersion).where(
        LawVersion.standing == LawState.CURRENT, LawVersion.topic.in_(list(about))
    )
    if of:
        statement = statement.where(LawVersion.country.in_(list(of)))
    return _placed(db.session.scalars(statement))


def countries_there() -> list[str]:
    """The countries of which something counts."""
    statement = select(LawVersion.country).where(LawVersion.standing == LawState.CURRENT)
    return list(db.session.scalars(statement.distinct()))


def versions_of(country: str, code: str) -> Sequence[LawVersion]:
    """Every version of a place, the newest first."""
    return db.session.scalars(
        select(LawVersion)
        .where(LawVersion.country == country, LawVersion.topic == code)
        .order_by(LawVersion.number.desc())
    ).all()


def entry(country: str, code: str) -> Entry:
    """What counts and what waits at a place."""
    found = db.session.scalars(
        select(LawVersion)
        .where(
            LawVersion.country == country, LawVersion.topic == code, LawVersion.standing.in_(_LIVE)
        )
        .execution_options(populate_existing=True)
    )
    return _placed(found).get((country, code), Entry())


class Tasks(NamedTuple):
    """What is to be done about a country's row: changes of others that wait, entries to look at."""

    country: str
    waiting: int
    unconfirmed: int
    stale: int


def tasks(of: Sequence[str], account_id: str | None) -> list[Tasks]:
    """What the keepers of these countries have to do; one statement, none without a country."""
    found = register_of(of) if of else {}
    return [
        Tasks(
            country,
            sum(one.proposed is not None and one.proposed.by != account_id for one in here),
            sum(one.mark is Mark.UNCONFIRMED for one in here),
            sum(one.mark is Mark.STALE for one in here),
        )
        for country in of
        if (here := [one for place, one in found.items() if place[0] == country])
    ]


def topics_for_update(session: Session, codes: Collection[str]) -> Sequence[LawTopic]:
    """Topics, locked with all that is said on them, in the order of their codes."""
    return session.scalars(
        for_update(
            select(LawTopic).where(LawTopic.code.in_(list(codes))).order_by(LawTopic.code)
        ).execution_options(populate_existing=True)
    ).all()


def last_numbers(of: Collection[str]) -> dict[Place, int]:
    """The number of the last version of each place of these countries."""
    rows = db.session.execute(
        select(LawVersion.country, LawVersion.topic, func.max(LawVersion.number))
        .where(LawVersion.country.in_(list(of)))
        .group_by(LawVersion.country, LawVersion.topic)
    )
    return {(country, code): number for country, code, number in rows}


def listed(found: Register) -> list[tuple[str, str, LawText]]:
    """What counts, by country and in the order of the topics."""
    return [
        (country, one.code, current.text)
        for country in found.countries
        for one in found.topics
        if (current := found.at(country, one.code).current) is not None
    ]


class Named(NamedTuple):
    """A legal correspondent: the grant, and who holds it."""

    grant_id: str
    account_id: str
    person_id: str
    country: str


def correspondents(of: Collection[str]) -> list[Named]:
    """The legal correspondents of these countries."""
    rows = db.session.execute(
        select(AccountGrant.id, Account.id, Account.person_id, AccountGrant.country)
        .join(Account, Account.id == AccountGrant.account_id)
        .where(
            AccountGrant.role == str(Role.LEGAL_CORRESPONDENT),
            AccountGrant.country.in_(list(of)),
            AccountGrant.ended_at.is_(None),
        )
        .order_by(AccountGrant.country, AccountGrant.given_at)
    )
    return [Named(*row[:3], row[3] or "") for row in rows]


def keepers(of: Collection[str]) -> dict[str, list[Account]]:
    """Who keeps the rows of these countries, by country: those who can sign in."""
    rows = db.session.execute(
        select(AccountGrant.country, Account)
        .join(Account, Account.id == AccountGrant.account_id)
        .where(
            AccountGrant.role.in_([str(Role.FOCAL_POINT), str(Role.LEGAL_CORRESPONDENT)]),
            AccountGrant.country.in_(list(of)),
            AccountGrant.ended_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .order_by(Account.id)
    )
    found: dict[str, list[Account]] = {}
    for country, account in rows:
        there = found.setdefault(country or "", [])
        if account not in there:
            there.append(account)
    return found


def grant_named(grant_id: str, of: Collection[str]) -> AccountGrant:
    """The role of a correspondent of these countries, locked. Raises ``NotFound``."""
    found = accounts.grant_for_update(grant_id)
    if (
        found is None
        or found.role != str(Role.LEGAL_CORRESPONDENT)
        or found.country not in of
        or found.ended_at is not None
    ):
        raise NotFound
    return found
