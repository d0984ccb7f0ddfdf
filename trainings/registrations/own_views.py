"""A participant's own registrations: where they stand and what comes next."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.core.access import requires, viewer
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.core.web import flashing_refusal, showing_refusal
from trainings.courses.models import Course
from trainings.people import queries as people
from trainings.people import reading
from trainings.registrations import (
    person_operations,
    queries,
    seat_queries,
    selection_operations,
)
from trainings.registrations.own_forms import ButtonForm, NameForm, WithdrawForm
from trainings.registrations.rules import LIVE, State

bp = Blueprint("registrations_own", __name__)

_OWN = Permission.REGISTRATION_OWN
_PAGES = "registrations/own"


@bp.app_template_global()
def own_registration_url(course: Course) -> str | None:
    """Where the viewer's own live registration on a course is, if they have one."""
    mine = queries.own_live(viewer(), course.id)
    return url_for("registrations_own.show", number=mine.number) if mine is not None else None


@bp.get("/my/registrations")
@requires(_OWN)
def index() -> ResponseReturnValue:
    """My registrations, and applications that I have not sent yet."""
    return render_template(
        f"{_PAGES}/index.html", rows=queries.own(viewer()), drafts=queries.own_drafts(viewer())
    )


@bp.get("/my/registrations/<number>")
@requires(_OWN)
def show(number: str) -> ResponseReturnValue:
    """One registration: its state, what is next, what happened."""
    mine = queries.own_registration(viewer(), number)
    return render_template(
        f"{_PAGES}/show.html", mine=mine, course=mine.course, live=mine.state in LIVE,
        person=reading.opened([mine.person_id])[mine.person_id],
        functions=people.function_names(),
        waits=seat_queries.why_waiting(mine), steps=queries.history(mine.id),
        unsent=queries.draft(viewer(), mine.course_id) is not None,
        printed_name=queries.printed_name(mine), form=ButtonForm(),
    )  # fmt: skip


@bp.post("/my/registrations/<number>/accept")
@requires(_OWN)
def accept(number: str) -> ResponseReturnValue:
    """Confirm the seat that is held for me."""
    mine = queries.own_registration(viewer(), number)
    onward = ".show" if mine.name_confirmed_at else ".name"
    if mine.state is State.CONFIRMED:  # a second click
        return redirect(url_for(onward, number=number), code=303)
    target = ".show"
    with flashing_refusal():
        selection_operations.accept(number, viewer())
        flash(_("Your seat is confirmed."), "success")
        target = onward
    return redirect(url_for(target, number=number), code=303)


@bp.route("/my/registrations/<number>/decline", methods=["GET", "POST"])
@requires(_OWN)
def decline(number: str) -> ResponseReturnValue:
    """Say no to the seat that is held for me; asked once."""
    mine = queries.own_registration(viewer(), number)
    form = ButtonForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            selection_operations.decline(number, viewer())
            flash(_("You declined the seat. It goes to the next on the reserve list."), "info")
            return redirect(url_for(".show", number=number), code=303)
    return render_template(
        "_confirm.html", form=form, title=_("Decline the seat?"), act=_("Decline the seat"),
        back_url=url_for(".show", number=mine.number),
        sentences=[
            _("The seat that is held for you goes to the next person on the reserve list."),
            _("You cannot take it back; you would have to be nominated or apply again."),
        ],
    )  # fmt: skip


@bp.route("/my/registrations/<number>/withdraw", methods=["GET", "POST"])
@requires(_OWN)
def withdraw(number: str) -> ResponseReturnValue:
    """Take my registration back; asked once."""
    mine = queries.own_registration(viewer(), number)
    form = WithdrawForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            selection_operations.withdraw(number, form.reason.data or "", viewer())
            flash(_("You have withdrawn. The organisers see it at once."), "info")
            return redirect(url_for(".show", number=number), code=303)
    sentences = [_("Your registration ends; the organisers and your focal point see it.")]
    if mine.state in (State.OFFERED, State.CONFIRMED):
        sentences.append(_("Your seat goes to the next person on the reserve list."))
    return render_template(
        f"{_PAGES}/withdraw.html", form=form, title=_("Withdraw from the course?"),
        act=_("Withdraw"), back_url=url_for(".show", number=number), sentences=sentences,
    )  # fmt: skip


@bp.route("/my/registrations/<number>/name", methods=["GET", "POST"])
@requires(_OWN)
def name(number: str) -> ResponseReturnValue:
    """Check the name as the certificate shall print it, and confirm it."""
    mine = queries.own_registration(viewer(), number)
    known = reading.opened([mine.person_id])[mine.person_id]
    form = NameForm(
        printed_name=queries.printed_name(mine) or known.name,
        language=mine.certificate_language or mine.person.language,
    )
    if form.validate_on_submit() and "look" not in request.form:
        with showing_refusal(form):
            person_operations.confirm_name(
                number, form.printed_name.data, form.language.data, viewer()
            )
            flash(_("Your name for the certificate is confirmed."), "success")
            return redirect(url_for(".show", number=number), code=303)
    return render_template(f"{_PAGES}/name.html", form=form, mine=mine, course=mine.course)
