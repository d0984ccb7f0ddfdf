"""Moving a course from state to state: the checklist first, then the act."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.core.access import requires, viewer
from trainings.core.conditions import all_met
from trainings.core.errors import NotFound
from trainings.core.i18n import _, ngettext
from trainings.core.permissions import Permission
from trainings.core.web import showing_refusal
from trainings.courses import queries as courses
from trainings.courses.checklist_rules import CourseFacts, checklist
from trainings.courses.rules import CourseMove, moves_from
from trainings.workspace import move_operations, queries
from trainings.workspace.forms import CancelForm, MoveForm

bp = Blueprint("workspace_moves", __name__)

P = Permission


@bp.route("/courses/<code>/moves/<name>", methods=["GET", "POST"])
@requires(P.COURSE_MOVE)
def move(code: str, name: str) -> ResponseReturnValue:
    """What a move asks for and does, and the button that makes it."""
    course = courses.course_for(viewer(), P.COURSE_MOVE, code)
    wanted = next((one for one in CourseMove if one == name), None)
    if wanted is None or course.template:
        raise NotFound
    form = CancelForm() if wanted is CourseMove.CANCEL else MoveForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            reason = form.reason.data if isinstance(form, CancelForm) else ""
            move_operations.move_course(viewer(), code, wanted, reason or "")
            flash(_done(wanted), "success")
            return redirect(url_for("workspace.show", code=code), code=303)
    facts = queries.facts(course)
    conditions = checklist(wanted, facts)
    if wanted is CourseMove.CANCEL:
        conditions = conditions[1:]  # the reason is asked for below
    possible = wanted in moves_from(course.state)
    return render_template(
        "workspace/move.html", course=course, form=form, move=wanted, conditions=conditions,
        possible=possible and all_met(conditions), in_state=possible,
        consequences=_consequences(wanted, facts),
    )  # fmt: skip


def _consequences(wanted: CourseMove, facts: CourseFacts) -> list[str]:
    """What will happen, to whom."""
    living = facts.undecided + facts.open_offers + facts.confirmed
    return {
        CourseMove.PUBLISH: [
            _("The focal points of the countries invited are asked by mail for candidates."),
            _("People can register from the first to the last day of registration."),
        ],
        CourseMove.CLOSE_REGISTRATION: [
            _("Nobody can be nominated or apply any more; you go on selecting and offering seats."),
        ],
        CourseMove.REOPEN_REGISTRATION: [_("People can be nominated and apply again.")],
        CourseMove.START: [_("Trainers can take attendance.")],
        CourseMove.COMPLETE: [
            _("Who was present at some session has attended, the others did not come."),
            _("Certificates can be issued."),
        ],
        CourseMove.REOPEN: [
            _("Who attended, or did not come, is confirmed again; attendance can be changed.")
        ],
        CourseMove.CANCEL: [
            ngettext("One registration ends, and the person is told by mail.",
                     "%(num)s registrations end, and each person is told by mail.", living),
            _("The trainers are told by mail."),
            _("This cannot be undone."),
        ],
    }[wanted]  # fmt: skip


def _done(wanted: CourseMove) -> str:
    return {
        CourseMove.PUBLISH: _("The course is published."),
        CourseMove.CLOSE_REGISTRATION: _("Registration is closed."),
        CourseMove.REOPEN_REGISTRATION: _("Registration is open again."),
        CourseMove.START: _("The course is under way."),
        CourseMove.COMPLETE: _("The course is completed."),
        CourseMove.REOPEN: _("The course is open again."),
        CourseMove.CANCEL: _("The course is cancelled, and everyone is told."),
    }[wanted]
