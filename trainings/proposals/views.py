"""Pages on which a timetable is proposed, looked at beside what stands, and accepted or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.agenda.act_rules import Entry
from trainings.agenda.grid_rules import Shown, by_day, days_from, grid
from trainings.agenda.rules import speech_words
from trainings.core import clock
from trainings.core.errors import Refusal
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.courses.models import Course
from trainings.proposals import operations, queries, reason_rules
from trainings.proposals.forms import ProposalForm
from trainings.proposals.models import TimetableProposal
from trainings.proposals.rules import SECONDS, Outdated, SearchState
from trainings.scheduling import queries as scheduling
from trainings.scheduling.plan_views import (
    break_names,
    course_to_edit,
    day_choices,
    names_of,
    title_of,
)
from trainings.scheduling.queries import Plan, to_schedule
from trainings.web.access import requires, viewer
from trainings.web.forms import Form, showing_refusal

bp = Blueprint("proposals", __name__, url_prefix="/courses/<code>/agenda/proposal")

P = Permission


def _form(course: Course, plan: Plan) -> ProposalForm:
    """The form as it opens: every day, in a frame into which all that is to be scheduled fits."""
    days = days_from(course.starts_on, course.ends_on)
    frame = queries.usual_frame_of(plan, days)
    form = ProposalForm(
        data={
            "days": [day.isoformat() for day in days],
            "starts_at": frame.starts_at,
            "ends_at": frame.ends_at,
            "length": frame.session,
            "pause": frame.pause,
            "lunch_at": frame.lunch_at,
            "lunch": frame.lunch,
        }
    )
    form.days.choices = day_choices(course)
    return form


@bp.route("", methods=["GET", "POST"])
@requires(P.AGENDA_EDIT)
def show(code: str) -> ResponseReturnValue:
    """What is proposed for a course, beside what stands; or the form that asks for it."""
    course = course_to_edit(code)
    plan = scheduling.plan(course, persons=True)
    form = _form(course, plan)
    if form.validate_on_submit():
        with showing_refusal(form):
            days = [date.fromisoformat(one) for one in form.days.data]
            operations.ask(course.id, days, form.frame(), form.weights(), by=viewer())
            return redirect(url_for(".show", code=code), code=303)
    asked = queries.proposal_of(course.id)
    return render_template(
        "proposals/show.html",
        course=course,
        form=form,
        button=Form(),
        waiting=[title_of(one.entry, plan) for one in to_schedule(plan)],
        asked=asked,
        standing=asked.standing if asked else None,
        **(_seconds(asked) if asked else {}),
        **(_found(course, plan, asked) if asked and asked.standing is SearchState.FOUND else {}),
    )


@bp.get("/progress")
@requires(P.AGENDA_EDIT)
def progress(code: str) -> ResponseReturnValue:
    """How long the search has taken; the page loads again when it has ended."""
    course = course_to_edit(code)
    asked = queries.proposal_of(course.id)
    if asked is None or asked.standing is not SearchState.WAITING:
        return Response(headers={"HX-Refresh": "true"})
    return render_template("proposals/_progress.html", course=course, **_seconds(asked))


def _seconds(asked: TimetableProposal) -> dict[str, int]:
    spent = int((clock.now() - asked.asked_at).total_seconds())
    return {"spent": min(max(spent, 0), SECONDS), "seconds": SECONDS}


@bp.post("/accept")
@requires(P.AGENDA_EDIT)
def accept(code: str) -> ResponseReturnValue:
    """Put what is proposed into the agenda."""
    course = course_to_edit(code)
    try:
        operations.accept(course.id, break_names(), by=viewer())
    except Refusal as refusal:
        flash(str(refusal), "error")
        return redirect(url_for(".show", code=code), code=303)
    flash(_("The proposal is in the agenda. One step of “Undo” takes all of it back."), "success")
    return redirect(url_for("agenda.show", code=code), code=303)


@bp.post("/discard")
@requires(P.AGENDA_EDIT)
def discard(code: str) -> ResponseReturnValue:
    """Forget what is proposed."""
    operations.discard(course_to_edit(code).id, by=viewer())
    flash(_("The proposal has been discarded. The agenda is as it was."), "success")
    return redirect(url_for(".show", code=code), code=303)


def _found(course: Course, plan: Plan, asked: TimetableProposal) -> dict[str, Any]:
    """The proposal beside what stands, day by day, and the wishes that it does not meet."""
    problem = queries.problem_asked(asked, plan)
    if queries.digest(problem) != asked.digest:
        return {"outdated": str(Outdated())}
    names = names_of(plan)
    proposed = queries.entries_proposed(plan, problem, asked, break_names())
    stands = {key: one for key, one in plan.entries.items() if one.day and key not in proposed}
    shown = _shown({**stands, **{key: one for key, one in proposed.items() if one}}, plan, names)
    marks = dict.fromkeys(proposed, _("Proposed"))
    days = days_from(course.starts_on, course.ends_on)
    unmet = reason_rules.unmet(problem, queries.placed_in(problem, asked))
    return {
        "outdated": "",
        "days_planned": [
            grid(day, some, {}, {}, marks) for day, some in by_day(shown, days).items()
        ],
        "placed": len(asked.placed),
        "wanted": len(problem.wanted),
        "unmet": [(one.day, _named(str(one), names)) for one in unmet],
    }


def _named(sentence: str, names: Mapping[str, str]) -> str:
    for key, name in names.items():
        sentence = sentence.replace(f"{{{key}}}", name)
    return sentence


def _shown(entries: Mapping[str, Entry], plan: Plan, names: Mapping[str, str]) -> Sequence[Shown]:
    rooms = {room.id: room.name for room in plan.rooms}
    return [
        Shown(
            id=key,
            day=one.start.date(),
            starts_at=one.start.time(),
            ends_at=one.end.time(),
            kind=one.kind,
            title=title_of(one, plan),
            room=rooms.get(one.room_id or "", ""),
            trainers=tuple(sorted(names[who] for who in one.trainers if who in names)),
            speech=speech_words(one.languages, one.interpreted),
        )
        for key, one in entries.items()
        if one.start and one.end
    ]
