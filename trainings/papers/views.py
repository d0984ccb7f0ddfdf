"""Prints the papers of a course: sheets, badges and tents for the room, letters for people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.agencies import mark_queries
from trainings.agenda_versions.sheet_rules import Sheet
from trainings.core import paging
from trainings.core.errors import Refusal
from trainings.core.i18n import LANGUAGES, country_name, language, language_name
from trainings.core.names import folded
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.papers import operations, queries
from trainings.papers.rules import IN_A_FILE, Letter, Paper, Printed, languages_of
from trainings.people import reading
from trainings.print_room.rules import Order
from trainings.registrations import filter_queries, page_queries
from trainings.registrations.models import Registration
from trainings.registrations.page_queries import Cut
from trainings.tables import queries as seating
from trainings.web import responses
from trainings.web.access import requires, viewer
from trainings.web.fields import whole

bp = Blueprint("papers", __name__)

P = Permission


@bp.get("/courses/<code>/papers")
@requires(P.PEOPLE_SEE)
def index(code: str) -> ResponseReturnValue:
    """The papers that can be printed for a course; only staff who select people see the letters."""
    course = courses.course_for(viewer(), P.PEOPLE_SEE, code)
    writes_letters = courses.may(viewer(), P.REGISTRATION_SELECT, course)
    numbers = seating.numbers(course.id)
    languages = [(code, language_name(code)) for code in languages_of(course.languages)]
    cut = None
    if writes_letters:
        words = filter_queries.words_in(viewer(), request.args.get("q", ""))
        page = request.args.get("page", 1, whole)
        cut = page_queries.cut(course.id, queries.seated(course), page, words, total=numbers.people)
    return render_template(
        "papers/index.html",
        course=course,
        paper_languages=languages,
        papers=[paper for paper in Paper if numbers.seated or paper is not Paper.TABLES],
        orders=[
            (order, order.label) for order in Order if numbers.seated or order is not Order.TABLE
        ],
        numbers=numbers,
        parts=_parts(numbers.people),
        may_seat=courses.may(viewer(), P.AGENDA_EDIT, course),
        sheets=list(Sheet),
        sheet_languages=LANGUAGES,
        here_language=language(),
        letters=list(Letter) if writes_letters else [],
        cut=cut,
        come=_rows(course, cut) if cut else [],
        own_marks=[
            one.agency for one in course.organising if mark_queries.may(viewer(), one.agency_id)
        ],
    )


def _rows(course: Course, cut: Cut) -> list[dict[str, Any]]:
    come = queries.comers(course, cut.keys)
    names = reading.open([one.person_id for one in come], by=viewer().account_id, purpose="letters")
    rows = [
        {
            "number": one.number,
            "name": names[one.person_id].sorting,
            "country": country_name(one.country),
            "language": language_name(one.language),
        }
        for one in come
    ]
    if cut.by_name:
        rows.sort(key=lambda row: folded(str(row["name"])))
    return rows


@bp.post("/courses/<code>/papers/<any(attendance,badges,tents,tables):paper>.pdf")
@requires(P.PEOPLE_SEE)
def room(code: str, paper: str) -> ResponseReturnValue:
    """One paper for the room as a PDF, for everyone who has confirmed or teaches."""
    course = courses.course_for(viewer(), P.PEOPLE_SEE, code)
    language = request.form.get("language", "")
    with_code = request.form.get("with_code") == "yes"
    order = Order.wished(request.form.get("order", ""))
    return _file(
        f"{paper}-{course.code}",
        code,
        lambda: operations.print_paper(
            course.id, Paper(paper), language, with_code, viewer(), order, _wanted_part()
        ),
    )


@bp.post("/courses/<code>/papers/<any(invitation,visa):letter>.pdf")
@requires(P.REGISTRATION_SELECT)
def letters(code: str, letter: str) -> ResponseReturnValue:
    """The letters of a kind for everyone who has confirmed, in one PDF for printing."""
    course = courses.course_for(viewer(), P.REGISTRATION_SELECT, code)
    return _file(
        f"{letter}-{course.code}",
        code,
        lambda: operations.print_letters(course.id, Letter(letter), None, viewer(), _wanted_part()),
    )


@bp.post("/courses/<code>/papers/<any(invitation,visa):letter>/<number>.pdf")
@requires(P.REGISTRATION_SELECT)
def one_letter(code: str, letter: str, number: str) -> ResponseReturnValue:
    """The letter of a kind for one person, as a PDF."""
    course = courses.course_for(viewer(), P.REGISTRATION_SELECT, code)
    return _file(
        f"{letter}-{course.code}-{number}",
        code,
        lambda: operations.print_letters(course.id, Letter(letter), number, viewer()),
    )


def _wanted_part() -> int:
    """Which part of many people a file is wanted of, from 1."""
    return request.form.get("part", 1, whole)


def _parts(people: int) -> list[tuple[int, str]]:
    """Of whom one file can be made where they are many: *1–200*, *201–400* …; else nothing."""
    if people <= IN_A_FILE:
        return []
    return [
        (part, f"{(part - 1) * IN_A_FILE + 1}–{min(part * IN_A_FILE, people)}")
        for part in range(1, paging.pages(people, IN_A_FILE) + 1)
    ]


@bp.app_template_global()
def own_letters(mine: Registration) -> list[Letter]:
    """The letters that somebody can have for their own registration."""
    return list(Letter) if operations.has_letters(mine) else []


@bp.post("/my/registrations/<number>/<any(invitation,visa):letter>.pdf")
@requires(P.REGISTRATION_OWN)
def own_letter(number: str, letter: str) -> ResponseReturnValue:
    """The letter of a kind for oneself, once the seat is confirmed, as a PDF."""
    try:
        printed = operations.print_own_letter(number, Letter(letter), viewer())
    except Refusal as refusal:
        flash(str(refusal), "error")
        return redirect(url_for("participants.show", number=number), code=303)
    return responses.pdf(printed.pdf, f"{letter}-{number}")


def _file(name: str, code: str, make: Callable[[], Printed]) -> ResponseReturnValue:
    """The PDF; if it is refused, the page again with the reason. A note waits for the next page.

    The page is not a redirect: names may have been opened and logged by then.
    """
    try:
        printed = make()
    except Refusal as refusal:
        flash(str(refusal), "error")
        return index(code)
    if printed.note:
        flash(printed.note, "warning")
    return responses.pdf(printed.pdf, name)
