"""What is still missing in a course, line by line, each with the list that it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec import Struct

from trainings.core.i18n import _, country_name, ngettext
from trainings.courses.rules import ENDED, CourseState


class Missing(Struct, frozen=True):
    """The open tasks in a course: mostly how many, and what there is none of at all."""

    to_endorse: list[tuple[str, int]]  # by country
    to_select: int
    offered: int  # offers that nobody has answered
    ending_soon: int  # of them, those that expire within two days
    incomplete: int
    bounced: int
    unnamed: int  # who has not confirmed the name for the certificate
    sessions_without_trainer: int
    unanswered: int  # trainers who were invited
    without_place: int  # at a table, where there are tables
    agencies: int  # that have not answered whether they organise the course
    signatories: int  # whom their agency has not agreed to
    exceptions: int  # from the hours rule, requested and not decided
    answers: int = 0  # people who have not answered all that the course requires
    changes: int = 0  # of details that wait for an organiser
    no_agenda: bool = False
    unpublished: bool = False  # an agenda that only organisers see
    no_trainers: bool = False
    no_seats: bool = False  # allocated to countries and functions
    no_certificates: bool = False  # though somebody attended
    absent: Sequence[str] = ()  # countries nobody was nominated or applied from


class MissingLine(NamedTuple):
    """One open task: how many, and the list that it leads to."""

    label: str
    number: int
    endpoint: str
    filters: dict[str, Any]
    counted: bool = True  # whether the number is shown: it is the length of the list


_MOST_ABSENT = 5  # countries that have a line of their own


def missing_lines(found: Missing, state: CourseState) -> list[MissingLine]:
    """The open tasks of a course, line by line; those with a count of zero are left out."""
    people = "selection.index"
    lines = [
        *(
            MissingLine(
                _("Endorsements due from %(country)s", country=country_name(country)),
                number,
                people,
                {"country": country, "problem": "unendorsed"},
            )
            for country, number in found.to_endorse
        ),
        MissingLine(_("Candidates to decide on"), found.to_select, people, {"state": "endorsed"}),
        MissingLine(_("Offers without a reply"), found.offered, people, {"state": "offered"}),
        MissingLine(
            _("Offers that end within 2 days"), found.ending_soon, people, {"problem": "ending"}
        ),
        MissingLine(
            _("Details still missing"), found.incomplete, people, {"problem": "incomplete"}
        ),
        MissingLine(
            _("Email addresses that do not work"), found.bounced, people, {"problem": "bounced"}
        ),
        MissingLine(
            _("Names for the certificate not confirmed"),
            found.unnamed,
            people,
            {"problem": "unnamed"},
        ),
        MissingLine(
            _("People whose answers are missing"), found.answers, "questions_answers.index", {}
        ),
        MissingLine(_("Changes of details to approve"), found.changes, "change_requests.index", {}),
        MissingLine(
            _("Sessions without a trainer"), found.sessions_without_trainer, "agenda.show", {}
        ),
        MissingLine(
            _("Trainers who have not replied"),
            found.unanswered,
            "rosters.course",
            {"answer": "none"},
        ),
        MissingLine(
            _("People without a place at a table"), found.without_place, "tables.index", {}
        ),
        MissingLine(
            _("Agencies that have not answered"),
            found.agencies,
            "desk.show",
            {"_anchor": "agencies"},
        ),
        MissingLine(
            _("Signatories waiting for their agency"),
            found.signatories,
            "planning_signatures.index",
            {},
        ),
        MissingLine(
            _("Exceptions waiting for a second organiser"),
            found.exceptions,
            "certificates.index",
            {},
        ),
        *_none_at_all(found, state),
    ]
    return [line for line in lines if line.number]


def _none_at_all(found: Missing, state: CourseState) -> list[MissingLine]:
    """What a course that is planned or under way has none of yet."""

    def line(label: str, there: bool, endpoint: str, **filters: str) -> MissingLine:
        return MissingLine(label, int(there), endpoint, filters, counted=False)

    if state is CourseState.COMPLETED:
        return [line(_("No certificates issued yet"), found.no_certificates, "certificates.index")]
    if state in ENDED:
        return []
    lines = [
        line(_("No seats allocated yet"), found.no_seats, "seats.index"),
        line(_("No sessions in the agenda yet"), found.no_agenda, "agenda.show"),
        line(_("No trainer invited yet"), found.no_trainers, "rosters.course"),
    ]
    if state is not CourseState.DRAFT:
        lines.append(line(_("Agenda not published yet"), found.unpublished, "agenda.publish"))
    if state not in (CourseState.PUBLISHED, CourseState.REGISTRATION_CLOSED):
        return lines
    if len(found.absent) > _MOST_ABSENT:
        many = ngettext(
            "No candidate yet from %(num)s country",
            "No candidate yet from %(num)s countries",
            len(found.absent),
        )
        return [*lines, line(many, True, "seats.index")]
    return lines + [
        line(
            _("No candidate yet from %(country)s", country=country_name(country)),
            True,
            "selection.index",
            country=country,
        )
        for country in found.absent
    ]
