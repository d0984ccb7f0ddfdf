"""Planning a course: how to start, one step per page, the summary."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField

from trainings.agencies.rules import agencies_of
from trainings.core import clock
from trainings.core.errors import NotFound
from trainings.core.i18n import _, localized, ngettext
from trainings.core.permissions import Permission
from trainings.courses import public_queries
from trainings.courses import queries as courses
from trainings.courses.forms import ActForm
from trainings.planning import creation_operations, plan_queries
from trainings.planning.forms import FORMS, SectionForm, StartForm
from trainings.planning.models import CoursePlan
from trainings.planning.section_rules import (
    DEFAULTS,
    TYPED,
    Section,
    from_answers,
    is_filled,
    suggested_registration,
)
from trainings.planning.summary_queries import options, summary
from trainings.programmes import course_queries as lessons
from trainings.web.access import requires, viewer
from trainings.web.forms import show_refusals, showing_refusal

bp = Blueprint("planning_creation", __name__)

P = Permission
STEPS = tuple(Section)


@bp.route("/courses/new", methods=["GET", "POST"])
@requires(P.COURSE_CREATE)
def start() -> ResponseReturnValue:
    """Start planning a course: from nothing, from a template, or like an earlier course."""
    if not agencies_of(viewer()):
        raise NotFound
    templates = courses.courses_for(viewer(), P.COURSE_CREATE, templates=True)
    words, like = request.args.get("find", ""), request.args.get("like", "")
    earlier = public_queries.earlier(viewer(), words, request.form.get("source", like))
    form = StartForm(data={"source": like})
    form.source.choices = [
        ("", _("From scratch")),
        *(
            (one.code, _("From the template “%(title)s”", title=localized(one.titles)))
            for one in templates
        ),
        *(
            (one.code, _("Like %(title)s (%(code)s)", title=localized(one.titles), code=one.code))
            for one in earlier.rows
        ),
    ]
    if form.validate_on_submit():
        plan_id = creation_operations.begin_plan(
            viewer(), form.source.data, request.args.get("programme", "")
        )
        return redirect(url_for(".step", plan_id=plan_id, name=STEPS[0]), code=303)
    return render_template(
        "planning/start.html",
        form=form,
        plans=plan_queries.plans_of(viewer()),
        words=words,
        many=bool(words) or earlier.pages > 1,
        found=bool(earlier.rows) or not words,
    )


@bp.route("/courses/new/<plan_id>/<name>", methods=["GET", "POST"])
@requires(P.COURSE_CREATE)
def step(plan_id: str, name: str) -> ResponseReturnValue:
    """One step of planning a course."""
    section = _section(name)
    plan = plan_queries.plan_of(viewer(), plan_id)
    form = _form(plan, section)
    if request.method == "POST" and "back" in request.form:
        _leave(plan, section, form)
        return redirect(_before(plan_id, section), code=303)
    if form.validate_on_submit():
        with showing_refusal(form):
            creation_operations.keep_step(
                viewer(), plan_id, section, form.values(), meant=form.meant()
            )
            if request.form.get("later"):
                flash(_("Saved. You can find it under “Plan a course”."), "success")
                return redirect(url_for("courses.index"), code=303)
            return redirect(_after(plan_id, section), code=303)
    elif form.is_submitted():  # what the rules find wrong is said with it, all at once
        _show_faults(plan, section, form)
    if request.form.get("later"):  # with faults
        _keep_for_later(plan_id, section, form)
        return redirect(url_for("courses.index"), code=303)
    return render_template(
        "planning/step.html",
        form=form,
        plan=plan,
        section=section,
        number=STEPS.index(section) + 1,
        of=len(STEPS),
    )


def _show_faults(plan: CoursePlan, section: Section, form: SectionForm) -> None:
    with showing_refusal(form):
        faults = creation_operations.step_faults(
            viewer(), plan, section, form.values(), meant=form.meant()
        )
        show_refusals(form, faults)


def _leave(plan: CoursePlan, section: Section, form: SectionForm) -> None:
    """Keep a step that is left with *Back*: as an answer if it is right, else as it was typed.

    The summary cannot be shown before all is right: who wanted to return there is told why not.
    """
    valid = form.validate()
    _show_faults(plan, section, form)
    if valid and not form.errors:
        creation_operations.keep_step(viewer(), plan.id, section, form.values(), meant=form.meant())
        return
    creation_operations.keep_typed(viewer(), plan.id, section, _typed(form))
    if request.args.get("back"):
        _say_what_is_wrong(form)


def _keep_for_later(plan_id: str, section: Section, form: SectionForm) -> None:
    """Keep a step that is not right yet as it was typed, and say what is to be mended."""
    creation_operations.keep_typed(viewer(), plan_id, section, _typed(form))
    flash(_("Saved as you typed it. You can find it under “Plan a course”."), "success")
    _say_what_is_wrong(form)


def _say_what_is_wrong(form: SectionForm) -> None:
    """The fields to be mended by their names, and what has no such name by its sentence."""
    wrong = [field for field in form if field.errors]
    asked = [field for field in wrong if isinstance(field, BooleanField)]
    labels = ", ".join(str(field.label.text) for field in wrong if field not in asked)
    if labels:
        flash(_("Still to be completed or corrected: %(fields)s", fields=labels), "warning")
    for sentence in (*(str(one) for field in asked for one in field.errors), *form.form_errors):
        flash(str(sentence), "warning")


def _section(name: str) -> Section:
    try:
        return Section(name)
    except ValueError:
        raise NotFound from None


def _form(plan: CoursePlan, section: Section) -> SectionForm:
    """The form of a step, with the saved values or else the usual ones."""
    kept = from_answers(plan.answers)
    values: dict[str, Any] = {**DEFAULTS, **kept}
    leads = agencies_of(viewer())
    if section is Section.BASICS:
        values.setdefault("lead_agency_id", leads[0] if leads else "")
    if section is Section.REGISTRATION and "release_on" not in kept and "starts_on" in kept:
        like = plan_queries.source_of(viewer(), plan)
        dates = courses.values_of_days(like) if like is not None else {}
        today = clock.today(kept["zone"])
        values.update(suggested_registration(kept["starts_on"], today, dates))
    typed = plan.answers.get(TYPED, {}).get(section) if request.method == "GET" else None
    sent = {"formdata": MultiDict(typed)} if typed else {}
    form = FORMS[section](data=FORMS[section].begin(values), **sent)
    form.offer(options(section, leads))
    return form


def _typed(form: SectionForm) -> dict[str, list[str]]:
    """The fields of the page as they were typed, without what belongs to the request."""
    names = {field.name for field in form} - {"csrf_token", "form_token"}
    return {name: values for name, values in request.form.lists() if name in names}


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
    """The summary of a plan, and the button that creates the course."""
    plan = plan_queries.plan_of(viewer(), plan_id)
    values = {**DEFAULTS, **from_answers(plan.answers)}
    for section in STEPS:
        if section in plan.answers.get(TYPED, {}) or not is_filled(section, values):
            return redirect(url_for(".step", plan_id=plan_id, name=section), code=303)
    form = ActForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            code = creation_operations.create_from_plan(viewer(), plan_id)
            flash(
                _("The course has been created as a draft. No candidate has been told yet."),
                "success",
            )
            return redirect(_first_lesson(code) or url_for("desk.show", code=code), code=303)
    return render_template(
        "planning/check.html",
        form=form,
        plan=plan,
        parts=[
            (
                section,
                summary(section, values),
                url_for(".step", plan_id=plan_id, name=section, back=1),
            )
            for section in STEPS
        ],
    )


def _first_lesson(code: str) -> str | None:
    """Where a new course is asked about the open lessons of its programme; none if there are no."""
    waiting = lessons.unanswered(courses.course_for(viewer(), P.COURSE_EDIT, code))
    if not waiting:
        return None
    flash(
        ngettext(
            "Its programme has one open lesson. Which module takes it up?",
            "Its programme has %(num)s open lessons. Which module takes up each of them?",
            len(waiting),
        ),
        "info",
    )
    return url_for("programmes_course.answer", code=code, lesson_id=waiting[0].id)


@bp.route("/courses/new/<plan_id>/drop", methods=["GET", "POST"])
@requires(P.COURSE_CREATE)
def drop(plan_id: str) -> ResponseReturnValue:
    """Discard a plan."""
    plan_queries.plan_of(viewer(), plan_id)
    form = ActForm()
    if form.validate_on_submit():
        creation_operations.drop_plan(viewer(), plan_id)
        flash(_("The plan has been discarded."), "success")
        return redirect(url_for("courses.index"), code=303)
    return render_template(
        "_confirm.html",
        form=form,
        title=_("Discard this plan?"),
        act=_("Discard plan"),
        sentences=[_("What you entered is deleted. No course is affected.")],
        back_url=url_for(".check", plan_id=plan_id),
    )
