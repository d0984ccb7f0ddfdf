"""The network of a course: its picture for who takes part, its waves for its organisers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.agenda import queries as agenda
from trainings.core import clock
from trainings.core.dates import in_full
from trainings.core.errors import NotFound
from trainings.core.i18n import _, localized, ngettext
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.forms import ActForm
from trainings.courses.models import Course
from trainings.networks import operations, queries, shown_queries
from trainings.networks.forms import NetworkPlanForm
from trainings.networks.group_rules import ORGANISERS, OTHERS
from trainings.networks.rules import WaveKind, WaveState, last_day, usual_days
from trainings.web.access import requires, viewer
from trainings.web.forms import Form, showing_refusal

bp = Blueprint("networks", __name__, url_prefix="/courses/<code>/network")

EDIT, WORK = operations.EDIT, Permission.COURSE_WORK


@bp.get("")
@requires(Permission.HOME_SEE)
def show(code: str) -> ResponseReturnValue:
    """With whom people of a course are in contact: for its staff and those who take part."""
    try:
        course = courses.course_for(viewer(), WORK, code)
    except NotFound:
        return _taking_part(code)
    edits = courses.may(viewer(), EDIT, course)
    there = queries.waves(course.id)
    fewest = ORGANISERS if edits else OTHERS
    return render_template(
        "networks/show.html",
        course=course,
        edits=edits,
        waves=[_row(course, kind, there) for kind in WaveKind],
        shown=shown_queries.shown(course, there, fewest, request.args.get("wave", "")),
        seen=list(shown_queries.networks(there, fewest)),
        fewest=fewest,
    )


def _taking_part(code: str) -> str:
    """The page of somebody with a confirmed seat. Raises ``NotFound``."""
    course = courses.by_code(code)
    if not agenda.takes_part(viewer(), course.id):
        raise NotFound
    there = queries.waves(course.id)
    return render_template(
        "networks/read.html",
        title=localized(course.titles),
        crumbs=[(localized(course.titles), url_for("agenda.show", code=code))],
        shown=shown_queries.shown(course, there, OTHERS, request.args.get("wave", "")),
        seen=list(shown_queries.networks(there, OTHERS)),
        fewest=OTHERS,
    )


def _row(course: Course, kind: WaveKind, there: Any) -> dict[str, Any]:
    """One wave as the list of an organiser shows it."""
    wave = there.get(kind)
    state = wave.state if wave else WaveState.UNPLANNED
    answered = 0
    if state is WaveState.OPEN:
        answered = queries.answered(wave.id)
    elif state is WaveState.CLOSED:
        answered = (wave.counted or {}).get("answered", 0)
    return {"kind": kind, "wave": wave, "state": state, "answered": answered}


@bp.route("/plan", methods=["GET", "POST"])
@requires(EDIT)
def plan(code: str) -> ResponseReturnValue:
    """The days on which people are asked."""
    course = courses.course_for(viewer(), EDIT, code)
    usual = usual_days(course.starts_on, course.ends_on)
    today = clock.today(course.zone)

    def kept() -> dict[str, Any]:
        coming = {kind: day for kind, day in usual.items() if day >= today}
        return NetworkPlanForm.begin(queries.waves(course.id), coming)

    form = NetworkPlanForm.of(kept)
    form.without_sent(queries.waves(course.id))
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.plan(course.id, form.days(), viewer())
            flash(_("Saved."), "success")
            return redirect(url_for(".show", code=code), code=303)
    return render_template("networks/plan.html", course=course, form=form)


@bp.route("/<any(start,end,three,six):wave>/send", methods=["GET", "POST"])
@requires(EDIT)
def send(code: str, wave: str) -> ResponseReturnValue:
    """Ask now, after one confirmation."""
    course = courses.course_for(viewer(), EDIT, code)
    kind, form = WaveKind(wave), ActForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            told = operations.send(course.id, kind, viewer())
            flash(
                ngettext("%(num)s person was asked.", "%(num)s people were asked.", told), "success"
            )
            return redirect(url_for(".show", code=code), code=303)
    today = clock.today(course.zone)
    sentences = [
        _("Everybody with a confirmed seat gets an email with a link of their own."),
        _(
            "They can answer until %(day)s. We remind those who have not answered once, halfway.",
            day=in_full(last_day(kind, today, course.starts_on)),
        ),
        _("The questions are about three minutes' work and need no account."),
    ]
    return _asked(course, form, _("Ask now: %(wave)s", wave=kind.label), sentences, danger=False)


@bp.route("/<any(start,end,three,six):wave>/close", methods=["GET", "POST"])
@requires(EDIT)
def close(code: str, wave: str) -> ResponseReturnValue:
    """Close a wave before its last day, after one confirmation."""
    course = courses.course_for(viewer(), EDIT, code)
    kind, form = WaveKind(wave), ActForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            answered = operations.close(course.id, kind, viewer())
            flash(
                ngettext("Closed, with %(num)s answer.", "Closed, with %(num)s answers.", answered),
                "success",
            )
            return redirect(url_for(".show", code=code, wave=wave), code=303)
    sentences = [
        _("Nobody can answer or change an answer any more."),
        _("Sums over groups are kept and shown; the answers themselves are deleted."),
        _("This cannot be undone."),
    ]
    return _asked(course, form, _("Close: %(wave)s", wave=kind.label), sentences)


def _asked(
    course: Course, form: Form, act: str, sentences: list[str], *, danger: bool = True
) -> str:
    """The confirmation before an act on a wave."""
    back = url_for(".show", code=course.code)
    return render_template(
        "_confirm.html",
        form=form,
        title=act,
        act=act,
        crumbs=[
            (localized(course.titles), url_for("desk.show", code=course.code)),
            (_("Network"), back),
        ],
        sentences=sentences,
        back_url=back,
        danger=danger,
    )
