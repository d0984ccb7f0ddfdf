"""Looks up which certificates of a course can be printed, and which were."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import defer, undefer

from trainings.core.db import db, those_of
from trainings.core.i18n import country_name
from trainings.courses.models import Course
from trainings.people import queries as people
from trainings.people import reading
from trainings.people.models import Person
from trainings.print_room.models import PrintRun
from trainings.print_room.rules import Position
from trainings.register.models import Certificate
from trainings.register.rules import Kind, Status
from trainings.registrations.models import Registration
from trainings.tables.models import TablePlace
from trainings.tables.queries import SEATED
from trainings.tables.rules import Place, place_at


def _can_be_had(
    course: Course, kind: Kind | None, chosen: Collection[str] | None
) -> ColumnElement[bool]:
    """Certificates that can be printed: of one kind or all kinds, the chosen ones or all."""
    return and_(
        Certificate.course_id == course.id,
        Certificate.status == Status.READY,
        Certificate.file_name.is_not(None),
        Certificate.kind == kind if kind else true(),
        true() if chosen is None else Certificate.id.in_(chosen),
    )


def printable(
    course: Course,
    kind: Kind | None = None,
    chosen: Collection[str] | None = None,
    *,
    scope: str,
    whole: bool = False,
) -> Sequence[Certificate]:
    """The certificates of a course that have a file and a known holder, by serial.

    Of one kind or all; only those with the ``chosen`` ids, or all. With ``whole``, also what was
    frozen at issue.
    """
    return db.session.scalars(
        select(Certificate)
        .where(_can_be_had(course, kind, chosen))
        .options(undefer(Certificate.content) if whole else defer(Certificate.content))
        .order_by(Certificate.serial)
        .execution_options(scope=scope)
    ).all()


def printable_ids(course: Course) -> Sequence[str]:
    """The ids of all of them, by serial: to read them some at a time."""
    return db.session.scalars(
        select(Certificate.id)
        .where(_can_be_had(course, None, None))
        .order_by(Certificate.serial)
        .execution_options(scope="job")
    ).all()


class Holding(NamedTuple):
    """A certificate, with the facts about its holder that decide its position in the tray."""

    id: str
    serial: str
    person_id: str
    country: str
    function: str
    place: Place | None  # at a table


def how_many(course: Course, kind: Kind) -> int:
    """How many certificates of a kind can be printed."""
    counting = (
        select(func.count())
        .select_from(Certificate)
        .where(_can_be_had(course, kind, None), Certificate.person_id.is_not(None))
    )
    return db.session.scalar(counting.execution_options(scope="count")) or 0


def holdings(
    course: Course,
    kind: Kind,
    chosen: Collection[str] | None = None,
    *,
    scope: str,
    page: int = 1,
    size: int | None = None,
) -> list[Holding]:
    """The same certificates, by serial, with each holder's function and place at a table.

    All, or a page of a size.
    """
    rows = db.session.execute(
        select(
            Certificate.id,
            Certificate.serial,
            Person.id,
            func.coalesce(Registration.country, Person.country, ""),
            func.coalesce(Registration.function, ""),
            TablePlace.table_no,
            TablePlace.place_no,
        )
        .join(Person, Person.id == Certificate.person_id)
        .outerjoin(Registration, Registration.id == Certificate.registration_id)
        .outerjoin(
            TablePlace,
            and_(TablePlace.registration_id == Registration.id, Registration.state.in_(SEATED)),
        )
        .where(_can_be_had(course, kind, chosen))
        .order_by(Certificate.serial)
        .limit(size)
        .offset((page - 1) * (size or 0))
        .execution_options(scope=scope)
    )
    return [Holding(*row[:5], place_at(row[5], row[6])) for row in rows]


def names(course: Course, kind: Kind) -> dict[str, str]:
    """The names of the holders by person, used only for sorting; they are not passed on."""
    found = (
        select(Person.id, Person.id.label("who"))
        .join(Certificate, Certificate.person_id == Person.id)
        .where(_can_be_had(course, kind, None))
    )
    return dict(reading.names_among(found))


def positions(rows: Iterable[Holding], names: Mapping[str, str]) -> dict[str, Position]:
    """The position of each certificate in each of the orders, by its id.

    ``names`` are the holders' names by person, in the form that lists sort by.
    """
    functions = {one.code: place for place, one in enumerate(people.functions())}
    return {
        row.id: Position(
            names.get(row.person_id, ""),
            row.serial,
            country_name(row.country) if row.country else "",
            functions.get(row.function, len(functions)),
            row.place,
        )
        for row in rows
    }


def runs(course: Course, limit: int = 20) -> Sequence[PrintRun]:
    """The latest print runs of a course already found within the viewer's scope."""
    return db.session.scalars(
        select(PrintRun)
        .where(PrintRun.course_id == course.id)
        .order_by(PrintRun.at.desc(), PrintRun.id)
        .limit(limit)
    ).all()


def printed(course: Course, runs: Iterable[PrintRun]) -> dict[str, tuple[Kind, str]]:
    """Kind and serial of the first certificate of each run, by its id, whatever its status."""
    first = [run.certificates[0] for run in runs if run.certificates]
    rows = db.session.execute(
        select(Certificate.id, Certificate.kind, Certificate.serial)
        .where(those_of(Certificate.course_id, course.id, Certificate.id, first))
        .execution_options(scope="viewer")
    )
    return {key: (kind, serial) for key, kind, serial in rows}
