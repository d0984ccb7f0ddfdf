"""Exceptions from the share of hours: ask for one, approve it, remove it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.accounts import queries as accounts
from trainings.certificates import standing_queries, waiver_operations, waiver_queries
from trainings.certificates.forms import WaiverForm
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.people import reading
from trainings.register.models import Waiver
from trainings.web.access import requires, viewer
from trainings.web.forms import flashing_refusal, showing_refusal

bp = Blueprint("certificates_waiver", __name__)

_SELECT = Permission.REGISTRATION_SELECT


@bp.route("/courses/<code>/certificates/exceptions/<number>", methods=["GET", "POST"])
@requires(_SELECT)
def waiver(code: str, number: str) -> ResponseReturnValue:
    """Ask for an exception from the hours, or view the one that was asked for."""
    course = courses.course_for(viewer(), _SELECT, code)
    standing = standing_queries.of_number(course, number, scope="viewer")
    form = WaiverForm()
    if standing.waiver is None and form.validate_on_submit():
        with showing_refusal(form):
            waiver_operations.ask(course.id, number, form.reason.data, viewer())
            flash(_("The request has been sent. Another organiser has to approve it."), "success")
            return redirect(url_for(".waiver", code=code, number=number), code=303)
    names = reading.open([standing.person.id], by=viewer().account_id, purpose="certificates")
    return render_template(
        "certificates/waiver.html",
        course=course,
        form=form,
        standing=standing,
        name=names[standing.person.id].name,
        **_asked(standing.waiver),
    )


def _asked(waiver: Waiver | None) -> dict[str, Any]:
    """Why an exception was asked for, who asked and who approved it; these reads are logged too."""
    if waiver is None:
        return {"reason": "", "asked_by": "", "approved_by": "", "own": False}
    persons = accounts.persons_of({waiver.asked_by, waiver.approved_by or waiver.asked_by})
    names = reading.open(persons.values(), by=viewer().account_id, purpose="exceptions")
    who = {account: names[person].name for account, person in persons.items() if person in names}
    return {
        "reason": waiver_queries.reason(waiver),
        "asked_by": who.get(waiver.asked_by, ""),
        "approved_by": who.get(waiver.approved_by or "", ""),
        "own": waiver.asked_by == viewer().account_id,
    }


@bp.post("/courses/<code>/certificates/exceptions/<number>/approve")
@requires(_SELECT)
def approve(code: str, number: str) -> ResponseReturnValue:
    """Approve an exception that another organiser asked for."""
    course = courses.course_for(viewer(), _SELECT, code)
    with flashing_refusal():
        waiver_operations.approve(course.id, number, viewer())
        flash(
            _(
                "The exception has been approved. The missing hours no longer prevent a "
                "certificate."
            ),
            "success",
        )
    return redirect(url_for("certificates.index", code=code), code=303)


@bp.post("/courses/<code>/certificates/exceptions/<number>/refuse")
@requires(_SELECT)
def refuse(code: str, number: str) -> ResponseReturnValue:
    """Remove an exception."""
    course = courses.course_for(viewer(), _SELECT, code)
    with flashing_refusal():
        waiver_operations.refuse(course.id, number, viewer())
        flash(_("The exception has been removed."), "info")
    return redirect(url_for("certificates.index", code=code), code=303)
