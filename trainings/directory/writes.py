"""Changes entries, looks and contacts of the directory, inside the open transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from trainings.core import clock, sealed
from trainings.core.db import new_key
from trainings.directory import contact_queries, queries
from trainings.directory.contact_rules import ContactCard, ContactState, check_becomes
from trainings.directory.models import (
    CarriedRequest,
    DirectoryCircle,
    DirectoryContact,
    DirectoryEntry,
    DirectoryExclusion,
    DirectoryField,
    DirectoryLook,
    DirectoryWord,
)
from trainings.directory.rules import VERSION, YEAR, Consenting, new_alias
from trainings.mail.writes import Letter, enqueue_each
from trainings.people import queries as people
from trainings.people import reading
from trainings.web.responses import external_url


def enter(
    session: Session, person_id: str, was: queries.Attended, given: Consenting
) -> DirectoryEntry:
    """Enter somebody for a year, under a new alias; the caller has locked the person."""
    now, key = clock.now(), new_key()
    entry = DirectoryEntry(
        id=key,
        person_id=person_id,
        alias=new_alias(queries.alias_taken),
        country=was.country,
        function=was.function,
        version=VERSION,
        to_others=given.to_others,
        by_fields=given.by_fields,
        unit=sealed.seal(given.unit, f"directory_entry|unit|{key}") if given.unit else None,
        given_at=now,
        until=now + YEAR,
    )
    session.add(entry)
    session.flush()
    session.add_all(DirectoryCircle(entry_id=key, circle=one) for one in was.circles)
    words = given.words if given.by_fields else ()
    session.add_all(DirectoryWord(entry_id=key, word=one) for one in dict.fromkeys(words))
    session.flush()
    return entry


def end_entry(session: Session, entry: DirectoryEntry) -> None:
    """End a consent: nothing of it is found any more; that it was given is kept for a while."""
    entry.ended_at, entry.unit = clock.now(), None
    for model in (DirectoryCircle, DirectoryWord):
        session.execute(delete(model).where(model.entry_id == entry.id))
    session.flush()


def note_shown(
    session: Session, mine: DirectoryEntry, seen: Collection[str], persons: Iterable[str]
) -> None:
    """Keep that these people were shown to somebody; who was within the day counts no more."""
    new = [one for one in persons if one not in seen]
    rows = {
        one.person_id: one
        for one in session.scalars(
            select(DirectoryLook).where(
                DirectoryLook.by_person_id == mine.person_id, DirectoryLook.person_id.in_(new)
            )
        )
    }
    for person_id in new:
        row = rows.get(person_id)
        if row is None:
            row = DirectoryLook(by_person_id=mine.person_id, person_id=person_id, times=0)
            session.add(row)
        row.country, row.function = mine.country, mine.function
        row.counted_at, row.times = clock.now(), row.times + 1
    session.flush()


def count_carried(session: Session, origin: str, destination: str) -> None:
    """Count a first message by month and border, without a trace of who or what."""
    month = f"{clock.now():%Y-%m}"
    session.add(CarriedRequest(id=new_key(), month=month, origin=origin, destination=destination))


# Contacts


class Told(NamedTuple):
    """Whom to email what about a contact; no email names anybody or says what was written."""

    person_id: str
    event: str
    contact_id: str
    context: Mapping[str, object]


def tell(session: Session, each: Iterable[Told]) -> None:
    """Email people about contacts of theirs, in one go."""
    told = list(each)
    if not told:
        return
    known = reading.opened({one.person_id for one in told})
    letters = []
    for one in told:
        person = people.person(one.person_id)
        if person is None or person.erased_at is not None:
            continue
        letters.append(
            Letter(
                one.event,
                to=known[one.person_id].mail,
                language=person.language,
                person_id=one.person_id,
                context={
                    "name": known[one.person_id].name,
                    "page": external_url("directory_contacts.show", contact_id=one.contact_id)
                    if one.contact_id
                    else external_url("directory.mine"),
                    **one.context,
                },
            )
        )
    enqueue_each(session, letters)


def close(contact: DirectoryContact, state: ContactState) -> None:
    """Make a contact accepted, or over. Raises ``ContactOver``."""
    check_becomes(contact.state, state)
    contact.state = state
    if state is ContactState.ENDED:
        contact.ended_at = clock.now()
        contact.sender_card = contact.recipient_card = None
    else:
        contact.answered_at = clock.now()


def put_card(contact: DirectoryContact, person_id: str, card: ContactCard) -> None:
    """Keep what somebody lets the other see."""
    if person_id == contact.sender_id:
        place = f"directory_contact|sender_card|{contact.id}"
        contact.sender_card = sealed.seal(card.written(), place)
    else:
        place = f"directory_contact|recipient_card|{contact.id}"
        contact.recipient_card = sealed.seal(card.written(), place)


def forget_word(session: Session, word: str) -> None:
    """Take a word away from everybody who is found by it."""
    session.execute(delete(DirectoryWord).where(DirectoryWord.word == word))


def other(contact: DirectoryContact, person_id: str) -> str:
    """The other person of a contact."""
    return contact.recipient_id if person_id == contact.sender_id else contact.sender_id


def end_contacts(session: Session, person_id: str) -> int:
    """End what is open of somebody; the others are told so, without a reason. Gives how many."""
    contacts = contact_queries.open_of(person_id)
    for contact in contacts:
        close(contact, ContactState.ENDED)
    tell(session, [told_of(one, other(one, person_id)) for one in contacts])
    return len(contacts)


def told_of(contact: DirectoryContact, person_id: str) -> Told:
    """What somebody is told of what became of a contact."""
    return Told(person_id, "directory_answered", contact.id, {"outcome": contact.state.value})


def forget_texts(session: Session, before: datetime) -> int:
    """Erase what was written before a moment. Gives of how many contacts."""
    contact = DirectoryContact
    found = session.execute(
        update(contact)
        .where(
            contact.at <= before,
            or_(
                contact.words.is_not(None), contact.reply.is_not(None), contact.report.is_not(None)
            ),
        )
        .values(words=None, reply=None, report=None)
    )
    return int(found.rowcount)  # type: ignore[attr-defined]


# Erasing


class Gone(NamedTuple):
    """How much of the directory went with somebody."""

    entries: int
    contacts: int


def forget_directory(session: Session, person_id: str) -> Gone:
    """Erase somebody from the directory; whoever was in contact is told that it ended."""
    open_ones = contact_queries.open_of(person_id)
    tell(
        session,
        [
            Told(other(one, person_id), "directory_answered", "", {"outcome": "ended"})
            for one in open_ones
        ],
    )
    entries = list(
        session.scalars(select(DirectoryEntry.id).where(DirectoryEntry.person_id == person_id))
    )
    contact, look = DirectoryContact, DirectoryLook
    whose = or_(contact.sender_id == person_id, contact.recipient_id == person_id)
    contacts = list(session.scalars(select(contact.id).where(whose)))
    for model in (DirectoryCircle, DirectoryWord):
        session.execute(delete(model).where(model.entry_id.in_(entries)))
    session.execute(delete(DirectoryEntry).where(DirectoryEntry.id.in_(entries)))
    session.execute(delete(contact).where(contact.id.in_(contacts)))
    session.execute(
        delete(look).where(or_(look.by_person_id == person_id, look.person_id == person_id))
    )
    session.execute(delete(DirectoryField).where(DirectoryField.proposed_by == person_id))
    session.execute(delete(DirectoryExclusion).where(DirectoryExclusion.person_id == person_id))
    return Gone(len(entries), len(contacts))
