"""Changes that wait: organisers approve or refuse them, participants take their own back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.change_requests import operations, queries
from trainings.change_requests.forms import APPROVE, ChangeForm, TakeBackForm
from trainings.change_requests.rules import SELECTED, NoLongerAsked
from trainings.core import paging
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.people import queries as people
from trainings.people import reading
from trainings.registrations import queries as registrations
from trainings.registrations.models import Registration
from trainings.web.access import requires, viewer
from trainings.web.fields import whole
from trainings.web.forms import flashing_refusal, showing_refusal

bp = Blueprint("change_requests", __name__)

SELECT = Permission.REGISTRATION_SELECT
SIZE = 30  # changes on a page


@bp.app_template_global()
def change_waits(registration: Registration) -> bool:
    """Whether a change of somebody's details waits for an organiser."""
    return registration.state in SELECTED and queries.request_of(registration.id) is not None


@bp.get("/courses/<code>/changes")
@requires(SELECT)
def index(code: str) -> ResponseReturnValue:
    """The changes of details that wait for an organiser; the look is logged."""
    course = courses.course_for(viewer(), SELECT, code)
    total = queries.how_many(course.id)
    page = paging.within(request.args.get("page", 1, whole), total, SIZE)
    found = queries.waiting(viewer(), course.id, page, SIZE)
    opened = reading.open(
        [one.person_id for one, _row in found], by=viewer().account_id, purpose="changes"
    )
    rows = [(row, one, queries.in_words(row, one, opened[one.person_id])) for one, row in found]
    return render_template(
        "change_requests/index.html",
        course=course,
        rows=rows,
        opened=opened,
        page=page,
        pages=paging.pages(total, SIZE),
        names=people.function_names(),
    )


@bp.route("/courses/<code>/registrations/<number>/change", methods=["GET", "POST"])
@requires(SELECT)
def decide(code: str, number: str) -> ResponseReturnValue:
    """Approve or refuse one person's change; the look is logged."""
    course = courses.course_for(viewer(), SELECT, code)
    found = registrations.registration_for(viewer(), SELECT, code, number)
    row = queries.request_of(found.id)
    back = url_for(".index", code=code)
    if row is None:
        flash(str(NoLongerAsked()), "info")
        return redirect(back, code=303)
    form = ChangeForm(data={"seen": row.id})
    if form.validate_on_submit():
        with showing_refusal(form):
            if form.decision.data == APPROVE:
                operations.approve(course.id, number, form.seen.data, viewer())
                flash(_("The details are changed, and we have emailed the person."), "success")
            else:
                operations.refuse(
                    course.id, number, form.seen.data, form.reason.data or "", viewer()
                )
                flash(_("The details stay as they are. We have emailed the person."), "success")
            return redirect(back, code=303)
    form.seen.data = row.id
    opened = reading.open([found.person_id], by=viewer().account_id, purpose="changes")
    return render_template(
        "change_requests/decide.html",
        course=course,
        registration=found,
        asked=row,
        person=opened[found.person_id],
        changes=queries.in_words(row, found, opened[found.person_id]),
        form=form,
        back_url=back,
    )


@bp.route("/my/registrations/<number>/change/take-back", methods=["GET", "POST"])
@requires(Permission.REGISTRATION_OWN)
def take_back(number: str) -> ResponseReturnValue:
    """Take back a change that one asked for, after a confirmation page."""
    mine = registrations.own_registration(viewer(), number)
    back = url_for("participants.show", number=mine.number)
    form = TakeBackForm()
    if form.validate_on_submit():
        with flashing_refusal():
            operations.take_back(number, viewer())
            flash(_("Your details stay as they are. You have taken the change back."), "success")
        return redirect(back, code=303)
    return render_template(
        "_confirm.html",
        form=form,
        title=_("Take the change back?"),
        act=_("Take back"),
        back_url=back,
        sentences=[_("Your details stay as they are. You can ask for the change again.")],
    )
