"""Moving a course from state to state: the checklist first, then the move."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.core.conditions import all_met
from trainings.core.errors import NotFound
from trainings.core.i18n import _, ngettext
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.rules import CourseMove, moves_from
from trainings.desk import move_operations, queries
from trainings.desk.checklist_rules import CourseFacts, checklist
from trainings.desk.forms import CancelForm, MoveForm
from trainings.web.access import requires, viewer
from trainings.web.forms import showing_refusal

bp = Blueprint("desk_moves", __name__)

P = Permission


@bp.route("/courses/<code>/moves/<name>", methods=["GET", "POST"])
@requires(P.COURSE_MOVE)
def move(code: str, name: str) -> ResponseReturnValue:
    """The conditions and effects of a move, and the button that makes it."""
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
            return redirect(url_for("desk.show", code=code), code=303)
    facts = queries.facts(course)
    conditions = checklist(wanted, facts)
    if wanted is CourseMove.CANCEL:
        conditions = conditions[1:]  # the form below asks for the reason
    possible = wanted in moves_from(course.state)
    return render_template(
        "desk/move.html",
        course=course,
        form=form,
        move=wanted,
        conditions=conditions,
        possible=possible and all_met(conditions),
        in_state=possible,
        consequences=_consequences(wanted, facts),
    )


def _consequences(wanted: CourseMove, facts: CourseFacts) -> list[str]:
    """What the move will do, and to whom."""
    living = facts.undecided + facts.open_offers + facts.confirmed
    return {
        CourseMove.PUBLISH: [
            _("We email the focal points of the invited countries to ask for candidates."),
            _("People can register from the first to the last day of registration."),
        ],
        CourseMove.CLOSE_REGISTRATION: [
            _(
                "Nobody can be nominated or apply any more. You can still select candidates and "
                "offer seats."
            )
        ],
        CourseMove.REOPEN_REGISTRATION: [_("People can be nominated and apply again.")],
        CourseMove.START: [_("Trainers can take attendance.")],
        CourseMove.COMPLETE: [
            _(
                "Everyone who was present in at least one session is marked as attended. The "
                "others are marked as no-show."
            ),
            _("Certificates can be issued."),
        ],
        CourseMove.REOPEN: [
            _(
                "Everyone marked as attended or no-show becomes confirmed again, and attendance "
                "can be changed."
            )
        ],
        CourseMove.CANCEL: [
            ngettext(
                "One registration ends, and we email the person.",
                "%(num)s registrations end, and we email each person.",
                living,
            ),
            _("We email the trainers."),
            _("This cannot be undone."),
        ],
    }[wanted]


def _done(wanted: CourseMove) -> str:
    return {
        CourseMove.PUBLISH: _("The course has been published."),
        CourseMove.CLOSE_REGISTRATION: _("Registration is closed."),
        CourseMove.REOPEN_REGISTRATION: _("Registration is open again."),
        CourseMove.START: _("The course has started."),
        CourseMove.COMPLETE: _("The course has been completed."),
        CourseMove.REOPEN: _("The course has been reopened."),
        CourseMove.CANCEL: _("The course has been cancelled, and everyone is told."),
    }[wanted]
