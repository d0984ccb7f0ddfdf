"""Looks up contacts: one's own, those that wait too long, those that were reported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select

from trainings.core import paging, sealed
from trainings.core.db import db, for_update
from trainings.core.errors import NotFound
from trainings.core.i18n import country_name
from trainings.core.names import folded
from trainings.core.permissions import Viewer
from trainings.directory.contact_rules import OPEN, ContactCard, ContactState, card_of
from trainings.directory.models import DirectoryContact, DirectoryEntry
from trainings.directory.queries import GUARD

A_PAGE = 50
DRAWN = 24  # people in the picture of one's own contacts


def own(viewer: Viewer, contact_id: str) -> DirectoryContact:
    """A contact of the viewer's own. Raises ``NotFound``."""
    found = db.session.get(DirectoryContact, contact_id, populate_existing=True)
    if (
        found is None
        or viewer.person_id is None
        or viewer.person_id not in (found.sender_id, found.recipient_id)
    ):
        raise NotFound
    return found


class Seen(NamedTuple):
    """A contact as one of the two sees it: what the other is called, and as what."""

    contact: DirectoryContact
    sent: bool
    alias: str
    country: str
    function: str


class Contacts(NamedTuple):
    """A page of somebody's contacts, the newest first."""

    rows: list[Seen]
    page: int
    pages: int


def of_person(person_id: str, page: int) -> Contacts:
    """A page of all contacts of somebody, the newest first."""
    total = how_many(person_id)
    page = paging.within(page, total, A_PAGE)
    rows = db.session.scalars(
        select(DirectoryContact)
        .where(_of(person_id))
        .order_by(DirectoryContact.at.desc(), DirectoryContact.id)
        .limit(A_PAGE)
        .offset((page - 1) * A_PAGE)
    ).all()
    return Contacts([_seen(one, person_id) for one in rows], page, paging.pages(total, A_PAGE))


def _seen(contact: DirectoryContact, person_id: str) -> Seen:
    if contact.sender_id == person_id:
        other = contact.recipient_alias, contact.recipient_country, contact.recipient_function
    else:
        other = contact.sender_alias, contact.sender_country, contact.sender_function
    return Seen(contact, contact.sender_id == person_id, *other)


def how_many(person_id: str) -> int:
    """How many contacts somebody has, whatever became of them."""
    found = select(func.count()).select_from(DirectoryContact).where(_of(person_id))
    return db.session.scalar(found) or 0


def accepted_of(person_id: str) -> list[Seen]:
    """Whom somebody may call, by country: the newest accepted contacts, as many as are drawn."""
    rows = db.session.scalars(
        select(DirectoryContact)
        .where(_of(person_id), DirectoryContact.state == ContactState.ACCEPTED)
        .order_by(DirectoryContact.answered_at.desc(), DirectoryContact.id)
        .limit(DRAWN)
    ).all()
    known = [_seen(one, person_id) for one in rows]
    return sorted(known, key=lambda one: (folded(country_name(one.country)), one.function))


def waiting_for(person_id: str | None) -> int:
    """How many messages wait for somebody's answer."""
    rows = db.session.scalars(
        select(DirectoryContact.id).where(
            DirectoryContact.recipient_id == person_id,
            DirectoryContact.state == ContactState.WAITING,
        )
    ).all()
    return len(rows)


def open_of(person_id: str) -> Sequence[DirectoryContact]:
    """The contacts of somebody that are not over, locked; the caller has locked the person."""
    return db.session.scalars(
        for_update(
            select(DirectoryContact)
            .where(_of(person_id), DirectoryContact.state.in_(sorted(OPEN)))
            .order_by(DirectoryContact.id)
            .execution_options(populate_existing=True)
        )
    ).all()


def between(one: str, other: str) -> Sequence[DirectoryContact]:
    """What there is between two people, whoever wrote."""
    contact = DirectoryContact
    return db.session.scalars(
        select(contact).where(
            or_(
                and_(contact.sender_id == one, contact.recipient_id == other),
                and_(contact.sender_id == other, contact.recipient_id == one),
            )
        )
    ).all()


def _of(person_id: str) -> ColumnElement[bool]:
    return or_(DirectoryContact.sender_id == person_id, DirectoryContact.recipient_id == person_id)


def silent(before: datetime) -> Sequence[DirectoryContact]:
    """Messages that were written before a moment and wait still."""
    return db.session.scalars(
        select(DirectoryContact)
        .where(DirectoryContact.state == ContactState.WAITING, DirectoryContact.at <= before)
        .order_by(DirectoryContact.id)
    ).all()


def ending(before: datetime) -> Sequence[DirectoryEntry]:
    """Entries whose consent ends before a moment, and was not ended yet."""
    return db.session.scalars(
        select(DirectoryEntry)
        .where(DirectoryEntry.ended_at.is_(None), DirectoryEntry.until <= before)
        .order_by(DirectoryEntry.id)
    ).all()


def reported(viewer: Viewer) -> Sequence[DirectoryContact]:
    """The contacts that were reported, those to decide first. Raises ``NotFound``."""
    if not viewer.can(GUARD):
        raise NotFound
    return db.session.scalars(
        select(DirectoryContact)
        .where(DirectoryContact.reported_at.is_not(None))
        .order_by(DirectoryContact.report_closed_at.is_not(None), DirectoryContact.reported_at)
    ).all()


def report_for_update(contact_id: str) -> DirectoryContact:
    """A reported contact, locked, that is not decided yet. Raises ``NotFound``."""
    found = db.session.scalar(
        for_update(select(DirectoryContact).where(DirectoryContact.id == contact_id))
        .where(DirectoryContact.reported_at.is_not(None))
        .where(DirectoryContact.report_closed_at.is_(None))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def over(before: datetime) -> ColumnElement[bool]:
    """Whether a contact came to nothing before a moment, and no report of it waits."""
    contact = DirectoryContact
    return and_(
        contact.state.not_in(sorted(OPEN)),
        func.coalesce(contact.ended_at, contact.answered_at) <= before,
        or_(contact.reported_at.is_(None), contact.report_closed_at.is_not(None)),
    )


def text_of(contact: DirectoryContact, column: str) -> str:
    """What was written: ``words``, ``reply`` or ``report``; empty where it was erased."""
    return _opened(contact, column, getattr(contact, column))


def _opened(contact: DirectoryContact, column: str, value: bytes | None) -> str:
    return sealed.unseal(value, f"directory_contact|{column}|{contact.id}") if value else ""


def cards(contact: DirectoryContact, person_id: str) -> tuple[ContactCard, ContactCard]:
    """What somebody shows the other of a contact, and what the other shows them."""
    sender = card_of(_opened(contact, "sender_card", contact.sender_card))
    recipient = card_of(_opened(contact, "recipient_card", contact.recipient_card))
    return (recipient, sender) if person_id == contact.recipient_id else (sender, recipient)
