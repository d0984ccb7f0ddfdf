"""Looks up what of a course can be printed, and what was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import and_, func, select, true
from sqlalchemy.orm import defer

from trainings.certificates.models import Certificate, PrintRun
from trainings.certificates.print_rules import Standing
from trainings.certificates.rules import Kind, Status
from trainings.core.db import db
from trainings.core.i18n import country_name
from trainings.courses.models import Course
from trainings.people import queries as people
from trainings.people.models import Person
from trainings.registrations.models import Registration
from trainings.seating.models import TablePlace
from trainings.seating.queries import SEATED
from trainings.seating.rules import Place, place_at


def printable(course: Course, kind: Kind | None = None, *, scope: str) -> Sequence[Certificate]:
    """The certificates of a course that can be had and whose holders are known, by serial.

    Of one kind, or of all.
    """
    return db.session.scalars(
        select(Certificate)
        .where(
            Certificate.course_id == course.id,
            Certificate.status == Status.READY,
            Certificate.file_name.is_not(None),
            Certificate.kind == kind if kind else true(),
        )
        .options(defer(Certificate.content))
        .order_by(Certificate.serial)
        .execution_options(scope=scope)
    ).all()


class Holder(NamedTuple):
    """What of a holder decides where the certificate lies: country, function, place at a table."""

    country: str = ""
    function: str = ""
    place: Place | None = None


def holders(course: Course, *, scope: str) -> dict[str, Holder]:
    """As whom each holder came to a course, and where they sit, by certificate."""
    rows = db.session.execute(
        select(
            Certificate.id,
            func.coalesce(Registration.country, Person.country, ""),
            func.coalesce(Registration.function, ""),
            TablePlace.table_no,
            TablePlace.place_no,
        )
        .join(Person, Person.id == Certificate.person_id)
        .outerjoin(Registration, Registration.id == Certificate.registration_id)
        .outerjoin(
            TablePlace,
            and_(
                TablePlace.registration_id == Registration.id,
                Registration.state.in_(SEATED),
            ),
        )
        .where(Certificate.course_id == course.id)
        .execution_options(scope=scope)
    )
    return {
        key: Holder(country, function, place_at(table, place))
        for key, country, function, table, place in rows
    }


def standings(
    course: Course, rows: Iterable[Certificate], names: Mapping[str, str], *, scope: str
) -> dict[str, Standing]:
    """Where each certificate stands in each of the orders, by its id.

    ``names`` are those of their holders, by person, as lists order them.
    """
    people_by_certificate = holders(course, scope=scope)
    functions = {one.code: place for place, one in enumerate(people.functions())}
    found = {}
    for row in rows:
        holder = people_by_certificate.get(row.id, Holder())
        found[row.id] = Standing(
            names.get(row.person_id or "", ""), row.serial,
            country_name(holder.country) if holder.country else "",
            functions.get(holder.function, len(functions)), holder.place,
        )  # fmt: skip
    return found


def runs(course: Course, limit: int = 20) -> Sequence[PrintRun]:
    """The latest print runs of a course that was found within the viewer's reach."""
    return db.session.scalars(
        select(PrintRun)
        .where(PrintRun.course_id == course.id)
        .order_by(PrintRun.at.desc(), PrintRun.id)
        .limit(limit)
    ).all()
