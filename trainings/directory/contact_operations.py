"""Relaying a first message, and what the two make of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from trainings.accounts import queries as accounts
from trainings.audit.writes import record
from trainings.core import clock, sealed
from trainings.core.db import new_key, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Viewer
from trainings.core.text import clean
from trainings.directory import contact_queries, queries, search_queries, writes
from trainings.directory.contact_rules import (
    CLOSED_KEPT,
    REPORT,
    SILENT_AFTER,
    TEXTS_KEPT,
    WORDS,
    AlreadyInContact,
    AlreadyReported,
    ContactCard,
    ContactOver,
    ContactState,
    ContactSubject,
    NoOperations,
    check_words,
    pair_of,
)
from trainings.directory.models import DirectoryContact, DirectoryEntry
from trainings.directory.rules import NotListed
from trainings.mail.writes import Letter, enqueue_each
from trainings.people import queries as people
from trainings.people import reading
from trainings.web.responses import external_path

PURPOSE = "directory contact"


def write(entry_id: str, subject: ContactSubject, words: str, by: Viewer) -> str:
    """Write to somebody who was found; gives the id of the contact.

    Neither learns the address or the name of the other. Raises ``NoOperations``,
    ``AddressInWords``, ``AlreadyInContact``, ``NotListed``, ``NotFound``.
    """
    if subject is ContactSubject.URGENT:
        raise NoOperations
    words = clean(words, WORDS, lines=True)
    check_words(words)
    with transaction() as session:
        to = search_queries.person_of(entry_id)
        if by.person_id is None or to is None or not search_queries.was_shown(by.person_id, to):
            raise NotFound
        people.people_for_update([by.person_id, to])
        mine = queries.live(by.person_id, lock=True)
        if mine is None:
            raise NotListed
        if contact_queries.between(mine.person_id, to):
            raise AlreadyInContact
        theirs = search_queries.one_visible(mine, entry_id)
        if theirs is None:
            raise NotFound
        contact = _begun(session, mine, theirs, subject, words)
        if mine.country != theirs.country:
            writes.count_carried(session, mine.country, theirs.country)
        writes.tell(session, [writes.Told(to, "directory_written", contact.id, {})])
        record(session, "directory.write", "directory_contact", contact.id, **_said(contact, by))
        return contact.id


def _begun(
    session: Session,
    mine: DirectoryEntry,
    theirs: DirectoryEntry,
    subject: ContactSubject,
    words: str,
) -> DirectoryContact:
    key = new_key()
    contact = DirectoryContact(
        id=key,
        pair=pair_of(mine.person_id, theirs.person_id),
        sender_id=mine.person_id,
        sender_alias=mine.alias,
        sender_country=mine.country,
        sender_function=mine.function,
        recipient_id=theirs.person_id,
        recipient_alias=theirs.alias,
        recipient_country=theirs.country,
        recipient_function=theirs.function,
        state=ContactState.WAITING,
        subject=subject,
        at=clock.now(),
        words=sealed.seal(words, f"directory_contact|words|{key}"),
    )
    session.add(contact)
    session.flush()
    return contact


def _locked(contact_id: str, by: Viewer) -> DirectoryContact:
    """A contact of the viewer's own, with both people locked. Raises ``NotFound``."""
    found = contact_queries.own(by, contact_id)
    people.people_for_update([found.sender_id, found.recipient_id])
    return contact_queries.own(by, contact_id)


def _said(contact: DirectoryContact, by: Viewer | None) -> dict[str, Any]:
    """What the trail keeps of an act on a contact: nothing of the other side."""
    who = by.account_id if by is not None else None
    return {"by": who, "subject": str(contact.subject)}


def accept(contact_id: str, reply: str, card: ContactCard, by: Viewer) -> None:
    """Accept a message that one was sent, and say what the other may see from now on.

    Raises ``ContactOver``, ``AddressInWords``, ``NotFound``.
    """
    reply = clean(reply, WORDS, lines=True)
    with transaction() as session:
        contact = _received(contact_id, by)
        writes.close(contact, ContactState.ACCEPTED)
        if reply:
            contact.reply = sealed.seal(reply, f"directory_contact|reply|{contact.id}")
        writes.put_card(contact, contact.recipient_id, card)
        writes.tell(session, [writes.told_of(contact, contact.sender_id)])
        record(session, "directory.accept", "directory_contact", contact.id, **_said(contact, by))


def _received(contact_id: str, by: Viewer) -> DirectoryContact:
    """A message that was sent to the viewer, locked. Raises ``NotFound``."""
    contact = _locked(contact_id, by)
    if contact.recipient_id != by.person_id:
        raise NotFound
    return contact


def decline(contact_id: str, by: Viewer) -> None:
    """Decline a message, without a reason. Raises ``ContactOver``, ``NotFound``."""
    with transaction() as session:
        contact = _received(contact_id, by)
        writes.close(contact, ContactState.DECLINED)
        writes.tell(session, [writes.told_of(contact, contact.sender_id)])
        record(session, "directory.decline", "directory_contact", contact.id, **_said(contact, by))


def share(contact_id: str, card: ContactCard, by: Viewer) -> None:
    """Change what the other sees of oneself. Raises ``ContactOver``, ``NotFound``."""
    with transaction() as session:
        contact = _locked(contact_id, by)
        if contact.state is not ContactState.ACCEPTED:
            raise ContactOver(state=contact.state.label)
        writes.put_card(contact, by.person_id or "", card)
        record(session, "directory.share", "directory_contact", contact.id, **_said(contact, by))


def end(contact_id: str, by: Viewer) -> None:
    """End a contact; neither sees anything of the other any more. Raises ``ContactOver``."""
    with transaction() as session:
        contact = _locked(contact_id, by)
        writes.close(contact, ContactState.ENDED)
        writes.tell(session, [writes.told_of(contact, writes.other(contact, by.person_id or ""))])
        record(
            session, "directory.end_contact", "directory_contact", contact.id, **_said(contact, by)
        )


def report(contact_id: str, words: str, by: Viewer) -> None:
    """Report abuse to the data protection officer; what is open ends.

    Raises ``AlreadyReported``, ``NotFound``.
    """
    words = clean(words, REPORT, lines=True)
    with transaction() as session:
        contact = _locked(contact_id, by)
        if contact.reported_at is not None:
            raise AlreadyReported
        contact.reported_at, contact.reported_by = clock.now(), by.person_id
        contact.report = sealed.seal(words, f"directory_contact|report|{contact.id}")
        if contact.state in (ContactState.WAITING, ContactState.ACCEPTED):
            writes.close(contact, ContactState.ENDED)
            whom = writes.other(contact, by.person_id or "")
            writes.tell(session, [writes.told_of(contact, whom)])
        _tell_officers(session)
        record(session, "directory.report", "directory_contact", contact.id, **_said(contact, by))


def _tell_officers(session: Session) -> None:
    """Email every data protection officer that a report waits."""
    officers = {
        key: viewer for key, viewer in accounts.staff_viewers().items() if viewer.can(queries.GUARD)
    }
    languages = accounts.languages_of(officers)
    enqueue_each(
        session,
        [
            Letter(
                "directory_reported",
                to=one.mail,
                language=languages.get(one.id) or "en",
                person_id=one.id,
                context={"name": one.name, "page": external_path("/directory/reports")},
            )
            for one in reading.opened(
                viewer.person_id or "" for viewer in officers.values()
            ).values()
            if one.mail
        ],
    )


def open_contact(contact: DirectoryContact, by: Viewer) -> str:
    """Log the look at a contact; gives the other's name, where both agreed to it.

    ``contact`` is the viewer's own. Raises ``ReadLogDown``.
    """
    names = names_of([contact], by)
    if not names:
        whom = writes.other(contact, by.person_id or "")
        reading.log([whom], by=by.account_id, purpose=PURPOSE)
    return names.get(contact.id, "")


def names_of(contacts: Iterable[DirectoryContact], by: Viewer) -> dict[str, str]:
    """The others' names of the viewer's own contacts where both agreed to it, by contact.

    They are opened in one read, which is logged. Raises ``ReadLogDown``.
    """
    whose = {}
    for one in contacts:
        if one.state is ContactState.ACCEPTED:
            mine, theirs = contact_queries.cards(one, by.person_id or "")
            if mine.name and theirs.name:
                whose[one.id] = writes.other(one, by.person_id or "")
    names = reading.open(whose.values(), by=by.account_id, purpose=PURPOSE)
    return {contact_id: names[person_id].name for contact_id, person_id in whose.items()}


def tidy() -> None:
    """Say of messages without an answer that there is none; erase texts after 90 days; a round."""
    now = clock.now()
    for one in contact_queries.silent(now - SILENT_AFTER):
        with transaction() as session:
            people.people_for_update([one.sender_id, one.recipient_id])
            contact = session.get(DirectoryContact, one.id, populate_existing=True)
            if contact is None or contact.state is not ContactState.WAITING:
                continue
            writes.close(contact, ContactState.SILENT)
            writes.tell(session, [writes.told_of(contact, contact.sender_id)])
            record(
                session, "directory.silent", "directory_contact", contact.id, **_said(contact, None)
            )
    with transaction() as session:
        writes.forget_texts(session, now - TEXTS_KEPT)
        session.execute(delete(DirectoryContact).where(contact_queries.over(now - CLOSED_KEPT)))
