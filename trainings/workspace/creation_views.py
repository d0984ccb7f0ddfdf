"""Planning a course: how to begin, one step a page, the summary."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.core import clock
from trainings.core.access import requires, viewer
from trainings.core.errors import NotFound
from trainings.core.i18n import _, localized
from trainings.core.permissions import Permission
from trainings.core.web import showing_refusal
from trainings.courses import queries as courses
from trainings.courses.forms import ActForm
from trainings.courses.section_rules import (
    DEFAULTS,
    Section,
    from_answers,
    is_filled,
    suggested_registration,
)
from trainings.workspace import creation_operations, plan_queries
from trainings.workspace.forms import FORMS, SectionForm, StartForm
from trainings.workspace.models import CoursePlan
from trainings.workspace.option_queries import options
from trainings.workspace.rules import agencies_of
from trainings.workspace.summary_queries import summary

bp = Blueprint("workspace_creation", __name__)

P = Permission
STEPS = tuple(Section)


@bp.route("/courses/new", methods=["GET", "POST"])
@requires(P.COURSE_CREATE)
def start() -> ResponseReturnValue:
    """Begin to plan a course: from nothing, from a template, like an earlier course."""
    if not agencies_of(viewer()):
        raise NotFound
    templates = courses.courses_for(viewer(), P.COURSE_CREATE, templates=True)
    earlier = courses.courses_for(viewer(), P.COURSE_CREATE)
    form = StartForm(data={"source": request.args.get("like", "")})
    form.source.choices = [
        ("", _("From nothing")),
        *((one.code, _("From the template “%(title)s”", title=localized(one.titles)))
          for one in templates),
        *((one.code, _("Like %(title)s (%(code)s)", title=localized(one.titles), code=one.code))
          for one in earlier),
    ]  # fmt: skip
    if form.validate_on_submit():
        plan_id = creation_operations.begin_plan(
            viewer(), form.source.data, request.args.get("programme", "")
        )
        return redirect(url_for(".step", plan_id=plan_id, name=STEPS[0]), code=303)
    return render_template("workspace/start.html", form=form, plans=plan_queries.plans_of(viewer()))


@bp.route("/courses/new/<plan_id>/<name>", methods=["GET", "POST"])
@requires(P.COURSE_CREATE)
def step(plan_id: str, name: str) -> ResponseReturnValue:
    """One step of planning a course."""
    section = _section(name)
    plan = plan_queries.plan_of(viewer(), plan_id)
    form = _form(plan, section)
    if form.validate_on_submit():
        with showing_refusal(form):
            creation_operations.keep_step(viewer(), plan_id, section, form.values())
            if request.form.get("later"):
                flash(_("Kept. You find it under “Plan a course”."), "success")
                return redirect(url_for("courses.index"), code=303)
            return redirect(_after(plan_id, section), code=303)
    return render_template(
        "workspace/step.html", form=form, plan=plan, section=section,
        number=STEPS.index(section) + 1, of=len(STEPS) + 1, back_url=_before(plan_id, section),
    )  # fmt: skip


def _section(name: str) -> Section:
    try:
        return Section(name)
    except ValueError:
        raise NotFound from None


def _form(plan: CoursePlan, section: Section) -> SectionForm:
    """The form of a step, beginning with what was kept, else with what is usual."""
    kept = from_answers(plan.answers)
    values: dict[str, Any] = {**DEFAULTS, **kept}
    leads = agencies_of(viewer())
    if section is Section.BASICS:
        values.setdefault("lead_agency_id", leads[0] if leads else "")
    if section is Section.REGISTRATION and "release_on" not in kept and "starts_on" in kept:
        like = courses.by_id(plan.source_id) if plan.source_id else None
        dates = courses.values_of_days(like) if like is not None else {}
        today = clock.today(kept["zone"])
        values.update(suggested_registration(kept["starts_on"], today, dates))
    form = FORMS[section](data=FORMS[section].begin(values))
    form.offer(options(section, leads))
    return form


def _after(plan_id: str, section: Section) -> str:
    place = STEPS.index(section) + 1
    if request.args.get("back") or place == len(STEPS):
        return url_for(".check", plan_id=plan_id)
    return url_for(".step", plan_id=plan_id, name=STEPS[place])


def _before(plan_id: str, section: Section) -> str:
    place = STEPS.index(section)
    if request.args.get("back"):
        return url_for(".check", plan_id=plan_id)
    return url_for(".step", plan_id=plan_id, name=STEPS[place - 1]) if place else url_for(".start")


@bp.route("/courses/new/<plan_id>", methods=["GET", "POST"])
@requires(P.COURSE_CREATE)
def check(plan_id: str) -> ResponseReturnValue:
    """The summary of a plan, and the button that makes the course."""
    plan = plan_queries.plan_of(viewer(), plan_id)
    values = {**DEFAULTS, **from_answers(plan.answers)}
    for section in STEPS:
        if not is_filled(section, values):
            return redirect(url_for(".step", plan_id=plan_id, name=section), code=303)
    form = ActForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            code = creation_operations.create_from_plan(viewer(), plan_id)
            flash(_("The course is there as a draft. Nobody has been told yet."), "success")
            return redirect(url_for("workspace.show", code=code), code=303)
    return render_template(
        "workspace/check.html", form=form, plan=plan, number=len(STEPS) + 1, of=len(STEPS) + 1,
        parts=[
            (section, summary(section, values),
             url_for(".step", plan_id=plan_id, name=section, back=1))
            for section in STEPS
        ],
    )  # fmt: skip


@bp.route("/courses/new/<plan_id>/drop", methods=["GET", "POST"])
@requires(P.COURSE_CREATE)
def drop(plan_id: str) -> ResponseReturnValue:
    """Give up a plan."""
    plan_queries.plan_of(viewer(), plan_id)
    form = ActForm()
    if form.validate_on_submit():
        creation_operations.drop_plan(viewer(), plan_id)
        flash(_("The plan is removed."), "success")
        return redirect(url_for("courses.index"), code=303)
    return render_template(
        "_confirm.html", form=form, title=_("Give up this plan?"), act=_("Remove the plan"),
        sentences=[_("What was typed is removed. No course is touched.")],
        back_url=url_for(".check", plan_id=plan_id),
    )  # fmt: skip
