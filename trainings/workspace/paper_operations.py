"""Prints papers of a course: who is looked at and who prints what is kept before they leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trainings.audit.writes import record
from trainings.certificates.print_rules import NoTablesToOrderBy, Order, Position
from trainings.core.db import transaction
from trainings.core.i18n import country_name, html_language, localized, speaking
from trainings.core.permissions import Permission, Viewer
from trainings.core.web import external_url
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import queries as people
from trainings.people import reading
from trainings.people.rules import Identity
from trainings.printing import joining, warm
from trainings.printing.paper_rules import Bearer, LetterDocument, PaperDocument
from trainings.rosters import queries as rosters
from trainings.rosters.rules import Invitation
from trainings.seating.rules import NoTables
from trainings.workspace import paper_document, paper_queries
from trainings.workspace.paper_rules import (
    Comer,
    Letter,
    NobodyConfirmed,
    Paper,
    PaperNotDrawn,
    languages_of,
)

LETTERS = "letters"  # how a file of several letters calls itself


def print_paper(
    course_id: str, paper: Paper, language: str, with_code: bool, by: Viewer,
    order: Order = Order.NAME,
) -> bytes:  # fmt: skip
    """A paper for the room, of all who come, in one of the course's languages.

    Badges and tents are made for the trainers who accepted, too; they come last. Raises
    ``NobodyConfirmed``, ``NoTables``, ``NoTablesToOrderBy``, ``PaperNotDrawn``, ``NotFound``.
    """
    course = courses.course_by_id(by, Permission.PEOPLE_SEE, course_id)
    come = paper_queries.comers(course)
    if not come:
        raise NobodyConfirmed
    if not any(one.place for one in come):
        if paper is Paper.TABLES:
            raise NoTables
        if order is Order.TABLE:
            raise NoTablesToOrderBy
    spoken = languages_of(course.languages)
    with speaking(language if language in spoken else spoken[0]):
        drawn: PaperDocument
        if paper is Paper.ATTENDANCE:
            drawn = _attendance(course, come, order, by)
        elif paper is Paper.TABLES:
            drawn = _tables(course, come, by)
        else:
            bearers = _bearers(course, come, paper, order, by)
            if paper is Paper.TENTS:
                drawn = paper_document.tents(course, bearers, reading.own_name(by))
            else:
                code = external_url("agenda.show", code=course.code) if with_code else ""
                drawn = paper_document.badges(course, bearers, reading.own_name(by), code)
    (pdf,) = warm.drawn([drawn], PaperNotDrawn)
    _note(course, str(paper), len(come), by)
    return pdf


def print_letters(course_id: str, kind: Letter, number: str | None, by: Viewer) -> bytes:
    """A letter for one who comes, by the registration's number, or letters for all in one file.

    Each in the language of whom it is for. Raises ``NobodyConfirmed``, ``PaperNotDrawn``,
    ``NotFound``.
    """
    course = courses.course_by_id(
        by, Permission.REGISTRATION_SELECT, course_id, load=("signatories", "lead")
    )
    come = [paper_queries.comer(course, number)] if number else paper_queries.comers(course)
    if not come:
        raise NobodyConfirmed
    pages = warm.drawn(_letters(course, kind, come, by), PaperNotDrawn)
    _note(course, str(kind), len(come), by)
    if number:
        return pages[0]
    title = f"{kind.label} · {localized(course.titles)}"
    return joining.join(pages, title, html_language(), LETTERS)


def _ordered(
    come: Sequence[Comer], names: Mapping[str, Identity], order: Order = Order.NAME
) -> list[Comer]:
    functions = list(people.function_names())

    def key(one: Comer) -> tuple[Any, ...]:
        place = functions.index(one.function) if one.function in functions else len(functions)
        return Position(
            names[one.person_id].sorting, one.number, country_name(one.country), place, one.place
        ).key(order)

    return sorted(come, key=key)


def _attendance(
    course: Course, come: Sequence[Comer], order: Order, by: Viewer
) -> PaperDocument:  # fmt: skip
    names = reading.open(
        [one.person_id for one in come], by=by.account_id, purpose="attendance sheets"
    )
    functions = people.function_names()
    rows = [
        (names[one.person_id].sorting, one.country, functions.get(one.function, ""), one.place)
        for one in _ordered(come, names, order)
    ]
    return paper_document.attendance(course, rows, order is Order.TABLE, reading.own_name(by))


def _tables(course: Course, come: Sequence[Comer], by: Viewer) -> PaperDocument:
    names = reading.open([one.person_id for one in come], by=by.account_id, purpose="table list")
    functions = people.function_names()
    rows = [
        (
            one.place, names[one.person_id].sorting,
            f"{country_name(one.country)} · {functions.get(one.function, '')}",
        )
        for one in _ordered(come, names, Order.TABLE)
    ]  # fmt: skip
    return paper_document.table_list(course, rows, reading.own_name(by))


def _bearers(
    course: Course, come: Sequence[Comer], paper: Paper, order: Order, by: Viewer
) -> list[Bearer]:
    accepted = [
        row
        for row in rosters.course_trainers(course.id, teaching=True)
        if row.state is Invitation.ACCEPTED
    ]
    persons = [one.person_id for one in come] + [row.trainer.person_id for row in accepted]
    names = reading.open(persons, by=by.account_id, purpose=str(paper))
    functions = people.function_names()
    participants = [
        Bearer(
            names[one.person_id].name,
            functions.get(one.function, ""),
            country_name(one.country),
            table=paper_document.at_table(one.place),
        )
        for one in _ordered(come, names, order)
    ]
    role = paper_document.trainer()
    trainers = [
        Bearer(names[row.trainer.person_id].name, localized(row.trainer.agency.short_names),
               role=role)
        for row in accepted
        if row.trainer.person_id in names
    ]  # fmt: skip
    return [*participants, *trainers]


def _letters(
    course: Course, kind: Letter, come: Sequence[Comer], by: Viewer
) -> list[LetterDocument]:
    names = reading.open([one.person_id for one in come], by=by.account_id, purpose="letters")
    functions = {one.code: one.names for one in people.functions()}
    printed_by, letters = reading.own_name(by), []
    for one in _ordered(come, names):
        with speaking(one.language):
            function = localized(functions.get(one.function))
            letters.append(
                paper_document.letter(kind, course, one, names[one.person_id], function, printed_by)
            )
    return letters


def _note(course: Course, paper: str, number: int, by: Viewer) -> None:
    with transaction() as session:
        record(
            session, "paper.print", "course", course.id, by=by.account_id, course_id=course.id,
            paper=paper, number=number,
        )  # fmt: skip
