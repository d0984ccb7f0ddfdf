"""Decisions about one candidate or several at once: said first, asked once, then done."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date

from trainings.core import clock
from trainings.core.access import requires, viewer
from trainings.core.errors import NotFound
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.core.web import flashing_refusal, safe_next, showing_refusal
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import queries as people
from trainings.registrations import (
    listing_queries,
    matrix_queries,
    nomination_operations,
    rules,
    selection_operations,
)
from trainings.registrations.decision_rules import (
    DECISIONS,
    Decision,
    NobodyChosen,
    decision,
    done_words,
    selected_words,
)
from trainings.registrations.desk_forms import ChooseForm, DecisionForm
from trainings.registrations.listing_rules import Row
from trainings.registrations.reserve_rules import last_day_of_offer
from trainings.registrations.rules import Act, Performer
from trainings.registrations.seating_rules import Group

bp = Blueprint("registrations_decision", __name__)

SELECT = Permission.REGISTRATION_SELECT
NOMINATE = Permission.REGISTRATION_NOMINATE
PERFORMERS = {SELECT: Performer.ORGANISER, NOMINATE: Performer.FOCAL_POINT}


@bp.post("/courses/<code>/registrations/choose")
@requires(SELECT)
def choose(code: str) -> ResponseReturnValue:
    """Go on with the ticked candidates of the organiser's list."""
    courses.course_for(viewer(), SELECT, code)
    return _go_on(".desk", code, url_for("registrations.index", code=code))


@bp.post("/courses/<code>/nominations/choose")
@requires(NOMINATE)
def choose_own(code: str) -> ResponseReturnValue:
    """Go on with the ticked candidates of one's own country; taking back needs no question."""
    course = courses.course_for(viewer(), NOMINATE, code)
    back = url_for("registrations_nominate.index", code=code)
    form = ChooseForm()
    if form.act.data != Act.RECALL:
        return _go_on(".country", code, back)
    with flashing_refusal():
        numbers = form.numbers.data or []
        if not numbers:
            raise NobodyChosen
        nomination_operations.recall(course.id, numbers, viewer())
        flash(done_words(Act.RECALL, len(numbers)), "success")
    return redirect(back, code=303)


def _go_on(endpoint: str, code: str, otherwise: str) -> ResponseReturnValue:
    form = ChooseForm()
    back = safe_next(form.back.data, otherwise)
    if not form.numbers.data:
        flash(str(NobodyChosen()), "error")
        return redirect(back, code=303)
    url = url_for(endpoint, code=code, act=form.act.data, number=form.numbers.data, back=back)
    return redirect(url, code=303)


@bp.route("/courses/<code>/registrations/decide", methods=["GET", "POST"])
@requires(SELECT)
def desk(code: str) -> ResponseReturnValue:
    """Select, unselect, reject or reconsider, after saying what will happen."""
    course = courses.course_for(viewer(), SELECT, code)
    return _decide(course, SELECT, url_for("registrations.index", code=code))


@bp.route("/courses/<code>/nominations/decide", methods=["GET", "POST"])
@requires(NOMINATE)
def country(code: str) -> ResponseReturnValue:
    """Endorse, reject or reconsider candidates of one's own country."""
    course = courses.course_for(viewer(), NOMINATE, code)
    return _decide(course, NOMINATE, url_for("registrations_nominate.index", code=code))


def _decide(course: Course, permission: Permission, otherwise: str) -> ResponseReturnValue:
    back = safe_next(request.args.get("back"), otherwise)
    wanted = request.args.getlist("number")
    if not wanted:  # the second click of a button comes back here
        return redirect(back, code=303)
    act = _act(permission)
    form = DecisionForm()
    if form.validate_on_submit() and form.numbers.data:
        with showing_refusal(form):
            flash(_do(act, course, form), "success")
            return redirect(back, code=303)
    chosen = listing_queries.chosen(viewer(), course, wanted, permission=permission)
    able = [row for row in chosen if rules.allows(act, row.state, PERFORMERS[permission])]
    if not able:
        if not chosen:
            raise NotFound
        flash(_("None of those chosen can be taken this step: look at their states."), "error")
        return redirect(back, code=303)
    words, seated = _foreseen(act, course, able)
    return render_template(
        "registrations/desk/decide.html", course=course, form=form, words=words, able=able,
        seated=seated, others=[row for row in chosen if row not in able], back_url=back,
        names=people.function_names(),
    )  # fmt: skip


def _act(permission: Permission) -> Act:
    wanted = request.args.get("act")
    for act in DECISIONS[PERFORMERS[permission]]:
        if act == wanted:
            return act
    raise NotFound


def _foreseen(act: Act, course: Course, able: list[Row]) -> tuple[Decision, dict[str, bool]]:
    """What will be said and, for a selection, who gets a seat as things stand."""
    if act is not Act.SELECT:
        return decision(act, len(able)), {}
    groups = [Group(row.country, row.function) for row in able]
    seats = matrix_queries.foreseen(course, groups)
    until = last_day_of_offer(clock.today(course.zone), course.offer_days, course.starts_on)
    words = decision(act, len(able), seats=sum(seats), until=str(format_date(until, "full")))
    return words, {row.number: seat for row, seat in zip(able, seats, strict=True)}


def _do(act: Act, course: Course, form: Any) -> str:
    """Do it, and give what came of it in words."""
    numbers, by = form.numbers.data, viewer()
    if act is Act.SELECT:
        outcome = selection_operations.select(course.id, numbers, by)
        return selected_words(len(outcome.offered), len(outcome.reserve))
    if act is Act.UNSELECT:
        selection_operations.unselect(course.id, numbers, by)
    elif act is Act.REJECT:
        nomination_operations.reject(course.id, numbers, form.reason.data or "", by)
    elif act is Act.ENDORSE:
        nomination_operations.endorse(course.id, numbers, by)
    else:
        nomination_operations.reconsider(course.id, numbers, by)
    return done_words(act, len(numbers))
