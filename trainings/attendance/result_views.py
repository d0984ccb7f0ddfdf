"""The results of a test: who passed, entered in place by the trainers who gave it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from trainings.agenda import queries as agenda
from trainings.agenda.models import AgendaSession
from trainings.agenda.rules import SessionKind
from trainings.attendance import queries, result_operations, result_queries
from trainings.attendance.forms import RESULT, MarksForm, results_in
from trainings.attendance.result_rules import Result, check_enterable
from trainings.attendance.rules import ChangedMeanwhile
from trainings.attendance.views import (
    cut_of,
    here,
    lines_of,
    moment_sent,
    refused_in_place,
    said_in_place,
    title_of,
)
from trainings.core import clock
from trainings.core.errors import NotFound, Refusal
from trainings.core.i18n import _, ngettext
from trainings.core.permissions import Permission
from trainings.core.states import Worded
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.web.access import requires, viewer
from trainings.web.forms import flashing_refusal, showing_refusal

bp = Blueprint("attendance_result", __name__)

P = Permission


def _test(code: str, session_id: str) -> AgendaSession:
    row = agenda.session_for(viewer(), P.ATTENDANCE_TAKE, code, session_id)
    if row.kind is not SessionKind.TEST:
        raise NotFound
    return row


def _closed(row: AgendaSession, course: Course) -> str:
    """Why results of a test cannot be entered now; empty if they can."""
    try:
        check_enterable(course.state is CourseState.CANCELLED, row.day, clock.today(course.zone))
    except Refusal as refusal:
        return str(refusal)
    return ""


@bp.route("/courses/<code>/attendance/<session_id>/results", methods=["GET", "POST"])
@requires(P.ATTENDANCE_TAKE)
def index(code: str, session_id: str) -> ResponseReturnValue:
    """The people in one test and their results; one button saves the page."""
    row = _test(code, session_id)
    course = courses.course_for(viewer(), P.ATTENDANCE_TAKE, code)
    form = MarksForm()
    typed: dict[str, Result | None] = {}
    meanwhile: Mapping[str, Worded | None] = {}
    if form.validate_on_submit():
        sent = results_in(request.form)
        found = queries.participants(course.id, sent.wanted)
        sent = sent.of({one.registration_id for one in found})
        with showing_refusal(form):
            try:
                changed = result_operations.enter(row.id, sent.chosen, viewer(), sent.seen)
            except ChangedMeanwhile as refusal:
                typed, meanwhile = sent.chosen, refusal.kept
                raise
            flash(
                ngettext("%(num)s result saved.", "%(num)s results saved.", len(changed)), "success"
            )
            return redirect(here(".index", row, code), code=303)
    cut = cut_of(course.id)
    results = result_queries.results_of(row.id, cut.keys)
    return render_template(
        "attendance/results.html",
        course=course,
        row=row,
        title=title_of(row),
        form=form,
        lines=lines_of(course.id, cut, marks=queries.marks_of(row.id, cut.keys)),
        cut=cut,
        people=queries.how_many(course.id),
        results={**results, **typed},
        kept=results,
        meanwhile=meanwhile,
        what=RESULT,
        marks=list(Result),
        entered=result_queries.entered(row.id),
        closed=_closed(row, course),
    )


@bp.post("/courses/<code>/attendance/<session_id>/results/one")
@requires(P.ATTENDANCE_TAKE)
def one(code: str, session_id: str) -> ResponseReturnValue:
    """Save one result as soon as it is chosen; the response says how many are entered."""
    sent = results_in(request.form)
    if len(sent.wanted) != 1:
        raise NotFound
    try:
        result_operations.enter(session_id, sent.wanted, viewer(), sent.seen)
    except Refusal as refusal:
        return refused_in_place(refusal)
    return said_in_place(result_queries.entered, session_id)


@bp.post("/courses/<code>/attendance/<session_id>/results/rest")
@requires(P.ATTENDANCE_TAKE)
def rest(code: str, session_id: str) -> ResponseReturnValue:
    """Enter *passed* for everyone present who has no result yet."""
    row = _test(code, session_id)
    moment = None
    with flashing_refusal():
        done, at = result_operations.pass_rest(row.id, by=viewer())
        moment = at.isoformat() if done else None
        words = ngettext(
            "%(num)s person entered as passed.", "%(num)s people entered as passed.", len(done)
        )
        none = _("Nobody attended who has no result. Is the attendance of this session taken?")
        flash(words if done else none, "success" if done else "info")
    return redirect(here(".index", row, code, undo=moment), code=303)


@bp.post("/courses/<code>/attendance/<session_id>/results/undo")
@requires(P.ATTENDANCE_TAKE)
def undo(code: str, session_id: str) -> ResponseReturnValue:
    """Undo the results that “mark the rest as passed” entered at one moment."""
    row = _test(code, session_id)
    moment = moment_sent()
    with flashing_refusal():
        number = result_operations.take_back(row.id, moment, by=viewer())
        flash(ngettext("%(num)s result undone.", "%(num)s results undone.", number), "success")
    return redirect(here(".index", row, code), code=303)
