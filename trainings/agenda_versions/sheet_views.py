"""Prints an agenda for the wall, for each door and for each trainer, in the language asked for."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from trainings.agenda import pdf
from trainings.agenda.grid_rules import Shown, by_day, days_from
from trainings.agenda_versions import queries
from trainings.agenda_versions.rules import shown
from trainings.agenda_versions.sheet_rules import NothingToPrint, Sheet, sheets_of
from trainings.core.dates import with_weekday, zone_name
from trainings.core.errors import Refusal
from trainings.core.i18n import LANGUAGES, _, html_language, language, localized, speaking
from trainings.core.permissions import Permission
from trainings.courses import paper_document
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import reading
from trainings.printing.rules import AgendaDocument, AgendaForm
from trainings.web import responses
from trainings.web.access import requires, viewer

bp = Blueprint("agenda_sheets", __name__)

P = Permission


@bp.get("/courses/<code>/agenda/<any(wall,doors,trainers):sheet>.pdf")
@requires(P.AGENDA_READ)
def draw(code: str, sheet: str) -> ResponseReturnValue:
    """A kind of sheet as one PDF; a trainer gets their own sheet alone."""
    course = courses.course_for(viewer(), P.AGENDA_READ, code)
    wanted = request.args.get("language", "")
    try:
        with speaking(wanted if wanted in LANGUAGES else language()):
            drawn, note = pdf.draw(_document(course, Sheet(sheet)))
    except Refusal as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for("agenda.show", code=code), code=303)
    if note:
        flash(note, "warning")
    return responses.pdf(drawn, f"agenda-{sheet}-{course.code}")


def _document(course: Course, sheet: Sheet) -> AgendaDocument:
    sessions, only = _sessions(course)
    plan = by_day(sessions, days_from(course.starts_on, course.ends_on))
    own = only if sheet is Sheet.TRAINERS else ""
    sheets = {} if sheet is Sheet.WALL else sheets_of(sheet, sessions, own)
    if not sheets and (sheet is not Sheet.WALL or not sessions):
        raise NothingToPrint
    times = _("times in %(zone)s", zone=zone_name(course.zone))
    return pdf.document(
        language=html_language(),
        course=(localized(course.titles), f"{paper_document.line(course)} · {times}"),
        days={} if sheets else plan,
        day_titles={day: with_weekday(day) for day in plan},
        marks=paper_document.marks(course),
        printed=paper_document.printed(course, reading.own_name(viewer())),
        form=AgendaForm.SHEETS if sheets else AgendaForm.WALL,
        sheets=sheets,
    )


def _sessions(course: Course) -> tuple[list[Shown], str]:
    """What is published; to editors the draft until something is. And whose sheet alone it is."""
    edits = courses.may(viewer(), P.AGENDA_EDIT, course)
    version = queries.latest(course.id)
    if version is None and edits:
        planned = queries.planned(queries.draft_of(course.id))
    else:
        planned = queries.planned(queries.entries_of(version))
    persons = reading.open(
        {one for session in planned for one in session.persons},
        by=viewer().account_id,
        purpose="agenda",
    )
    names = {key: who.name for key, who in persons.items()}
    own = "" if edits else names.get(viewer().person_id or "", "–")
    return shown(planned, names), own
