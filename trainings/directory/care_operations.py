"""Keeping the directory: its list of fields, open programmes, who is kept out, reports."""

from __future__ import annotations

from sqlalchemy.orm import Session

from trainings.audit.writes import record
from trainings.core import clock, versions
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.i18n import Texts
from trainings.core.permissions import Permission, Viewer
from trainings.courses import programme_queries as programmes
from trainings.directory import contact_queries, queries, writes
from trainings.directory.models import (
    DirectoryContact,
    DirectoryExclusion,
    DirectoryOpening,
    DirectoryWord,
)
from trainings.directory.rules import (
    AlreadyKeptOut,
    Exclusion,
    FieldState,
    NobodyWithNumber,
    NothingNamed,
)
from trainings.people import queries as people


def keep_field(field_id: str, titles: Texts, by: Viewer) -> None:
    """Take a proposed field into the list, or reword one that is in it.

    Whoever proposed it is found by it at once, if they agreed to be. Raises ``NothingNamed``,
    ``NotFound``.
    """
    if not titles:
        raise NothingNamed
    with transaction() as session:
        before = queries.field(by, field_id)
        if before.proposed_by is not None:
            people.people_for_update([before.proposed_by])
        field = queries.field_for_update(by, field_id)
        versions.check()
        entry = queries.live(field.proposed_by) if field.proposed_by else None
        if entry is not None and entry.by_fields:
            session.add(DirectoryWord(word=field.id, entry_id=entry.id))
        field.state, field.titles = FieldState.ACCEPTED, titles
        field.proposed = field.proposed_by = None
        record(session, "directory.field", "directory_field", field.id, by=by.account_id)


def drop_field(field_id: str, by: Viewer) -> None:
    """Leave out a field that was proposed, or take one out of the list. Raises ``NotFound``."""
    with transaction() as session:
        field = queries.field_for_update(by, field_id)
        writes.forget_word(session, field.id)
        session.delete(field)
        record(session, "directory.field_drop", "directory_field", field.id, by=by.account_id)


def open_programme(code: str, opened: bool, by: Viewer) -> None:
    """Let alumni of other programmes find those of this one who agreed to it, or no longer.

    Raises ``NotYours`` and others, ``NotFound``.
    """
    if not by.can(Permission.PROGRAMME_EDIT):
        raise NotFound
    with transaction() as session:
        programme = programmes.programme(code, lock=True)
        programmes.check_may_edit(by, programme)
        row = session.get(DirectoryOpening, programme.id)
        if opened and row is None:
            session.add(
                DirectoryOpening(programme_id=programme.id, by=by.account_id, at=clock.now())
            )
        if not opened and row is not None:
            session.delete(row)
        record(
            session,
            "directory.open" if opened else "directory.shut",
            "programme",
            programme.id,
            by=by.account_id,
            code=programme.code,
        )


def keep_out(number: str, by: Viewer) -> None:
    """Protect whoever has a registration number: they never appear.

    Raises ``NobodyWithNumber``, ``AlreadyKeptOut``, ``NotFound``.
    """
    _check(by)
    with transaction() as session:
        person_id = queries.person_with_number(number.strip().upper())
        if person_id is None:
            raise NobodyWithNumber
        try:
            _exclude(session, person_id, Exclusion.PROTECTED, by)
        except NotFound:  # erased
            raise NobodyWithNumber from None


def _check(by: Viewer) -> None:
    if not by.can(queries.GUARD):
        raise NotFound


def _exclude(session: Session, person_id: str, kind: Exclusion, by: Viewer) -> None:
    people.person_for_update(person_id)
    if queries.exclusion(person_id) is not None:
        raise AlreadyKeptOut
    entry = queries.live(person_id, lock=True)
    if entry is not None:
        writes.end_entry(session, entry)
    writes.end_contacts(session, person_id)
    session.add(
        DirectoryExclusion(person_id=person_id, kind=kind, by=by.account_id, at=clock.now())
    )
    record(
        session,
        "directory.bar" if kind is Exclusion.BARRED else "directory.protect",
        "person",
        person_id,
        by=by.account_id,
    )


def let_in(person_id: str, by: Viewer) -> None:
    """Keep somebody out no longer; they are listed again only by their own consent."""
    _check(by)
    with transaction() as session:
        people.person_for_update(person_id)
        row = queries.exclusion(person_id)
        if row is None:
            raise NotFound
        session.delete(row)
        record(session, "directory.let_in", "person", person_id, by=by.account_id)


def close_report(contact_id: str, bar: bool, by: Viewer) -> None:
    """Decide a report: it is settled, or whoever was reported is kept out of the directory.

    Raises ``NotFound``.
    """
    _check(by)
    with transaction() as session:
        contact = session.get(DirectoryContact, contact_id)
        if contact is None or contact.reported_at is None:
            raise NotFound
        people.people_for_update([contact.sender_id, contact.recipient_id])
        contact = contact_queries.report_for_update(contact_id)
        contact.report_closed_at = clock.now()
        record(session, "directory.report_close", "directory_contact", contact.id, by=by.account_id)
        whom = writes.other(contact, contact.reported_by or "")
        if bar and queries.exclusion(whom) is None:
            _exclude(session, whom, Exclusion.BARRED, by)
