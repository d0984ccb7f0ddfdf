"""Registers somebody directly: by an invitation, or on the day they come to the course."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.core.i18n import _, countries
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import queries as people
from trainings.people import reading
from trainings.registrations import queries
from trainings.registrations.candidate_rules import MaybeKnown
from trainings.registrations.forms import CandidateForm
from trainings.registrations.rules import State
from trainings.selection import operations
from trainings.web.access import requires, viewer
from trainings.web.forms import showing_refusal

bp = Blueprint("selection_invitation", __name__)

SELECT = Permission.REGISTRATION_SELECT


def _form(course: Course) -> CandidateForm:
    form = CandidateForm()
    form.country.choices = {"": _("Choose"), **dict(countries(course.countries))}
    names = people.function_names()
    invited = {code: names[code] for code in names if code in course.functions}
    form.function.choices = {"": _("Choose"), **invited}
    return form


@bp.route("/courses/<code>/registrations/invite", methods=["GET", "POST"])
@requires(SELECT)
def new(code: str) -> ResponseReturnValue:
    """Invite a person: they are offered a seat by email, or wait on the reserve list."""
    course = courses.course_for(viewer(), SELECT, code)
    form = _form(course)
    if form.validate_on_submit() and (number := _registered(course, form, operations.invite)):
        found = queries.registration_for(viewer(), SELECT, code, number)
        if found.state is State.OFFERED:
            flash(_("%(number)s is offered a seat by email.", number=number), "success")
        else:
            words = _("No suitable seat is free: %(number)s is on the reserve list.", number=number)
            flash(words, "info")
        return redirect(url_for("selection.show", code=code, number=number), code=303)
    return render_template("selection/invite.html", course=course, form=form)


@bp.route("/courses/<code>/registrations/walk-in", methods=["GET", "POST"])
@requires(SELECT)
def walk_in(code: str) -> ResponseReturnValue:
    """Seat a person who came to the course without a registration."""
    course = courses.course_for(viewer(), SELECT, code)
    form = _form(course)
    if form.validate_on_submit() and (number := _registered(course, form, operations.walk_in)):
        flash(_("%(number)s has a confirmed seat.", number=number), "success")
        return redirect(url_for("selection.show", code=code, number=number), code=303)
    return render_template("selection/walk_in.html", course=course, form=form)


def _registered(course: Course, form: CandidateForm, register: Callable[..., str]) -> str:
    """The number of the new registration; empty if it was refused, which the form then says."""
    number = ""
    with showing_refusal(form):
        try:
            number = register(course.id, form.candidate(), viewer(), others=form.others)
        except MaybeKnown as refusal:
            who = reading.open(
                refusal.persons.values(), by=viewer().account_id, purpose="same person"
            )
            form.ask(refusal, who)
            raise
    return number
