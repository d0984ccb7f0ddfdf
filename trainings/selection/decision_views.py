"""Decisions about one or several candidates: explained, confirmed once, then carried out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.core import clock
from trainings.core.dates import with_weekday
from trainings.core.errors import NotFound
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.nominations import operations as nomination_operations
from trainings.people import queries as people
from trainings.registrations import listing_queries, rules
from trainings.registrations.listing_rules import Row
from trainings.registrations.rules import Act, Performer, State
from trainings.seats import answer_operations, matrix_queries
from trainings.seats.matrix_queries import Foreseen
from trainings.seats.offer_rules import last_day_of_offer
from trainings.seats.placing_rules import Group
from trainings.selection import operations
from trainings.selection.forms import ChooseForm, DecisionForm
from trainings.selection.rules import (
    DECISIONS,
    PERFORMERS,
    Decision,
    NobodyChosen,
    decision,
    done_words,
    selected_words,
)
from trainings.web.access import requires, viewer
from trainings.web.forms import showing_refusal
from trainings.web.responses import safe_next

bp = Blueprint("selection_decision", __name__)

SELECT = Permission.REGISTRATION_SELECT
NOMINATE = Permission.REGISTRATION_NOMINATE


@bp.post("/courses/<code>/registrations/choose")
@requires(SELECT)
def choose(code: str) -> ResponseReturnValue:
    """Continue with the ticked candidates of the organiser's list."""
    courses.course_for(viewer(), SELECT, code)
    return _go_on(".desk", code, url_for("selection.index", code=code))


@bp.post("/courses/<code>/nominations/choose")
@requires(NOMINATE)
def choose_own(code: str) -> ResponseReturnValue:
    """Continue with the ticked candidates from one's own country."""
    courses.course_for(viewer(), NOMINATE, code)
    return _go_on(".country", code, url_for("nominations.index", code=code))


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
    """Select, unselect, reject or reconsider, after explaining what will happen."""
    course = courses.course_for(viewer(), SELECT, code)
    return _decide(course, SELECT, url_for("selection.index", code=code))


@bp.route("/courses/<code>/nominations/decide", methods=["GET", "POST"])
@requires(NOMINATE)
def country(code: str) -> ResponseReturnValue:
    """Endorse or not, reject or not, or offer a held seat to, candidates of one's own country."""
    course = courses.course_for(viewer(), NOMINATE, code)
    return _decide(course, NOMINATE, url_for("nominations.index", code=code))


def _decide(course: Course, permission: Permission, otherwise: str) -> ResponseReturnValue:
    back = safe_next(request.args.get("back"), otherwise)
    wanted = request.args.getlist("number")
    if not wanted:  # the second click of a button comes back here
        return redirect(back, code=303)
    act = _act(permission)
    form = DecisionForm()
    if form.validate_on_submit() and form.numbers.data:
        with showing_refusal(form):
            flash(_do(act, permission, course, form), "success")
            return redirect(back, code=303)

    def may(state: State) -> bool:
        return rules.allows(act, state, PERFORMERS[permission])

    chosen = listing_queries.chosen(viewer(), course, wanted, may, permission=permission)
    if not chosen:
        flash(
            _("This step is not possible for any of the chosen candidates. Check their status."),
            "error",
        )
        return redirect(back, code=303)
    able = [row for row in chosen if may(row.state)]
    words, seated = _foreseen(act, PERFORMERS[permission], course, able)
    return render_template(
        "selection/decide.html",
        course=course,
        form=form,
        words=words,
        able=able,
        seated=seated,
        others=[row for row in chosen if row not in able],
        back_url=back,
        names=people.function_names(),
    )


def _act(permission: Permission) -> Act:
    wanted = request.args.get("act")
    for act in DECISIONS[PERFORMERS[permission]]:
        if act == wanted:
            return act
    raise NotFound


def _foreseen(
    act: Act, performer: Performer, course: Course, able: list[Row]
) -> tuple[Decision, dict[str, tuple[State, Foreseen | None]]]:
    """The explanation and, for a selection, the seat each candidate gets as things are now."""
    until = last_day_of_offer(clock.today(course.zone), course.offer_days, course.starts_on)
    if act is not Act.SELECT:
        return decision(act, len(able), performer, until=with_weekday(until)), {}
    groups = [Group(row.country, row.function) for row in able]
    seats = matrix_queries.foreseen(course, groups)
    taken = sum(seat is not None for seat in seats)
    words = decision(act, len(able), performer, seats=taken, until=with_weekday(until))
    after = [(State.OFFERED if seat else State.RESERVE, seat) for seat in seats]
    return words, {row.number: one for row, one in zip(able, after, strict=True)}


def _do(act: Act, permission: Permission, course: Course, form: Any) -> str:
    """Carry out the decision, and return the outcome in words."""
    numbers, by = form.numbers.data, viewer()
    if act is Act.SELECT:
        outcome = operations.select(course.id, numbers, by)
        return selected_words(len(outcome.offered), len(outcome.reserve))
    if act is Act.UNSELECT:
        operations.unselect(course.id, numbers, by)
    elif act is Act.REJECT:
        nomination_operations.reject(course.id, numbers, form.reason.data or "", by)
    elif act is Act.WALK_IN:
        operations.seat_on_the_day(course.id, numbers, by)
    elif act is Act.REPLACE:
        answer_operations.give_held_seats(course.id, numbers, by)
    elif act is Act.OVERRIDE:
        nomination_operations.override(course.id, numbers, form.reason.data or "", by)
    elif act is Act.RECALL:
        country = permission is NOMINATE
        undo = nomination_operations.recall if country else nomination_operations.take_back
        undo(course.id, numbers, by)
    elif act is Act.ENDORSE:
        nomination_operations.endorse(course.id, numbers, by)
    else:
        nomination_operations.reconsider(course.id, numbers, by)
    return done_words(act, len(numbers))
