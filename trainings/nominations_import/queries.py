"""Looks up what rows of a list mean here: whom the course invites, who is known, what waits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import NamedTuple

from msgspec.structs import replace
from sqlalchemy import func, select

from trainings.accounts import queries as accounts
from trainings.core import sealed
from trainings.core.db import db, for_update
from trainings.core.errors import NotFound
from trainings.core.i18n import country_name, language_in
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.nominations_import import ask_rules as asks
from trainings.nominations_import.ask_rules import Asked, RowAsks
from trainings.nominations_import.models import ColumnLayout, WaitingRow
from trainings.nominations_import.reading_rules import Call, Row
from trainings.nominations_import.waiting_rules import Waiting
from trainings.people import queries as people
from trainings.people import reading
from trainings.people.queries import mail_index, name_index
from trainings.people.sealed_rules import Identity
from trainings.registrations import locked_queries
from trainings.registrations import queries as registrations
from trainings.registrations.candidate_rules import Candidate
from trainings.registrations.matching_rules import Seen, born_alike, matches, named_alike
from trainings.registrations.models import Registration
from trainings.registrations.rules import LIVE

IMPORT = Permission.REGISTRATION_IMPORT


def call_of(course: Course) -> Call:
    """Whom a course invites, with the names of its functions in all languages."""
    functions = {
        one.code: tuple(one.names.values())
        for one in people.functions()
        if one.code in course.functions
    }
    language = next(iter(course.languages), "en")
    spoken = {code: language_in(code, language) for code in course.countries}
    return Call(functions, course.countries, course.starts_on, language, spoken)


def organises(viewer: Viewer, course: Course) -> bool:
    """Whether the viewer nominates for a course as its organiser: candidates of any country."""
    return courses.may(viewer, Permission.REGISTRATION_SELECT, course)


def reach(viewer: Viewer, course: Course) -> dict[str, frozenset[str]]:
    """The countries whose candidates the viewer may nominate for a course, with the functions."""
    every = frozenset(course.functions)
    if organises(viewer, course):
        return dict.fromkeys(course.countries, every)
    found: dict[str, frozenset[str]] = {}
    for grant in viewer.grants_with(Permission.REGISTRATION_NOMINATE):
        if grant.country in course.countries:
            own = every & grant.functions if grant.functions else every
            found[grant.country] = found.get(grant.country, frozenset()) | own
    return found


# Who is known already


class RowStanding(Enum):
    """How a row of the list stands to those whom the viewer may see."""

    NEW = auto()
    KNOWN = auto()  # registered for this course
    ASK = auto()


class Compared(NamedTuple):
    """A row compared with those known: who it is, or who it may be, and why that is asked."""

    standing: RowStanding
    person_id: str = ""  # known from elsewhere, with the same address and name
    other: Registration | None = None
    why: type[RowAsks] | None = None


def compared(viewer: Viewer, course_id: str, rows: Mapping[str, Candidate]) -> dict[str, Compared]:
    """Each candidate compared with the people whom the viewer may see; all others are as new.

    The same address and name and country, or the same name and birth date, are the same person;
    the same address with another name, or the same name in the same country, may be. It takes a
    few statements, however many rows there are.
    """
    mails = {label: mail_index(one.mail) or "" for label, one in rows.items()}
    names = {label: name_index(one.given_name, one.family_name) for label, one in rows.items()}
    wanted = {index for index in mails.values() if index}
    found = locked_queries.reached_by_any(viewer, IMPORT, wanted, set(names.values()))
    persons = {one.person_id for one in found}
    staff = accounts.working(persons) if persons else set()
    known = reading.opened(persons) if persons else {}
    live = locked_queries.standing_on(course_id, persons) if persons else set()
    by_mail: dict[str, list[Registration]] = {}
    by_name: dict[str, list[Registration]] = {}
    for one in found:
        if one.person_id not in staff:
            by_mail.setdefault(one.person.mail_index or "", []).append(one)
        by_name.setdefault(one.person.name_index or "", []).append(one)

    def seen(one: Registration, candidate: Candidate) -> Seen:
        born = registrations.born(one) if candidate.born else ""
        return Seen(one.number, one.person_id, one.country, known[one.person_id].name, born)

    def standing(label: str, candidate: Candidate) -> Compared:
        mailed = by_mail.get(mails[label], []) if mails[label] else []
        named = by_name.get(names[label], [])
        whole = {one.number: one for one in (*mailed, *named)}
        shared = [seen(one, candidate) for one in mailed]
        alike = [seen(one, candidate) for one in named]
        meant = [one for one in shared if named_alike(one, candidate)]
        meant += [one for one in alike if born_alike(one, candidate)]
        here = [whole[one.number] for one in meant if whole[one.number].course_id == course_id]
        if there := next((one for one in here if one.state in LIVE), None):
            if candidate.function in ("", there.function):
                return Compared(RowStanding.KNOWN, there.person_id, there)
            return Compared(RowStanding.ASK, "", there, asks.FunctionOtherwise)
        if here:
            return Compared(RowStanding.ASK, "", here[-1], asks.EndedBefore)
        match = matches(candidate, shared, alike)
        if match.same:
            free = [one.person_id for one in match.same if one.person_id not in live]
            return Compared(RowStanding.NEW, free[0] if free else "")
        for found, why in (
            (match.address, asks.AddressOfAnother),
            (match.name, asks.NameOfAnother),
        ):
            if found:
                return Compared(RowStanding.ASK, "", whole[found[0].number], why)
        return Compared(RowStanding.NEW)

    return {label: standing(label, candidate) for label, candidate in rows.items()}


def with_questions(
    viewer: Viewer, course: Course, rows: Sequence[Row]
) -> tuple[list[Row], dict[str, Registration]]:
    """The rows with what is to be asked because of whom the viewer may see; who is there already.

    Who is registered already is no question, whatever else the row leaves open. Whose name is shown
    is logged.
    """
    own = reach(viewer, course)
    mine = [_within_reach(row, own) for row in rows]
    there = compared(viewer, course.id, {row.label: row.candidate for row in mine if _names(row)})
    known = {
        label: one.other
        for label, one in there.items()
        if one.standing is RowStanding.KNOWN and one.other
    }
    found = [replace(row, asked=()) if row.label in known else row for row in mine]
    asking = {row.label: there[row.label] for row in found if not row.asked and row.label in there}
    named = [
        one.other.person_id
        for one in asking.values()
        if one.other and one.why in (asks.AddressOfAnother, asks.NameOfAnother)
    ]
    shown = reading.open(named, by=viewer.account_id, purpose="list of nominations")
    return [_with_question(row, asking.get(row.label), shown) for row in found], known


def _names(row: Row) -> bool:
    """Whether a row names somebody, as far as it is understood."""
    one = row.candidate
    return not row.asked or bool(one.mail and (one.given_name or one.family_name))


def _within_reach(row: Row, own: Mapping[str, frozenset[str]]) -> Row:
    one = row.candidate
    if row.asked or one.function in own.get(one.country, ()):
        return row
    said = country_name(one.country)
    return row.asking(Asked("country", "", said, asks.CountryNotYours()))


def _with_question(row: Row, there: Compared | None, shown: Mapping[str, Identity]) -> Row:
    if there is None or there.why is None or there.other is None:
        return row
    other = there.other
    values = {"number": other.number}
    if there.why is asks.EndedBefore:
        values["state"] = str(other.state.label)
    elif other.person_id in shown:
        values["name"] = shown[other.person_id].name
    field = _FIELDS.get(there.why, "family_name")
    return row.asking(Asked(field, "", "", there.why(**values)))


_FIELDS: Mapping[type[RowAsks], str] = {
    asks.AddressOfAnother: "mail",
    asks.FunctionOtherwise: "function",
}


# What waits, and what was said before


def layout_index(layout: str) -> str:
    """What finds the columns of a layout again; does not reveal their names."""
    return sealed.blind_index("nomination_layout", layout)


def remembered(account_id: str | None, layout: str) -> list[str]:
    """What an account said the columns of a layout hold; nothing where it never said."""
    if not layout:
        return []
    found = db.session.scalar(
        select(ColumnLayout).where(
            ColumnLayout.account_id == account_id, ColumnLayout.layout == layout_index(layout)
        )
    )
    return list(found.columns) if found is not None else []


def waiting(account_id: str | None, course_id: str) -> list[tuple[str, Waiting]]:
    """The rows of a course that an account has to finish, with their ids, in the lists' order."""
    rows = db.session.scalars(
        select(WaitingRow)
        .where(
            WaitingRow.account_id == account_id,
            WaitingRow.course_id == course_id,
            WaitingRow.content.is_not(None),
        )
        .order_by(WaitingRow.kept_at, WaitingRow.place, WaitingRow.id)
    )
    return [(one.id, _opened(one)) for one in rows]


def waiting_number(account_id: str | None, course_id: str) -> int:
    """How many rows of a course an account has to finish; none is opened."""
    statement = select(func.count()).where(
        WaitingRow.account_id == account_id,
        WaitingRow.course_id == course_id,
        WaitingRow.content.is_not(None),
    )
    return db.session.scalar(statement) or 0


def waiting_row(account_id: str | None, course_id: str, row_id: str) -> Waiting:
    """One row that waits for an account. Raises ``NotFound``."""
    return _opened(row_for_update(account_id, course_id, row_id, locked=False))


def row_for_update(
    account_id: str | None, course_id: str, row_id: str, *, locked: bool = True
) -> WaitingRow:
    """The kept row, locked. Raises ``NotFound`` where it is another's, finished or deleted."""
    statement = select(WaitingRow).where(
        WaitingRow.id == row_id,
        WaitingRow.account_id == account_id,
        WaitingRow.course_id == course_id,
        WaitingRow.content.is_not(None),
    )
    found = db.session.scalar(for_update(statement) if locked else statement)
    if found is None:
        raise NotFound
    return found


def kept_digests(account_id: str | None, course_id: str) -> set[str]:
    """Which rows an account has kept for a course, finished ones among them."""
    return set(
        db.session.scalars(
            select(WaitingRow.digest).where(
                WaitingRow.account_id == account_id, WaitingRow.course_id == course_id
            )
        )
    )


def content_place(row_id: str) -> str:
    """Where the content of a row belongs: it opens for this row alone."""
    return f"nomination_row|content|{row_id}"


def _opened(row: WaitingRow) -> Waiting:
    content = sealed.unseal(row.content or b"", content_place(row.id))
    return Waiting.of(json.loads(content), row.kept_at)
