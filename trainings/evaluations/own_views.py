"""A participant's evaluation of a course they took part in."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.core import clock
from trainings.core.errors import Refusal
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.courses.models import Course
from trainings.evaluations import operations, queries
from trainings.evaluations.forms import EvaluationForm
from trainings.evaluations.rules import NotYet, Question, Statement, check_open
from trainings.registrations import queries as registrations
from trainings.registrations.models import Registration
from trainings.web.access import requires, viewer
from trainings.web.forms import showing_refusal

bp = Blueprint("evaluations_own", __name__)


def _closed(mine: Registration, course: Course) -> Refusal | None:
    """The reason why the evaluation cannot be given today, or None."""
    try:
        check_open(course.needs_evaluation, mine.state, course.ends_on, clock.today(course.zone))
    except Refusal as refusal:
        return refusal
    return None


@bp.app_template_global()
def evaluation_url(mine: Registration, course: Course, given: bool | None = None) -> str | None:
    """The URL where the viewer can give their evaluation, or None if none is due.

    ``given``: whether they have given it, if the caller already knows.
    """
    if _closed(mine, course) is not None:
        return None
    if queries.has_given(mine.id) if given is None else given:
        return None
    return url_for("evaluations_own.give", number=mine.number)


@bp.route("/my/evaluations/<number>", methods=["GET", "POST"])
@requires(Permission.REGISTRATION_OWN)
def give(number: str) -> ResponseReturnValue:
    """Say what I think of a course, anonymously and once."""
    mine = registrations.own_registration(viewer(), number)
    form = EvaluationForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.give(number, form.answers(), viewer())
            flash(_("Thank you. We have received your evaluation."), "success")
            return redirect(url_for(".give", number=number), code=303)
    closed = _closed(mine, mine.course)
    return render_template(
        "evaluations/own.html",
        mine=mine,
        course=mine.course,
        form=form,
        closed=closed,
        early=isinstance(closed, NotYet),
        given=queries.has_given(mine.id),
        statements=list(Statement),
        questions=list(Question),
    )
