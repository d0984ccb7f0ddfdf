"""The papers of a course: for the room, and letters for those who come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.accounts import mark_queries
from trainings.certificates.print_rules import Order
from trainings.core import web
from trainings.core.access import requires, viewer
from trainings.core.errors import Refusal
from trainings.core.i18n import country_name, folded, language_name
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import reading
from trainings.seating import queries as seating
from trainings.workspace import paper_operations, paper_queries
from trainings.workspace.paper_rules import Letter, Paper, languages_of

bp = Blueprint("workspace_papers", __name__)

P = Permission


@bp.get("/courses/<code>/papers")
@requires(P.PEOPLE_SEE)
def index(code: str) -> ResponseReturnValue:
    """What can be printed for a course; letters for those who may send them."""
    course = courses.course_for(viewer(), P.PEOPLE_SEE, code)
    writes_letters = courses.may(viewer(), P.REGISTRATION_SELECT, course)
    numbers = seating.numbers(course.id)
    languages = [(code, language_name(code)) for code in languages_of(course.languages)]
    return render_template(
        "workspace/papers.html", course=course, paper_languages=languages,
        papers=[paper for paper in Paper if numbers.seated or paper is not Paper.TABLES],
        orders=[order for order in Order if numbers.seated or order is not Order.TABLE],
        numbers=numbers, may_seat=courses.may(viewer(), P.AGENDA_EDIT, course),
        letters=list(Letter) if writes_letters else [],
        come=_rows(course) if writes_letters else [],
        own_marks=[
            one.agency for one in course.organising if mark_queries.may(viewer(), one.agency_id)
        ],
    )  # fmt: skip


def _rows(course: Course) -> list[dict[str, Any]]:
    come = paper_queries.comers(course)
    names = reading.open([one.person_id for one in come], by=viewer().account_id, purpose="letters")
    rows = [
        {
            "number": one.number, "name": names[one.person_id].sorting,
            "country": country_name(one.country), "language": language_name(one.language),
        }
        for one in come
    ]  # fmt: skip
    return sorted(rows, key=lambda row: folded(str(row["name"])))


@bp.post("/courses/<code>/papers/<any(attendance,badges,tents,tables):paper>.pdf")
@requires(P.PEOPLE_SEE)
def room(code: str, paper: str) -> ResponseReturnValue:
    """Attendance sheets, name badges, name tents or the table list of all who come."""
    course = courses.course_for(viewer(), P.PEOPLE_SEE, code)
    language = request.form.get("language", "")
    with_code = request.form.get("with_code") == "yes"
    order = Order.wished(request.form.get("order", ""))
    return _file(
        f"{paper}-{course.code}",
        code,
        lambda: paper_operations.print_paper(
            course.id, Paper(paper), language, with_code, viewer(), order
        ),
    )


@bp.post("/courses/<code>/papers/<any(invitation,visa):letter>.pdf")
@requires(P.REGISTRATION_SELECT)
def letters(code: str, letter: str) -> ResponseReturnValue:
    """A letter for each who comes, in one file for the printer."""
    course = courses.course_for(viewer(), P.REGISTRATION_SELECT, code)
    return _file(
        f"{letter}-{course.code}",
        code,
        lambda: paper_operations.print_letters(course.id, Letter(letter), None, viewer()),
    )


@bp.post("/courses/<code>/papers/<any(invitation,visa):letter>/<number>.pdf")
@requires(P.REGISTRATION_SELECT)
def one_letter(code: str, letter: str, number: str) -> ResponseReturnValue:
    """The letter for one who comes."""
    course = courses.course_for(viewer(), P.REGISTRATION_SELECT, code)
    return _file(
        f"{letter}-{course.code}-{number}",
        code,
        lambda: paper_operations.print_letters(course.id, Letter(letter), number, viewer()),
    )


def _file(name: str, code: str, make: Callable[[], bytes]) -> ResponseReturnValue:
    """The file, or back to the page with the reason why there is none."""
    try:
        pdf = make()
    except Refusal as refusal:
        flash(str(refusal), "error")
        return redirect(url_for(".index", code=code), code=303)
    return web.pdf(pdf, name)
