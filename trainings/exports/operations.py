"""Takes lists out: whole ones at once, lists with names by request, approval and file."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence

from sqlalchemy import delete

from trainings.audit.writes import record
from trainings.core import clock, files, sealed
from trainings.core.db import new_key, transaction
from trainings.core.errors import NotFound
from trainings.core.i18n import _
from trainings.core.permissions import Viewer
from trainings.courses import queries as courses
from trainings.courses.writes import tell_staff
from trainings.exports import (
    age,
    document,
    open_queries,
    people_queries,
    queries,
    registration_queries,
)
from trainings.exports.document import File, Taking
from trainings.exports.models import ExportRequest
from trainings.exports.queries import Words
from trainings.exports.request_rules import (
    KEPT,
    LINK,
    WAITS,
    Asked,
    ListChanged,
    NotMade,
    RequestState,
    check_decision,
    check_making,
    check_number,
    check_people,
    checked,
    needs_second,
)
from trainings.exports.rules import OFFERS, FileKind, Listing, in_order
from trainings.exports.writes import forget_file
from trainings.people import reading
from trainings.registrations.writes import ALPHABET
from trainings.spreadsheets import workbook
from trainings.web.responses import external_path


def take(course_id: str, listing: Listing, kind: FileKind, by: Viewer) -> File:
    """A list in which nobody is named, as a file; recorded.

    Raises ``NobodyInIt``, ``NoResultsYet``, ``NotFound``.
    """
    offer = OFFERS[listing]
    if offer.names:
        raise NotFound
    course = courses.course_by_id(by, offer.permission, course_id)
    table = open_queries.table(listing, course, by)
    taking = Taking(reading.own_name(by), clock.now())
    file = document.draw(course, listing, table, kind, taking)
    with transaction() as session:
        courses.course_by_id(by, offer.permission, course_id)
        record(
            session,
            "list.take",
            "course",
            course_id,
            by=by.account_id,
            course_id=course_id,
            listing=str(listing),
            kind=str(kind),
            rows=table.number,
        )
    return file


def ask(course_id: str, listing: Listing, asked: Asked, by: Viewer) -> str:
    """Ask for a list with names; returns the number of the request.

    Raises what is missing, ``NobodyInIt``, ``TooManyRows``, ``NotFound``.
    """
    offer = OFFERS[listing]
    if not offer.names:
        raise NotFound
    asked = checked(asked)
    with transaction() as session:
        course = courses.course_locked(by, offer.permission, course_id)
        persons = people_queries.persons(listing, course, by, asked.filters)
        check_number(len(persons))
        can = registration_queries.answer_columns(by, course, listing)
        columns = in_order(listing, asked.columns, can)
        now, key = clock.now(), new_key()
        lately = queries.lately(by, course_id, now - LINK)
        second = needs_second(len(persons | lately), columns)
        row = ExportRequest(
            id=key,
            number=_new_number(),
            course_id=course_id,
            listing=listing,
            kind=asked.kind,
            purpose=asked.purpose,
            columns=[str(one) for one in columns],
            people=len(persons),
            plain=asked.plain,
            second=second,
            by=by.account_id or "",
            asked_at=now,
            ends_at=now + (WAITS if second else LINK),
            persons=sorted(persons),
        )
        row.words = queries.sealed_words(
            key, Words(asked.words, asked.reason, asked.receiver, asked.plain_reason)
        )
        row.filters = queries.sealed_filters(key, dict(asked.filters))
        session.add(row)
        record(
            session,
            "list.ask",
            "export_request",
            key,
            by=by.account_id,
            course_id=course_id,
            number=row.number,
            listing=str(listing),
            purpose=str(asked.purpose),
            columns=row.columns,
            people=row.people,
            plain=asked.plain,
        )
        if second:
            tell_staff(
                session,
                course,
                "list_asked",
                courses.staff_with(queries.APPROVE, course) - {by.account_id},
                how_many=row.people,
                page=external_path(f"/courses/{course.code}/lists/requests/{row.number}"),
            )
        return row.number


def _new_number() -> str:
    while True:
        number = "L-" + "".join(secrets.choice(ALPHABET) for _place in range(6))
        if not queries.is_taken(number):
            return number


def decide(number: str, approve: bool, by: Viewer, *, officer: bool = False) -> None:
    """Approve or refuse a request of somebody else: an organiser of the course, or the officer.

    Raises ``OwnRequest``, ``NotWaiting``, ``NotFound``.
    """
    with transaction() as session:
        course_id = queries.course_of(number)
        if officer:
            courses.course_for_update(course_id)
            if not by.can(queries.OFFICER):
                raise NotFound
        else:
            courses.course_locked(by, queries.APPROVE, course_id)
        row = queries.for_update_with(session, number)
        check_decision(row.state, row.by, by.account_id)
        now = clock.now()
        row.approved, row.decided_by, row.decided_at = approve, by.account_id, now
        row.ends_at = now + LINK if approve else now
        record(
            session,
            "list.approve" if approve else "list.refuse",
            "export_request",
            row.id,
            by=by.account_id,
            course_id=course_id,
            number=number,
        )


def make(course_id: str, number: str, by: Viewer) -> str | None:
    """Make the file of an approved request; returns the passphrase, which is kept nowhere.

    None where a plain file was asked for. Making it again replaces the file. Raises
    ``NotApproved``, ``RequestEnded``, ``MoreThanAsked``, ``OthersThanAsked``, ``NobodyInIt``,
    ``NotFound``.
    """
    row = queries.own_request(by, course_id, number)
    course = courses.course_by_id(by, OFFERS[row.listing].permission, course_id)
    filters = queries.filters_of(row)
    people = people_queries.persons(row.listing, course, by, filters)
    _check_people(row, people, by)
    can = registration_queries.answer_columns(by, course, row.listing)
    columns = in_order(row.listing, row.columns, can)
    table, persons = people_queries.table(row.listing, course, by, columns, filters)
    file = document.draw(course, row.listing, table, row.kind, _taking(row, by))
    passphrase = None if row.plain else age.new_passphrase()
    content = file.content if passphrase is None else age.locked(file.content, passphrase)
    key = os.urandom(32)
    with files.stored(content, key) as name, transaction() as session:
        courses.course_locked(by, OFFERS[row.listing].permission, course_id)
        row = queries.for_update_with(session, number)
        _check_people(row, set(persons), by)
        if row.file_name is not None:
            files.remove_with(session, row.file_name)
        row.file_name, row.persons = name, persons
        row.data_key = sealed.seal_bytes(key, queries.place(row.id, "data_key"))
        record(
            session,
            "list.make",
            "export_request",
            row.id,
            by=by.account_id,
            course_id=course_id,
            number=number,
            people=len(persons),
        )
    return passphrase


def _check_people(row: ExportRequest, persons: set[str], by: Viewer) -> None:
    """Check that a file with these people may be made now; raises what ``make`` raises."""
    check_making(row.state, len(persons), row.people)
    since = clock.now() - LINK
    lately = set() if row.second else queries.lately(by, row.course_id, since)
    made = set(row.persons) if row.file_name is not None else None
    check_people(persons, lately, made, approved=row.second)


def _taking(row: ExportRequest, by: Viewer) -> Taking:
    words = queries.words_of(row)
    columns = ", ".join(str(one.label) for one in queries.columns_of([row])[row.number])
    more: Sequence[tuple[str, str]] = (
        (_("Request"), row.number),
        (_("Columns"), columns),
        *([(_("Why these columns"), words.reason)] if words.reason else []),
        *([(_("Receiver"), words.receiver)] if words.receiver else []),
    )
    purpose = f"{row.purpose.label} · {words.words}"
    return Taking(reading.own_name(by), clock.now(), purpose, row.number, more)


def fetch(course_id: str, number: str, by: Viewer) -> File:
    """The file of one's own request; everybody in it is in the read log before it leaves.

    Raises ``RequestEnded``, ``NotApproved``, ``NotMade``, ``ListChanged``, ``NotFound``.
    """
    row = queries.own_request(by, course_id, number)
    course = courses.course_by_id(by, OFFERS[row.listing].permission, course_id)
    check_making(row.state, row.people, row.people)
    if row.state is not RequestState.MADE:
        raise NotMade
    there = people_queries.persons(row.listing, course, by, queries.filters_of(row))
    if not there.issuperset(row.persons):
        raise ListChanged
    content = files.content_of(row.file_name, row.data_key, queries.place(row.id, "data_key"))
    if not content:
        raise NotMade
    reading.log(row.persons, by=by.account_id, purpose=queries.purpose_of(row.listing))
    ending = "xlsx" if row.kind is FileKind.XLSX else "zip"
    name = f"{row.listing}-{course.code}-{row.number}.{ending}"
    if not row.plain:
        return File(content, name + age.SUFFIX, "application/octet-stream")
    return File(content, name, workbook.XLSX if row.kind is FileKind.XLSX else workbook.ZIP)


def clear() -> None:
    """Remove the files of requests that have ended, and requests of more than a year ago."""
    now = clock.now()
    with transaction() as session:
        for row in queries.ended(session, now):
            forget_file(session, row)
            row.filters = None
        session.execute(
            delete(ExportRequest).where(
                ExportRequest.asked_at <= now - KEPT,
                ExportRequest.ends_at <= now,
                ExportRequest.file_name.is_(None),
            )
        )
