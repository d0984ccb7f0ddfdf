"""The lists in which nobody is named: countries, the donor's table, seats, agenda, evaluation."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import func, select

from trainings.agenda_versions import queries as versions
from trainings.agenda_versions.rules import shown
from trainings.core.db import db
from trainings.core.i18n import _, country_name
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.evaluations import queries as evaluations
from trainings.evaluations.rules import BATCH, RATINGS
from trainings.exports.request_rules import NobodyInIt, NoResultsYet
from trainings.exports.rules import Listing
from trainings.exports.table_rules import Table, countries_table, donor_table
from trainings.people import queries as people
from trainings.people.models import Person
from trainings.registrations import queries as registrations
from trainings.registrations.models import Registration
from trainings.registrations.rules import TAKES_PART
from trainings.seats import matrix_queries
from trainings.spreadsheets.taking_rules import Value

P = Permission


def table(listing: Listing, course: Course, viewer: Viewer) -> Table:
    """A list without names, of a course found within the viewer's scope.

    Raises ``NobodyInIt``, ``NoResultsYet``.
    """
    return _TABLES[listing](course, viewer)


def _taking_part(course: Course, viewer: Viewer) -> list[tuple[str, str, str | None, int]]:
    """How many have confirmed or attended: by country, function (their names) and sex."""
    sex = func.coalesce(Registration.sex, Person.sex)
    rows = db.session.execute(
        select(Registration.country, Registration.function, sex, func.count())
        .join(Person, Person.id == Registration.person_id)
        .where(
            registrations.within_course(viewer, P.REGISTRATION_READ, course.id),
            Registration.state.in_(sorted(TAKES_PART)),
        )
        .group_by(Registration.country, Registration.function, sex)
        .execution_options(scope="viewer")
    ).all()
    if not rows:
        raise NobodyInIt
    names = people.function_names()
    return [
        (country_name(country), names.get(function, function), sex, number)
        for country, function, sex, number in rows
    ]


def _countries(course: Course, viewer: Viewer) -> Table:
    return countries_table(row[:2] for row in _taking_part(course, viewer))


def _donor(course: Course, viewer: Viewer) -> Table:
    return donor_table(_taking_part(course, viewer))


def _seats(course: Course, _viewer: Viewer) -> Table:
    matrix = matrix_queries.matrix(course)
    names = people.function_names()
    rows: list[list[Value]] = [
        [
            country_name(cell.country) if cell.country else _("Open to all countries"),
            names.get(cell.function, cell.function) if cell.function else _("Any function"),
            cell.kept,
            cell.offered,
            cell.confirmed,
            cell.vacant,
            cell.free,
            cell.reserve,
            cell.undecided,
        ]
        for cell in matrix.columns.values()
    ]
    rows.sort(key=lambda row: (str(row[0]), str(row[1])))
    all_ = matrix.total
    sums = [all_.kept, all_.offered, all_.confirmed, all_.vacant, all_.free]
    rows.append([_("Total"), "", *sums, all_.reserve, all_.undecided])
    head = [_("Country"), _("Function"), _("Seats"), _("Offered"), _("Confirmed")]
    more = [_("Held for a replacement"), _("Free"), _("Reserve list"), _("To decide")]
    return Table([*head, *more], rows, len(rows))


def _agenda(course: Course, viewer: Viewer) -> Table:
    """What is published; to editors the draft until something is."""
    version = versions.latest(course.id)
    if version is None and courses.may(viewer, P.AGENDA_EDIT, course):
        entries = versions.draft_of(course.id)
    else:
        entries = versions.entries_of(version)
    rows: list[list[Value]] = [
        [
            one.day,
            f"{one.starts_at:%H:%M}",
            f"{one.ends_at:%H:%M}",
            one.title,
            one.module if one.module != one.title else "",
            one.room,
            one.speech,
        ]
        for one in shown(versions.planned(entries), {})
    ]
    if not rows:
        raise NobodyInIt
    head = [_("Day"), _("From"), _("To"), _("Session"), _("Module"), _("Room"), _("Languages")]
    return Table(head, rows, len(rows))


def _evaluation(course: Course, _viewer: Viewer) -> Table:
    found = evaluations.summary(course.id) if course.needs_evaluation else None
    if found is None or found.shown < BATCH:
        raise NoResultsYet(number=BATCH)
    rows: list[list[Value]] = [
        [
            str(one.statement.label),
            *one.counts,
            one.total,
            "" if one.mean is None else f"{one.mean:.1f}",
        ]
        for one in found.tallies
    ]
    return Table([_("Statement"), *map(str, RATINGS), _("Answers"), _("Mean")], rows, len(rows))


_TABLES: Mapping[Listing, Callable[[Course, Viewer], Table]] = {
    Listing.COUNTRIES: _countries,
    Listing.DONOR: _donor,
    Listing.SEATS: _seats,
    Listing.AGENDA: _agenda,
    Listing.EVALUATION: _evaluation,
}
