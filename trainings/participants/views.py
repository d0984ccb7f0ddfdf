"""A participant's own registrations: their state and what comes next."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.change_requests import queries as change_queries
from trainings.core import clock
from trainings.core.errors import Refusal
from trainings.core.i18n import _, localized
from trainings.core.permissions import Permission
from trainings.courses.access_rules import Nearness
from trainings.courses.models import Course
from trainings.law_reviews import queries as law_reviews
from trainings.participants import operations
from trainings.participants.forms import ButtonForm, NameForm, WithdrawForm
from trainings.people import queries as people
from trainings.people import reading
from trainings.questions import queries as questions
from trainings.register import queries as register
from trainings.registrations import queries, rules
from trainings.registrations.models import Registration
from trainings.registrations.rules import HOLDS_SEAT, LIVE, TAKES_PART, Act, Performer, State
from trainings.seats import answer_operations, matrix_queries, waiting_queries
from trainings.seats.waiting_queries import ReservePlace
from trainings.seats.waiting_rules import what_must_happen
from trainings.web.access import requires, viewer
from trainings.web.forms import flashing_refusal, showing_refusal

bp = Blueprint("participants", __name__)

_OWN = Permission.REGISTRATION_OWN
_PAGES = "participants"


@bp.app_template_global()
def own_registration_url(course: Course) -> str | None:
    """The URL of the viewer's live registration in a course, or None."""
    mine = queries.own_live(viewer(), course.id)
    return url_for("participants.show", number=mine.number) if mine is not None else None


@bp.get("/my/registrations")
@requires(_OWN)
def index() -> ResponseReturnValue:
    """My registrations and unsent applications."""
    rows = queries.own(viewer())
    return render_template(
        f"{_PAGES}/index.html",
        rows=rows,
        unanswered=questions.unanswered([one.id for one in rows]),
        drafts=queries.own_drafts(viewer()),
        begun=Nearness.INVOLVED,
    )


@bp.get("/my/registrations/<number>")
@requires(_OWN)
def show(number: str) -> ResponseReturnValue:
    """One registration: its state, next steps and history."""
    mine = queries.own_registration(viewer(), number)
    waits = waiting_queries.reserve_place(mine)
    person = queries.as_given(mine, reading.opened([mine.person_id])[mine.person_id])
    last_day = change_queries.last_day(mine.course)
    return render_template(
        f"{_PAGES}/show.html",
        mine=mine,
        course=mine.course,
        live=mine.state in LIVE,
        person=person,
        last_day=last_day,
        before_last_day=clock.today(mine.course.zone) <= last_day,
        asked=change_queries.own_change(mine, person),
        functions=people.function_names(),
        waits=waits,
        must_happen=_must_happen(mine, waits),
        steps=queries.history(mine.id),
        unsent=queries.draft(viewer(), mine.course_id) is not None,
        printed_name=queries.printed_name(mine),
        may_name=mine.state in LIVE | HOLDS_SEAT and not register.name_is_issued(mine.id),
        laws=law_reviews.newest(mine.course) if mine.state in TAKES_PART else None,
        form=ButtonForm(),
    )


def _must_happen(mine: Registration, waits: ReservePlace | None) -> list[str]:
    """What would have to happen for somebody on the reserve list to get a seat."""
    if waits is None:
        return []
    course = mine.course
    opens = course.release_on if course.released_at is None else None
    seats = matrix_queries.matrix(course).fitting(mine.country, mine.function)
    return what_must_happen(seats, waits.place, opens)


@bp.post("/my/registrations/<number>/accept")
@requires(_OWN)
def accept(number: str) -> ResponseReturnValue:
    """Confirm the seat reserved for me."""
    mine = queries.own_registration(viewer(), number)
    shown_name = request.form.get("shown_name", "")
    onward = ".show" if mine.name_confirmed_at or shown_name else ".name"
    if mine.state is State.CONFIRMED:  # a second click
        return redirect(url_for(onward, number=number), code=303)
    target = ".show"
    with flashing_refusal():
        answer_operations.accept(number, viewer(), shown_name)
        flash(_("Your seat is confirmed."), "success")
        target = onward
    return redirect(url_for(target, number=number), code=303)


@bp.route("/my/registrations/<number>/decline", methods=["GET", "POST"])
@requires(_OWN)
def decline(number: str) -> ResponseReturnValue:
    """Decline the seat reserved for me, after a confirmation page."""
    mine = queries.own_registration(viewer(), number)
    if request.method == "GET" and not _may_still(Act.DECLINE, mine):
        return redirect(url_for(".show", number=number), code=303)
    form = ButtonForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            answer_operations.decline(number, viewer())
            flash(
                _("You have declined the seat. It goes to the next person on the reserve list."),
                "info",
            )
            return redirect(url_for(".show", number=number), code=303)
    return render_template(
        "_confirm.html",
        form=form,
        title=_("Decline the seat?"),
        act=_("Decline seat"),
        **_back_to(mine),
        sentences=[
            _("The seat held for you goes to the next person on the reserve list."),
            _("You cannot undo this. You would have to be nominated or apply again."),
        ],
    )


@bp.route("/my/registrations/<number>/withdraw", methods=["GET", "POST"])
@requires(_OWN)
def withdraw(number: str) -> ResponseReturnValue:
    """Withdraw my registration, after a confirmation page."""
    mine = queries.own_registration(viewer(), number)
    if request.method == "GET" and not _may_still(Act.WITHDRAW, mine):
        return redirect(url_for(".show", number=number), code=303)
    form = WithdrawForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            answer_operations.withdraw(number, form.reason.data or "", viewer())
            flash(_("You have withdrawn. The organisers can see this."), "info")
            return redirect(url_for(".show", number=number), code=303)
    sentences = [_("Your registration ends. The organisers and your focal point can see this.")]
    if mine.state in (State.OFFERED, State.CONFIRMED):
        sentences.append(_("Your seat goes to the next person on the reserve list."))
    sentences.append(_("You cannot undo this. You would have to be nominated or apply again."))
    return render_template(
        f"{_PAGES}/withdraw.html",
        form=form,
        title=_("Withdraw from the course?"),
        act=_("Withdraw from the course"),
        **_back_to(mine),
        sentences=sentences,
    )


def _may_still(act: Act, mine: Registration) -> bool:
    """Whether somebody may still do what an old link asks; if not, the next page says why."""
    try:
        rules.check(act, mine.state, performer=Performer.PERSON)
    except Refusal as refusal:
        flash(str(refusal), "error")
        return False
    return True


def _back_to(mine: Registration) -> dict[str, Any]:
    """Which course a question is about, and the way back to its page."""
    back_url = url_for(".show", number=mine.number)
    return {"back_url": back_url, "crumbs": [(localized(mine.course.titles), back_url)]}


def _kept_name(number: str) -> dict[str, str]:
    mine = queries.own_registration(viewer(), number)
    known = reading.opened([mine.person_id])[mine.person_id]
    return {
        "printed_name": queries.printed_name(mine) or known.name,
        "language": mine.certificate_language or mine.person.language,
    }


@bp.route("/my/registrations/<number>/name", methods=["GET", "POST"])
@requires(_OWN)
def name(number: str) -> ResponseReturnValue:
    """Check and confirm the name as the certificate will print it."""
    mine = queries.own_registration(viewer(), number)
    form = NameForm.of(lambda: _kept_name(number))
    if form.validate_on_submit() and "look" not in request.form:
        with showing_refusal(form):
            operations.confirm_name(number, form.printed_name.data, form.language.data, viewer())
            flash(_("You have confirmed your name for the certificate."), "success")
            return redirect(url_for(".show", number=number), code=303)
    return render_template(f"{_PAGES}/name.html", form=form, mine=mine, course=mine.course)
