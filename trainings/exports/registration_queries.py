"""The lists of a course's candidates and participants: who is in them, and each column's value."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, func, select

from trainings.agenda import queries as agenda
from trainings.agenda.models import AgendaSession
from trainings.agenda.rules import SessionKind, shown_title
from trainings.attendance import hours_queries
from trainings.attendance.models import AttendanceMark
from trainings.attendance.queries import MARKED
from trainings.attendance.rules import Mark, Share
from trainings.core import sealed
from trainings.core.db import db, those_of
from trainings.core.i18n import _, country_name, localized
from trainings.core.permissions import Viewer
from trainings.courses.models import Course
from trainings.exports.rules import (
    OFFERS,
    USUAL,
    WITH_ANSWERS,
    AnswerColumn,
    Column,
    Heading,
    Listing,
)
from trainings.exports.table_rules import day_of, sex_word
from trainings.people import queries as people
from trainings.people.models import Person
from trainings.people.sealed_rules import Identity
from trainings.questions import answer_queries
from trainings.questions import queries as questions
from trainings.questions.answer_rules import said
from trainings.questions.rules import Asking, QuestionKind
from trainings.questions.usual_rules import Usual
from trainings.registrations import filter_queries
from trainings.registrations.listing_rules import ORDER_OF_STATES, Filters
from trainings.registrations.models import Registration
from trainings.registrations.rules import TAKES_PART, State
from trainings.spreadsheets.taking_rules import Value

C = Column
STATES: Mapping[Listing, Collection[State]] = {
    Listing.ROOMING: TAKES_PART,
    Listing.DOOR: TAKES_PART,
    Listing.RESERVE: {State.RESERVE},
    Listing.ATTENDANCE: MARKED,
}
_SEALED = {
    C.UNIT: Registration.unit,
    C.PHONE: Registration.phone,
    C.BORN: Registration.born,
    C.DOCUMENT: Registration.document,
    C.NEEDS: Registration.needs,
}


Answers = Mapping[tuple[str, str], Value]  # by registration and column


class Session(NamedTuple):
    """A session in which attendance is taken: its id, and its heading."""

    id: str
    heading: str


AskedIn = Mapping[str, tuple[Asking, list[str]]]  # by question: how it is asked, its columns


class Key(NamedTuple):
    """A registration in a list, and whose it is."""

    id: str
    person_id: str


class Around(NamedTuple):
    """What rows of a list are said with, looked up once for many of them."""

    course: Course
    functions: Mapping[str, str]
    country: Callable[[str], str]
    state: Callable[[State, int | None], str]
    asked: AskedIn = MappingProxyType({})
    sessions: Sequence[Session] = ()
    places: Mapping[str, int] = MappingProxyType({})
    # of the rows at hand
    shares: Mapping[str, Share] = MappingProxyType({})
    marks: Mapping[tuple[str, str], Mark] = MappingProxyType({})  # by registration and session
    answers: Answers = MappingProxyType({})


def _conditions(
    listing: Listing, course: Course, viewer: Viewer, filters: Filters
) -> list[ColumnElement[bool]]:
    conditions = filter_queries.conditions(viewer, OFFERS[listing].permission, course, filters)
    if listing in STATES:
        conditions.append(Registration.state.in_(sorted(STATES[listing])))
    return conditions


def _listed(
    listing: Listing, course: Course, viewer: Viewer, filters: Filters
) -> list[ColumnElement[bool]]:
    """Who is in a list: nobody who was erased, of whom there are few."""
    erased = select(Person.id).where(Person.erased_at.is_not(None))
    return [
        *_conditions(listing, course, viewer, filters),
        Registration.person_id.not_in(erased.execution_options(scope="viewer")),
    ]


def persons(listing: Listing, course: Course, viewer: Viewer, filters: Filters) -> Sequence[str]:
    """The people in a list, each once; nothing of them is opened."""
    found = select(Registration.person_id).where(*_listed(listing, course, viewer, filters))
    return db.session.scalars(found.distinct().execution_options(scope="viewer")).all()


def how_many(listing: Listing, course: Course, viewer: Viewer, filters: Filters) -> int:
    """How many people are in a list."""
    found = select(func.count(Registration.person_id.distinct())).where(
        *_listed(listing, course, viewer, filters)
    )
    return db.session.scalar(found.execution_options(scope="count")) or 0


def keys(listing: Listing, course: Course, viewer: Viewer, filters: Filters) -> list[Key]:
    """Who is in a list within the viewer's scope, in its order; nothing of them is opened."""
    state_order = case(
        {state.value: place for state, place in ORDER_OF_STATES.items()}, value=Registration.state
    )
    order: tuple[Any, ...] = (
        state_order,
        Registration.country,
        Registration.function,
        Registration.priority.is_(None),
        Registration.priority,
        Registration.number,
    )
    if listing is Listing.RESERVE:
        order = filter_queries.reserve_key_of(Registration)
    rows = db.session.execute(
        select(Registration.id, Registration.person_id)
        .where(*_listed(listing, course, viewer, filters))
        .order_by(*order)
        .execution_options(scope="viewer")
    )
    return [Key(*row) for row in rows]


def rows(course: Course, keys: Sequence[str], columns: Collection[Heading]) -> list[Any]:
    """What a list says of these registrations, which ``keys`` found, in their order.

    Nobody who was erased. Names stay sealed.
    """
    own = [one for one in columns if isinstance(one, Column)]
    secret = [_SEALED[one].label(str(one)) for one in own if one in _SEALED]
    statement = (
        select(
            Registration.id,
            Registration.person_id,
            Registration.number,
            Registration.country,
            Registration.function,
            Registration.state,
            Registration.state_at,
            Registration.priority,
            Registration.offered_until,
            func.coalesce(Registration.sex, Person.sex).label("sex"),
            *secret,
        )
        .join(Person, Person.id == Registration.person_id)
        .where(
            those_of(Registration.course_id, course.id, Registration.id, keys),
            Person.erased_at.is_(None),
        )
        .execution_options(scope="viewer")
    )
    found = {row.id: row for row in db.session.execute(statement)}
    return [found[key] for key in keys if key in found]


def around(course: Course, columns: Collection[Heading], viewer: Viewer) -> Around:
    """What all rows of a list are said with, as far as these columns need it."""
    said = cache(country_name), cache(State.with_number)  # the same words again and again
    wanted = {*columns, C.ARRIVES, C.LEAVES} if C.NIGHTS in columns else columns
    known = Around(course, people.function_names(), *said, _asked(course, viewer, wanted))
    if {C.STATE, C.PLACE} & set(columns):
        known = known._replace(places=filter_queries.places(course.id))
    if C.MARKS not in columns:
        return known
    sessions = [
        Session(one.id, f"{one.day:%d/%m} {one.starts_at:%H:%M} {_title(one)}")
        for one in agenda.sessions_of(course.id)
        if one.kind is not SessionKind.BREAK
    ]
    return known._replace(sessions=sessions)


def beside(known: Around, columns: Collection[Heading], rows: Collection[Any]) -> Around:
    """The same, with what is known of each of these rows."""
    ids = [row.id for row in rows]
    return known._replace(
        shares=hours_queries.shares(known.course.id, ids) if C.HOURS in columns else {},
        marks=_marks(known.course.id, ids) if C.MARKS in columns else {},
        answers=_answers(known.asked, ids),
    )


def answer_columns(viewer: Viewer, course: Course, listing: Listing) -> tuple[AnswerColumn, ...]:
    """The questions whose answers the viewer may have in a list; of files, whether they are there.

    Rooms and flights has columns of its own for the usual questions.
    """
    if listing not in WITH_ANSWERS:
        return ()
    return tuple(
        AnswerColumn(one.id, localized(one.titles), document=one.usual is Usual.PASSPORT)
        for one in questions.seen(viewer, questions.READ, course)
        if listing is not Listing.ROOMING or one.usual is None
    )


def _asked(course: Course, viewer: Viewer, columns: Collection[Heading]) -> AskedIn:
    """The questions behind these columns whose answers the viewer may have."""
    usual = {USUAL[one]: str(one) for one in columns if isinstance(one, Column) and one in USUAL}
    own = {one.question_id: str(one) for one in columns if isinstance(one, AnswerColumn)}
    if not usual and not own:
        return {}
    wanted = {}
    for one in questions.seen(viewer, questions.READ, course):
        found = [usual[one.usual]] if one.usual in usual else []
        found += [own[one.id]] if one.id in own else []
        if found:
            wanted[one.id] = (one.asking, found)
    return wanted


def _answers(asked: AskedIn, ids: Collection[str]) -> Answers:
    """The answers of these registrations, in one statement for all."""
    return {
        (row.registration_id, column): _value(asking, answer_queries.value_of(row))
        for row in (questions.answers_to(asked, ids) if asked else ())
        for asking, columns in (asked[row.question_id],)
        for column in columns
    }


def _value(asking: Asking, value: Any) -> Value:
    """An answer as a cell: days and numbers stay what they are; a file stays where it is."""
    if asking.kind is QuestionKind.FILE:
        return _("File sent")
    if asking.kind is QuestionKind.DATE:
        return date.fromisoformat(value)
    if asking.kind is QuestionKind.NUMBER:
        return int(value)
    return said(asking, value)


def _nights(found: Answers, registration_id: str) -> Value:
    """How many nights somebody stays, where they said when they arrive and leave."""
    arrives = found.get((registration_id, "arrives"))
    leaves = found.get((registration_id, "leaves"))
    if not isinstance(arrives, date) or not isinstance(leaves, date):
        return None
    return max(0, (leaves - arrives).days)


def _title(one: AgendaSession) -> str:
    return shown_title(one.titles, one.module.titles if one.module else None, one.kind)


def _marks(course_id: str, ids: Collection[str]) -> dict[tuple[str, str], Mark]:
    found = db.session.execute(
        select(AttendanceMark.registration_id, AttendanceMark.session_id, AttendanceMark.mark)
        .join(AgendaSession, AgendaSession.id == AttendanceMark.session_id)
        .where(AgendaSession.course_id == course_id, AttendanceMark.registration_id.in_(list(ids)))
    )
    return {(registration, session): mark for registration, session, mark in found}


def values(row: Any, who: Identity, columns: Sequence[Heading], known: Around) -> list[Value]:
    """One row of a list, in the reader's language."""
    said: list[Value] = []
    for column in columns:
        if isinstance(column, AnswerColumn) or column in USUAL:
            said.append(known.answers.get((row.id, str(column))))  # if not asked: by hand
        elif column is C.MARKS:
            said += [_mark(known.marks.get((row.id, one.id))) for one in known.sessions]
        elif column in _VALUES:
            said.append(_VALUES[column](row, who, known))
        elif column in _SEALED:
            said.append(_opened(row, column))
        else:
            said.append(None)  # to be filled in by hand
    return said


def _mark(mark: Mark | None) -> str:
    return str(mark.label) if mark else ""


def _opened(row: Any, column: Column) -> Value:
    """A detail as it was given for this registration."""
    value = getattr(row, str(column))
    text = sealed.unseal(value, f"registration|{column}|{row.id}") if value else ""
    return day_of(text) if column is C.BORN and text else text


def _share(row: Any, _who: Identity, known: Around) -> Value:
    share = known.shares.get(row.id)
    return share.percent if share else None


def _day(moment: Any, known: Around) -> Value:
    return moment.astimezone(ZoneInfo(known.course.zone)).date() if moment else None


_VALUES: Mapping[Column, Callable[[Any, Identity, Around], Value]] = {
    C.NUMBER: lambda row, who, known: row.number,
    C.NAME: lambda row, who, known: who.sorting,
    C.FAMILY_NAME: lambda row, who, known: who.family_name,
    C.GIVEN_NAME: lambda row, who, known: who.given_name,
    C.MAIL: lambda row, who, known: who.mail,
    C.COUNTRY: lambda row, who, known: known.country(row.country),
    C.FUNCTION: lambda row, who, known: known.functions.get(row.function, row.function),
    C.SEX: lambda row, who, known: sex_word(row.sex),
    C.STATE: lambda row, who, known: known.state(row.state, known.places.get(row.id)),
    C.SINCE: lambda row, who, known: _day(row.state_at, known),
    C.PLACE: lambda row, who, known: known.places.get(row.id),
    C.PRIORITY: lambda row, who, known: row.priority,
    C.OFFERED_UNTIL: lambda row, who, known: _day(row.offered_until, known),
    C.HOURS: _share,
    C.NIGHTS: lambda row, who, known: _nights(known.answers, row.id),
    C.FIRST_DAY: lambda row, who, known: known.course.starts_on,
    C.LAST_DAY: lambda row, who, known: known.course.ends_on,
}
