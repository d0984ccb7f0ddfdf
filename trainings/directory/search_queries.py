"""Looks for people: who may be found by whom, and who was shown to whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from trainings.core import clock
from trainings.core.db import db
from trainings.directory.models import (
    DirectoryCircle,
    DirectoryContact,
    DirectoryEntry,
    DirectoryLook,
    DirectoryOpening,
    DirectoryWord,
)
from trainings.directory.queries import living, own_unit, words_of
from trainings.directory.rules import A_DAY, Alumnus, Sought


class Visible(NamedTuple):
    """The entries that somebody may find, and the column in whose order they are cheapest."""

    found: Select[DirectoryEntry]
    key: InstrumentedAttribute[str]

    def only(self, *conditions: ColumnElement[bool]) -> Visible:
        """Those of them that meet these conditions."""
        return self._replace(found=self.found.where(*conditions))


def visible(mine: DirectoryEntry, sought: Sought) -> Visible:
    """The entries that somebody who is listed may find.

    Those of alumni of a programme of their own, and of others who agreed to it where the programme
    is open; nobody with whom they are, or lately were, in contact. What is rare leads: few people
    within reach, or else the word that fewer have.
    """
    entry = DirectoryEntry
    own = list(
        db.session.scalars(
            select(DirectoryCircle.circle).where(DirectoryCircle.entry_id == mine.id)
        )
    )
    opened = list(db.session.scalars(select(DirectoryOpening.programme_id)))
    within = DirectoryCircle.circle.in_({*own, *opened})
    reached = select(DirectoryCircle.entry_id).where(within)
    words = [one for one in (sought.field, sought.language) if one]
    few = _number(reached) <= FEW
    if not few and len(words) == 2:
        words.sort(key=lambda one: _number(_having(one)))
    found, key = select(entry), entry.id
    if not few and words:
        rarest = DirectoryWord.word == words.pop(0)
        found, key = found.join(DirectoryWord, DirectoryWord.entry_id == entry.id), _WORD
        found = found.where(rarest, _circles({*own, *opened}, key), entry.by_fields)
    found = found.where(*living(), entry.person_id != mine.person_id, _meets(own, opened))
    found = found.where(*_unmet(mine.person_id))
    if few:
        found = found.where(entry.id.in_(reached))
    if sought.country:
        found = found.where(entry.country == sought.country)
    if sought.function:
        found = found.where(entry.function == sought.function)
    for word in words:
        other = aliased(DirectoryWord)
        found = found.where(
            entry.by_fields, exists().where(other.entry_id == entry.id, other.word == word)
        )
    return Visible(found, key)


_WORD = DirectoryWord.entry_id
FEW = 10_000  # so many are looked at one by one sooner than by index


def _having(word: str) -> Select[str]:
    return select(DirectoryWord.entry_id).where(DirectoryWord.word == word)


def _number(of: Select[str]) -> int:
    """How many there are, counted until it is too many to matter."""
    counted = of.limit(FEW + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(counted)) or 0


def _meets(own: Collection[str], opened: Collection[str]) -> ColumnElement[bool]:
    """Whether an entry is within reach: of the same programme, or open and agreed to."""
    key = DirectoryEntry.id
    return or_(_circles(own, key), and_(DirectoryEntry.to_others, _circles(opened, key)))


def _circles(of: Collection[str], key: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether the entry with this key belongs to one of these circles."""
    return exists().where(DirectoryCircle.entry_id == key, DirectoryCircle.circle.in_(sorted(of)))


def _unmet(person_id: str) -> list[ColumnElement[bool]]:
    """Whether an entry is of nobody with whom somebody is, or lately was, in contact."""
    contact = DirectoryContact
    met = (
        select(contact.recipient_id).where(contact.sender_id == person_id),
        select(contact.sender_id).where(contact.recipient_id == person_id),
    )
    return [DirectoryEntry.person_id.not_in(one) for one in met]


def one_visible(mine: DirectoryEntry, entry_id: str) -> DirectoryEntry | None:
    """One entry, where somebody may find it."""
    found: DirectoryEntry | None = db.session.scalar(
        visible(mine, Sought()).found.where(DirectoryEntry.id == entry_id)
    )
    return found


def in_turn_from(among: Visible, start: str, after: str, most: int) -> list[DirectoryEntry]:
    """The next entries of the circle that begins at ``start``, behind ``after``."""
    found, key = among
    rows: list[DirectoryEntry] = []
    if after and after < start:
        parts = [[key > after, key < start]]
    else:
        parts = [[key > after] if after else [key >= start], [key < start]]
    for part in parts:
        if len(rows) < most:
            rows += db.session.scalars(
                found.where(*part).order_by(key).limit(most - len(rows))
            ).all()
    return rows


def seen_since(person_id: str) -> set[str]:
    """The people who were shown to somebody within a day."""
    return set(
        db.session.scalars(
            select(DirectoryLook.person_id).where(
                DirectoryLook.by_person_id == person_id,
                DirectoryLook.counted_at > clock.now() - A_DAY,
            )
        )
    )


def was_shown(by_person_id: str, person_id: str) -> bool:
    """Whether somebody was ever shown to somebody: only then can they be opened or written to."""
    return db.session.get(DirectoryLook, (by_person_id, person_id)) is not None


def person_of(entry_id: str) -> str | None:
    """Whose entry it is, for an operation that looks at what they may see.

    One that ended is nobody's: who was called what before is not to be found out by it.
    """
    wanted = select(DirectoryEntry.person_id).where(DirectoryEntry.id == entry_id, *living())
    return db.session.scalar(wanted)


def frees_at(person_id: str) -> datetime | None:
    """When the first of those who count now counts no longer."""
    first: datetime | None = db.session.scalar(
        select(func.min(DirectoryLook.counted_at)).where(
            DirectoryLook.by_person_id == person_id, DirectoryLook.counted_at > clock.now() - A_DAY
        )
    )
    return first + A_DAY if first is not None else None


def looks_at(person_id: str) -> Sequence[DirectoryLook]:
    """Who was shown somebody's entry, the latest first."""
    return db.session.scalars(
        select(DirectoryLook)
        .where(DirectoryLook.person_id == person_id)
        .order_by(DirectoryLook.counted_at.desc(), DirectoryLook.times.desc())
        .limit(200)
    ).all()


def shown(entries: Sequence[DirectoryEntry]) -> list[Alumnus]:
    """What is shown of these entries; the look has been logged."""
    words = words_of([one.id for one in entries if one.by_fields])
    return [
        Alumnus(one.id, one.alias, one.country, one.function, own_unit(one), words.get(one.id, ()))
        for one in entries
    ]
