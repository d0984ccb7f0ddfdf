"""Prints papers of a course; logs whose names are read, and who prints what, before output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trainings.audit.writes import record
from trainings.core import clock, paging
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.i18n import _, country_name, html_language, listed, localized, speaking
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.papers import document, queries
from trainings.papers.rules import (
    IN_A_FILE,
    Comer,
    Letter,
    LettersUnprintable,
    NobodyConfirmed,
    Paper,
    PaperNotDrawn,
    Printed,
    languages_of,
)
from trainings.people import queries as people
from trainings.people import reading
from trainings.people.sealed_rules import Identity
from trainings.print_room.rules import NoTablesToOrderBy, Order, Position
from trainings.printing import cage, joining
from trainings.printing.paper_rules import Bearer, LetterDocument, PaperDocument
from trainings.printing.rules import gaps_words
from trainings.registrations import queries as registrations
from trainings.registrations.models import Registration
from trainings.registrations.page_queries import BY_NAME
from trainings.registrations.rules import State
from trainings.rosters import queries as rosters
from trainings.rosters.rules import Invitation
from trainings.tables import queries as seating
from trainings.tables.rules import NoTables
from trainings.web.responses import external_url


def print_paper(
    course_id: str,
    paper: Paper,
    language: str,
    with_code: bool,
    by: Viewer,
    order: Order = Order.NAME,
    part: int = 1,
) -> Printed:
    """A paper for the room, about all participants, in one of the course's languages.

    Where they are many, about those of one ``part`` of them, in the order of the paper. Badges and
    name tents include trainers who accepted; they come last. Raises
    ``NobodyConfirmed``, ``NoTables``, ``NoTablesToOrderBy``, ``PaperNotDrawn``, ``NotFound``.
    """
    course = courses.course_by_id(by, Permission.PEOPLE_SEE, course_id)
    people_there = queries.how_many(course)
    if not people_there:
        raise NobodyConfirmed
    if not seating.numbers(course.id).seated:
        if paper is Paper.TABLES:
            raise NoTables
        if order is Order.TABLE:
            raise NoTablesToOrderBy
    last = paging.pages(people_there, IN_A_FILE)
    spoken = languages_of(course.languages)
    with speaking(language if language in spoken else spoken[0]):
        come = _part(course, people_there, Order.TABLE if paper is Paper.TABLES else order, part)
        drawn: PaperDocument
        if paper is Paper.ATTENDANCE:
            drawn = _attendance(course, come, order, by)
        elif paper is Paper.TABLES:
            drawn = _tables(course, come, by)
        else:
            bearers = _bearers(course, come, paper, order, by, trainers=part >= last)
            if paper is Paper.TENTS:
                drawn = document.tents(course, bearers, reading.own_name(by))
            else:
                code = external_url("agenda.show", code=course.code) if with_code else ""
                drawn = document.badges(course, bearers, reading.own_name(by), code)
    (pdf,), gaps = cage.drawn_with_gaps([drawn], PaperNotDrawn(paper=paper.label))
    _note(course, str(paper), len(come), by)
    if not gaps:
        return Printed(pdf)
    return Printed(pdf, gaps_words(_with(gaps[0], course, come)))


def print_letters(
    course_id: str, kind: Letter, number: str | None, by: Viewer, part: int = 1
) -> Printed:
    """A letter for one participant, by registration number, or letters for all in one file.

    Where they are many, for those of one ``part`` of them, in order of name.

    Each is in its recipient's language. A letter with characters that cannot be printed is left
    out. Raises ``NobodyConfirmed``, ``LettersUnprintable``, ``PaperNotDrawn``, ``NotFound``.
    """
    course = courses.course_by_id(
        by, Permission.REGISTRATION_SELECT, course_id, load=("signatories", "lead")
    )
    if number:
        come = [queries.comer(course, number)]
    else:
        come = _part(course, queries.how_many(course), Order.NAME, part)
    if not come:
        raise NobodyConfirmed
    names = reading.open([one.person_id for one in come], by=by.account_id, purpose="letters")
    registered = queries.registrations(course, [one.number for one in come])
    letters = _letters(course, kind, come, names, registered, by)
    pages, gaps = cage.drawn_with_gaps(
        [letter for _number, letter in letters], PaperNotDrawn(paper=kind.label)
    )
    left_out = LettersUnprintable(whom=listed([letters[place][0] for place in gaps]))
    whole = [page for place, page in enumerate(pages) if place not in gaps]
    if not whole:
        raise left_out
    _note(course, str(kind), len(whole), by)
    note = str(left_out) if gaps else ""
    if number:
        return Printed(whole[0])
    title = f"{kind.label} · {localized(course.titles)}"
    return Printed(joining.join(whole, title, html_language()), note)


def has_letters(mine: Registration) -> bool:
    """Whether somebody can have letters themselves: with a confirmed seat, until the course."""
    over = clock.today(mine.course.zone) > mine.course.ends_on
    return mine.state is State.CONFIRMED and not over


def print_own_letter(number: str, kind: Letter, by: Viewer) -> Printed:
    """The same letter for the viewer's own confirmed seat, as the organisers would print it.

    Raises ``NotFound``, ``LettersUnprintable``, ``PaperNotDrawn``.
    """
    mine = registrations.own_registration(by, number)
    if not has_letters(mine):
        raise NotFound
    course = courses.by_id(mine.course_id, load=("signatories", "lead"))
    names = {mine.person_id: reading.own_record(mine.person_id)}
    letters = _letters(course, kind, [queries.own_comer(mine)], names, {number: mine}, by)
    (pdf,), gaps = cage.drawn_with_gaps([letters[0][1]], PaperNotDrawn(paper=kind.label))
    if gaps:
        raise LettersUnprintable(whom=number)
    _note(course, str(kind), 1, by)
    return Printed(pdf)


def _with(characters: str, course: Course, come: Sequence[Comer]) -> list[str]:
    """Whose names hold any of these characters: by number, trainers and the course by a word.

    The names were read, and this was logged, for the paper itself.
    """
    trainers = [
        row.trainer.person_id
        for row in rosters.course_trainers(course.id, teaching=True)
        if row.state is Invitation.ACCEPTED
    ]
    names = reading.opened([*(one.person_id for one in come), *trainers])
    holds = {person for person, known in names.items() if set(characters) & set(known.name)}
    found = [one.number for one in come if one.person_id in holds]
    if holds.intersection(trainers):
        found.append(_("the trainers"))
    left = set(characters).difference(*(names[person].name for person in holds))
    return [*found, _("the texts of the course")] if left else found


def _part(course: Course, number: int, order: Order, part: int) -> list[Comer]:
    """Those of one part in an order; all of them where they fit into one file.

    Only the names are opened for it, and none of them leaves; of more than a thousand people not
    even those: they are cut by their numbers.
    """
    part = paging.within(part, number, IN_A_FILE)
    if number > BY_NAME:
        return queries.part(course, order, part, IN_A_FILE)
    come = queries.comers(course)
    if number <= IN_A_FILE:
        return come
    names = dict(reading.names_among(queries.names_of(course)))
    return _in_order(come, names, order)[(part - 1) * IN_A_FILE : part * IN_A_FILE]


def _ordered(
    come: Sequence[Comer], names: Mapping[str, Identity], order: Order = Order.NAME
) -> list[Comer]:
    return _in_order(come, {key: one.sorting for key, one in names.items()}, order)


def _in_order(come: Sequence[Comer], names: Mapping[str, str], order: Order) -> list[Comer]:
    functions = list(people.function_names())

    def key(one: Comer) -> tuple[Any, ...]:
        place = functions.index(one.function) if one.function in functions else len(functions)
        return Position(
            names[one.person_id], one.number, country_name(one.country), place, one.place
        ).key(order)

    return sorted(come, key=key)


def _attendance(course: Course, come: Sequence[Comer], order: Order, by: Viewer) -> PaperDocument:
    names = reading.open(
        [one.person_id for one in come], by=by.account_id, purpose="attendance sheets"
    )
    functions = people.function_names()
    rows = [
        (names[one.person_id].sorting, one.country, functions.get(one.function, ""), one.place)
        for one in _ordered(come, names, order)
    ]
    return document.attendance(course, rows, order is Order.TABLE, reading.own_name(by))


def _tables(course: Course, come: Sequence[Comer], by: Viewer) -> PaperDocument:
    names = reading.open([one.person_id for one in come], by=by.account_id, purpose="table list")
    functions = people.function_names()
    rows = [
        (
            one.place,
            names[one.person_id].sorting,
            f"{country_name(one.country)} · {functions.get(one.function, '')}",
        )
        for one in _ordered(come, names, Order.TABLE)
    ]
    return document.table_list(course, rows, reading.own_name(by))


def _bearers(
    course: Course, come: Sequence[Comer], paper: Paper, order: Order, by: Viewer, *, trainers: bool
) -> list[Bearer]:
    accepted = [
        row
        for row in (rosters.course_trainers(course.id, teaching=True) if trainers else ())
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
            table=document.at_table(one.place),
        )
        for one in _ordered(come, names, order)
    ]
    role = document.trainer()
    teaching = [
        Bearer(
            names[row.trainer.person_id].name, localized(row.trainer.agency.short_names), role=role
        )
        for row in accepted
        if row.trainer.person_id in names
    ]
    return [*participants, *teaching]


def _letters(
    course: Course,
    kind: Letter,
    come: Sequence[Comer],
    names: Mapping[str, Identity],
    registered: Mapping[str, Registration],
    by: Viewer,
) -> list[tuple[str, LetterDocument]]:
    functions = {one.code: one.names for one in people.functions()}
    printed_by, letters = reading.own_name(by), []
    for one in _ordered(come, names):
        with speaking(one.language):
            function = localized(functions.get(one.function))
            known = registrations.as_given(registered[one.number], names[one.person_id])
            drawn = document.letter(kind, course, one, known, function, printed_by)
            letters.append((one.number, drawn))
    return letters


def _note(course: Course, paper: str, number: int, by: Viewer) -> None:
    with transaction() as session:
        record(
            session,
            "paper.print",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            paper=paper,
            number=number,
        )
