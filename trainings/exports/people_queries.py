"""The lists in which people are named: who is in one, and the whole of it with names opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from sqlalchemy import select

from trainings.agenda import queries as agenda
from trainings.core.db import db
from trainings.core.i18n import country_name, language_name, listed, localized
from trainings.core.names import folded
from trainings.core.paging import portions
from trainings.core.permissions import Viewer
from trainings.courses.models import Course
from trainings.exports import registration_queries
from trainings.exports.request_rules import MOST
from trainings.exports.rules import OFFERS, Column, Heading, Listing
from trainings.exports.table_rules import Table, headings
from trainings.mail.models import OutboxMail
from trainings.mail.text_rules import mail_event
from trainings.people import queries as people
from trainings.people import reading
from trainings.people.models import Person
from trainings.people.sealed_rules import Identity
from trainings.questions import answer_queries as answers
from trainings.register.models import Certificate
from trainings.registrations import listing_queries
from trainings.registrations.listing_rules import Filters
from trainings.rosters import queries as rosters
from trainings.rosters.models import CourseTrainer
from trainings.spreadsheets.taking_rules import Value

C = Column
NARROWED = ("state", "country", "function", "problem", "seats", "answer")  # names in an address
SEARCHED = "text"  # what was searched for, beside them
PORTION = 500  # people whose names are opened at once for a file
BY_NAME = frozenset(
    {Listing.ROOMING, Listing.DOOR, Listing.ATTENDANCE, Listing.TRAINERS, Listing.CERTIFICATES}
)


def persons(
    listing: Listing, course: Course, viewer: Viewer, filters: Mapping[str, str]
) -> set[str]:
    """The people in a list of a course found within the viewer's scope.

    No name is opened, save where a word was searched for, which is compared with them.
    """
    if listing in _VALUES:
        return {row.person_id for row in _rows(listing, course)}
    narrowed = _narrowed(listing, course, viewer, filters)
    return set(registration_queries.persons(listing, course, viewer, narrowed))


def how_many(listing: Listing, course: Course, viewer: Viewer, filters: Mapping[str, str]) -> int:
    """How many people are in a list, of whom none is opened unless a word was searched for."""
    if listing in _VALUES:
        return len(persons(listing, course, viewer, filters))
    narrowed = _narrowed(listing, course, viewer, filters)
    return registration_queries.how_many(listing, course, viewer, narrowed)


def table(
    listing: Listing,
    course: Course,
    viewer: Viewer,
    columns: Sequence[Heading],
    filters: Mapping[str, str],
) -> tuple[Table, list[str]]:
    """A list with its names, and the people in it, of a course within the viewer's scope.

    The names are opened as its rows are asked for, some hundreds at a time. Nothing of it may
    leave the house before the read of these people is logged.
    """
    narrowed = _narrowed(listing, course, viewer, filters)
    if listing in _VALUES:
        rows: Sequence[Any] = _rows(listing, course)
    else:
        rows = registration_queries.keys(listing, course, viewer, narrowed)
    ids = sorted({row.person_id for row in rows})
    if listing in BY_NAME:
        rows = _by_name(rows, ids)
    if listing in _VALUES:
        lines = _said_lines(listing, course, columns, rows)
        return Table(headings(columns), lines, len(rows)), ids
    around = registration_queries.around(course, columns, viewer)
    lines = _opened_lines(course, columns, rows, around)
    head = headings(columns, [one.heading for one in around.sessions])
    return Table(head, lines, len(rows)), ids


def _by_name(rows: Sequence[Any], ids: Sequence[str]) -> list[Any]:
    """Rows in order of name, for which all names are opened, some hundreds at a time."""
    order: dict[str, str] = {}
    for part in portions(ids, PORTION):
        found = select(Person.id, Person.id.label("who")).where(Person.id.in_(part))
        order |= {key: folded(name) for key, name in reading.names_among(found)}
    return sorted(rows, key=lambda row: (order[row.person_id], row.id))


def _said_lines(
    listing: Listing, course: Course, columns: Sequence[Heading], rows: Sequence[Any]
) -> Iterator[list[Value]]:
    said, known = _VALUES[listing], _around(listing, course, columns)
    own = [one for one in columns if isinstance(one, Column)]
    for part in portions(rows, PORTION):
        names = reading.opened({row.person_id for row in part})
        for row in part:
            yield [said[one](row, names[row.person_id], known) for one in own]


def _opened_lines(
    course: Course,
    columns: Sequence[Heading],
    found: Sequence[registration_queries.Key],
    around: registration_queries.Around,
) -> Iterator[list[Value]]:
    mails = C.MAIL in columns
    for part in portions(found, PORTION):
        rows = registration_queries.rows(course, [one.id for one in part], columns)
        names = reading.opened_for_file([row.person_id for row in rows], mails=mails)
        known = registration_queries.beside(around, columns, rows)
        for row in rows:
            yield registration_queries.values(row, names[row.person_id], columns, known)


def _rows(listing: Listing, course: Course) -> Sequence[Any]:
    """The rows of a list that is none of registrations."""
    if listing is Listing.TRAINERS:
        return _trainers(course)
    if listing is Listing.CERTIFICATES:
        return _certificates(course)
    return _mails(course)


def _narrowed(
    listing: Listing, course: Course, viewer: Viewer, filters: Mapping[str, str]
) -> Filters:
    """The filters of the list on screen, with whom the words that were typed find."""
    found = replace(answers.filters_of(viewer, course, filters), text=filters.get(SEARCHED, ""))
    if found.words is None:
        return found
    named = listing_queries.found_by_words(viewer, OFFERS[listing].permission, course, found)
    return replace(found, only=frozenset(named))


def _trainers(course: Course) -> list[_TrainerRow]:
    asked = rosters.course_trainers(course.id)
    known = select(Person.id).where(
        Person.id.in_([one.trainer.person_id for one in asked]), Person.erased_at.is_(None)
    )
    there = set(db.session.scalars(known.execution_options(scope="viewer")))
    return [
        _TrainerRow(one.id, one.trainer.person_id, one)
        for one in asked
        if one.trainer.person_id in there
    ]


def _certificates(course: Course) -> Sequence[Any]:
    """The certificates of a course that name somebody; the newest first among those of one kind."""
    return db.session.execute(
        select(
            Certificate.id,
            Certificate.person_id,
            Certificate.kind,
            Certificate.serial,
            Certificate.status,
            Certificate.issued_at,
            Person.country,
            Person.function,
        )
        .join(Person, Person.id == Certificate.person_id)
        .where(Certificate.course_id == course.id, Person.erased_at.is_(None))
        .order_by(Certificate.issued_at, Certificate.id)
        .execution_options(scope="viewer")
    ).all()


def _mails(course: Course) -> Sequence[Any]:
    """The emails of a course to people whom we know, newest first; their texts stay sealed."""
    return db.session.execute(
        select(
            OutboxMail.id,
            OutboxMail.person_id,
            OutboxMail.event,
            OutboxMail.state,
            OutboxMail.created_at,
            OutboxMail.sent_at,
        )
        .join(Person, Person.id == OutboxMail.person_id)
        .where(OutboxMail.course_id == course.id, Person.erased_at.is_(None))
        .order_by(OutboxMail.created_at.desc(), OutboxMail.id)
        .limit(MOST + 1)
        .execution_options(scope="viewer")
    ).all()


class _TrainerRow(NamedTuple):
    id: str
    person_id: str
    asked: CourseTrainer


class _Said(NamedTuple):
    """What the rows of a list are said with."""

    course: Course
    functions: Mapping[str, str]
    sessions: Mapping[str, int]


def _around(listing: Listing, course: Course, columns: Sequence[Heading]) -> _Said:
    sessions: Mapping[str, int] = {}
    if listing is Listing.TRAINERS and C.SESSIONS in columns:
        sessions = agenda.sessions_by_trainer(course.id)
    return _Said(course, people.function_names(), sessions)


def _day(moment: datetime | None, known: _Said) -> Value:
    return moment.astimezone(ZoneInfo(known.course.zone)).date() if moment else None


def _station(row: _TrainerRow) -> str:
    trainer = row.asked.trainer
    country = country_name(trainer.station_country) if trainer.station_country else ""
    return ", ".join(filter(None, (trainer.station_city, country)))


_Values = Mapping[Column, Callable[[Any, Identity, _Said], Value]]
_NAMES: _Values = {
    C.NAME: lambda row, who, known: who.sorting,
    C.FAMILY_NAME: lambda row, who, known: who.family_name,
    C.GIVEN_NAME: lambda row, who, known: who.given_name,
    C.MAIL: lambda row, who, known: who.mail,
}
_VALUES: Mapping[Listing, _Values] = {
    Listing.TRAINERS: {
        **_NAMES,
        C.AGENCY: lambda row, who, known: localized(row.asked.trainer.agency.short_names),
        C.STATION: lambda row, who, known: _station(row),
        C.LANGUAGES: lambda row, who, known: listed(
            [language_name(one) for one in row.asked.trainer.languages]
        ),
        C.STATE: lambda row, who, known: str(row.asked.state.label),
        C.SESSIONS: lambda row, who, known: known.sessions.get(row.id, 0),
    },
    Listing.CERTIFICATES: {
        **_NAMES,
        C.COUNTRY: lambda row, who, known: country_name(row.country) if row.country else "",
        C.FUNCTION: lambda row, who, known: known.functions.get(row.function, row.function or ""),
        C.KIND: lambda row, who, known: str(row.kind.label),
        C.SERIAL: lambda row, who, known: row.serial,
        C.STATE: lambda row, who, known: str(row.status.label),
        C.SINCE: lambda row, who, known: _day(row.issued_at, known),
    },
    Listing.MAILS: {
        **_NAMES,
        C.EVENT: lambda row, who, known: mail_event(row.event),
        C.WRITTEN: lambda row, who, known: _day(row.created_at, known),
        C.STATE: lambda row, who, known: str(row.state.label),
        C.SENT: lambda row, who, known: _day(row.sent_at, known),
    },
}
