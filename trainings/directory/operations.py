"""Consenting to be found, and finding others.

See docs/decisions/2026-11-29-directory.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete
from sqlalchemy.orm import Session

from trainings.audit.writes import record
from trainings.core import clock, sealed
from trainings.core.db import new_key, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Viewer
from trainings.core.text import clean
from trainings.directory import contact_queries, queries, search_queries, writes
from trainings.directory.models import DirectoryEntry, DirectoryField, DirectoryLook
from trainings.directory.rules import (
    A_PAGE,
    FIELD,
    KEPT,
    MOST_A_DAY,
    MOST_WAITING,
    REMIND,
    Alumnus,
    Consenting,
    FieldState,
    FieldsWait,
    FieldThere,
    KeptOut,
    NoneLeft,
    NotAlumni,
    NotListed,
    Sought,
    beginning,
    chosen,
    left,
)
from trainings.people import queries as people
from trainings.people import reading

PURPOSE = "directory"


class Found(NamedTuple):
    """Who was found, how many people may still be shown, and behind whom the list goes on."""

    people: list[Alumnus]
    left: int
    last: str
    frees_at: datetime | None


def _person(by: Viewer) -> str:
    """The viewer's person, locked. Raises ``NotFound``."""
    if by.person_id is None:
        raise NotFound
    people.person_for_update(by.person_id)
    return by.person_id


def _listed(by: Viewer) -> DirectoryEntry:
    """The viewer's own entry, with the person locked. Raises ``NotListed``, ``NotFound``."""
    mine = queries.live(_person(by), lock=True)
    if mine is None:
        raise NotListed
    return mine


def _attended(person_id: str) -> queries.Attended:
    if queries.exclusion(person_id) is not None:
        raise KeptOut
    was = queries.attended(person_id)
    if was is None:
        raise NotAlumni
    return was


def consent(given: Consenting, by: Viewer) -> str:
    """Agree to be found for a year, or change to what one agrees; gives the id of the entry.

    A change takes effect under the alias one has, until the same day; raises ``KeptOut``,
    ``NotAlumni``, ``NotFound``.
    """
    with transaction() as session:
        person_id = _person(by)
        was = _attended(person_id)
        before = queries.live(person_id, lock=True)
        if before is None:
            _end_old(session, person_id)
        kept = (before.alias, before.given_at, before.until) if before is not None else None
        if before is not None:
            writes.end_entry(session, before)
        entry = writes.enter(session, person_id, was, given)
        if kept is not None:
            entry.alias, entry.given_at, entry.until = kept
        record(session, "directory.consent", "directory_entry", entry.id, **_said(entry, by))
        return entry.id


def _end_old(session: Session, person_id: str) -> None:
    """End a consent that ran out and was not looked at since."""
    for one in contact_queries.ending(clock.now()):
        if one.person_id == person_id:
            writes.end_entry(session, one)


def renew(by: Viewer) -> None:
    """Agree to the same for another year, under a new alias. Raises ``NotListed``, ``KeptOut``."""
    with transaction() as session:
        mine = _listed(by)
        was = _attended(mine.person_id)
        given = Consenting(
            mine.to_others,
            mine.by_fields,
            queries.own_unit(mine),
            queries.words_of([mine.id]).get(mine.id, ()),
        )
        writes.end_entry(session, mine)
        entry = writes.enter(session, mine.person_id, was, given)
        record(session, "directory.renew", "directory_entry", entry.id, **_said(entry, by))


def withdraw(by: Viewer) -> int:
    """Withdraw one's consent at once; gives how many open contacts ended. Raises ``NotListed``."""
    with transaction() as session:
        mine = _listed(by)
        writes.end_entry(session, mine)
        ended = writes.end_contacts(session, mine.person_id)
        record(
            session,
            "directory.withdraw",
            "directory_entry",
            mine.id,
            **_said(mine, by, contacts=ended),
        )
        return ended


def _said(entry: DirectoryEntry, by: Viewer | None, contacts: int = 0) -> dict[str, Any]:
    """What the trail keeps of a consent: who, and what was agreed to, never an alias."""
    return {
        "by": by.account_id if by is not None else None,
        "version": entry.version,
        "to_others": entry.to_others,
        "by_fields": entry.by_fields,
        "contacts": contacts,
    }


def look_up(sought: Sought, after: str, by: Viewer) -> Found:
    """Show the next people who fit; each counts, once within a day.

    ``after``: the last who was shown; only somebody who was can be named. The viewer is locked, so
    that two tabs share what is left. Nothing is shown before it is logged. Raises ``NotListed``,
    ``ReadLogDown``, ``NotFound``.
    """
    with transaction() as session:
        mine = _listed(by)
        seen = search_queries.seen_since(mine.person_id)
        found = search_queries.visible(mine, sought)
        start, most = beginning(mine.id, f"{clock.now():%Y-%m-%d}"), A_PAGE
        if not left(len(seen)):  # whatever is looked for: those who were shown already
            found = search_queries.visible(mine, Sought())
            found, most = found.only(DirectoryEntry.person_id.in_(list(seen))), MOST_A_DAY
        behind = after if search_queries.person_of(after) in seen else ""
        rows = search_queries.in_turn_from(found, start, behind, most)
        shown = _counted(session, mine, rows, seen)
        frees = search_queries.frees_at(mine.person_id)
    return _opened(shown, left(len(seen | {one.person_id for one in shown})), frees, by)


def look_at(entry_id: str, by: Viewer) -> Found:
    """Show one person who was found; it counts as in a list.

    Raises ``NoneLeft``, ``NotListed``, ``NotFound``.
    """
    with transaction() as session:
        mine = _listed(by)
        seen = search_queries.seen_since(mine.person_id)
        row = search_queries.one_visible(mine, entry_id)
        if row is None or not search_queries.was_shown(mine.person_id, row.person_id):
            raise NotFound
        shown = _counted(session, mine, [row], seen)
        if not shown:
            raise NoneLeft
        frees = search_queries.frees_at(mine.person_id)
    return _opened(shown, left(len(seen | {row.person_id})), frees, by)


def _counted(
    session: Session, mine: DirectoryEntry, rows: Sequence[DirectoryEntry], seen: set[str]
) -> list[DirectoryEntry]:
    """Of these, whoever may be shown: it is kept that they were."""
    allowed = chosen([one.person_id for one in rows], seen, left(len(seen)))
    writes.note_shown(session, mine, seen, allowed)
    return [one for one in rows if one.person_id in allowed]


def _opened(rows: Sequence[DirectoryEntry], room: int, frees: datetime | None, by: Viewer) -> Found:
    """What is shown, once the look is in the read log."""
    if rows:
        reading.log([one.person_id for one in rows], by=by.account_id, purpose=PURPOSE)
    return Found(search_queries.shown(rows), room, rows[-1].id if rows else "", frees)


def propose(words: str, by: Viewer) -> None:
    """Propose a field of work for the list. Raises ``FieldThere``, ``FieldsWait`` and others."""
    with transaction() as session:
        person_id = _person(by)
        _attended(person_id)
        words = clean(words, FIELD)
        waiting = queries.proposals_of(person_id)
        known = [*map(queries.proposed_words, waiting), *queries.field_names().values()]
        if words.casefold() in {one.casefold() for one in known}:
            raise FieldThere
        if len(waiting) >= MOST_WAITING:
            raise FieldsWait
        key = new_key()
        session.add(
            DirectoryField(
                id=key,
                state=FieldState.PROPOSED,
                titles={},
                proposed=sealed.seal(words, f"directory_field|proposed|{key}"),
                proposed_by=person_id,
                at=clock.now(),
            )
        )
        record(session, "directory.propose", "directory_field", key, by=by.account_id)


def tidy() -> None:
    """Remind of consents that end soon, end those that ended, forget what is old; a round."""
    now = clock.now()
    for one in contact_queries.ending(now + REMIND):
        with transaction() as session:
            people.people_for_update([one.person_id])
            entry = session.get(DirectoryEntry, one.id, populate_existing=True)
            if entry is None or entry.ended_at is not None:
                continue
            if entry.until <= now:
                writes.end_entry(session, entry)
                ended = writes.end_contacts(session, entry.person_id)
                record(
                    session,
                    "directory.end",
                    "directory_entry",
                    entry.id,
                    **_said(entry, None, contacts=ended),
                )
            elif entry.reminded_at is None:
                entry.reminded_at = now
                writes.tell(session, [writes.Told(entry.person_id, "directory_ending", "", {})])
    with transaction() as session:
        session.execute(delete(DirectoryEntry).where(DirectoryEntry.ended_at <= now - KEPT))
        session.execute(delete(DirectoryLook).where(DirectoryLook.counted_at <= now - KEPT))
