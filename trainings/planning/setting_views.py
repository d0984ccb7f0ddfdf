"""The settings of a course, one page per section; its template; its organisers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.accounts import queries as accounts
from trainings.agencies.rules import agencies_of
from trainings.core.errors import NotFound
from trainings.core.i18n import _, countries
from trainings.core.permissions import Permission, Role
from trainings.courses import queries as courses
from trainings.people import queries as people
from trainings.people import reading
from trainings.planning import creation_operations, setting_operations
from trainings.planning.forms import FORMS, RoleForm, TemplateForm
from trainings.planning.section_rules import Section
from trainings.planning.summary_queries import options, summary
from trainings.web.access import requires, viewer
from trainings.web.forms import flashing_refusal, showing_refusal
from trainings.web.responses import external_url

bp = Blueprint("planning_settings", __name__)

P = Permission
_WHOLE = ("modules", "signatories")


@bp.route("/courses/<code>/settings/<name>", methods=["GET", "POST"])
@requires(P.COURSE_EDIT)
def section(code: str, name: str) -> ResponseReturnValue:
    """Change one section of a course's settings."""
    course = courses.course_for(viewer(), P.COURSE_EDIT, code, _WHOLE)
    try:
        which = Section(name)
    except ValueError:
        raise NotFound from None
    form = FORMS[which].of(lambda: _kept(code, which))
    form.offer(options(which, [*agencies_of(viewer()), course.lead_agency_id]))
    for fixed in ("code", "capacity"):
        if fixed in form:
            del form[fixed]
    following = None
    if form.validate_on_submit():
        with showing_refusal(form):
            names = {**dict(countries()), **people.function_names()}
            following = setting_operations.change_section(
                viewer(),
                code,
                which,
                form.values(),
                names,
                agreed=request.form.get("agreed", ""),
                meant=form.meant(),
            )
            if following is None:
                flash(_("Saved."), "success")
                return redirect(url_for("planning_settings.index", code=code), code=303)
    return render_template(
        "planning/section.html", course=course, form=form, section=which, following=following
    )


def _kept(code: str, which: Section) -> dict[str, Any]:
    course = courses.course_for(viewer(), P.COURSE_EDIT, code, _WHOLE)
    return FORMS[which].begin(courses.values_of(course))


@bp.route("/courses/<code>/template", methods=["GET", "POST"])
@requires(P.COURSE_EDIT)
def template(code: str) -> ResponseReturnValue:
    """Save a course as a template for new courses."""
    course = courses.course_for(viewer(), P.COURSE_EDIT, code)
    form = TemplateForm(data={"code": f"T-{course.code}"[:16]})
    if form.validate_on_submit():
        with showing_refusal(form):
            made = creation_operations.save_template(viewer(), code, form.code.data or "")
            flash(
                _("The template has been saved. You can find it in the list of courses."), "success"
            )
            return redirect(url_for("desk.show", code=made), code=303)
    return render_template("planning/template.html", course=course, form=form)


@bp.route("/courses/<code>/organisers", methods=["GET", "POST"])
@requires(P.COURSE_EDIT, fresh=True)
def roles(code: str) -> ResponseReturnValue:
    """The organisers of this course besides the agencies, with a form to add one."""
    course = courses.course_for(viewer(), P.COURSE_EDIT, code)
    form = RoleForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            setting_operations.give_role(viewer(), code, form.mail.data)
            flash(_("The role has been given. They have to sign in again."), "success")
            return redirect(url_for(".roles", code=code), code=303)
    grants = accounts.course_grants(course.id, Role.ORGANISER)
    persons = {one.account_id: accounts.account(one.account_id) for one in grants}
    names = reading.open(
        [one.person_id for one in persons.values() if one is not None],
        by=viewer().account_id,
        purpose="course organisers",
    )
    rows = [
        {
            "grant": grant,
            "name": names[account.person_id].name,
            "mail": names[account.person_id].mail,
            "self": account.id == viewer().account_id,
        }
        for grant in grants
        if (account := persons[grant.account_id]) is not None
    ]
    return render_template("planning/roles.html", course=course, form=form, rows=rows)


@bp.post("/courses/<code>/organisers/<grant_id>/end")
@requires(P.COURSE_EDIT)
def end_role(code: str, grant_id: str) -> ResponseReturnValue:
    """Remove someone's role as organiser of this course."""
    courses.course_for(viewer(), P.COURSE_EDIT, code)
    with flashing_refusal():
        setting_operations.end_role(viewer(), code, grant_id)
        flash(_("The role has been removed."), "success")
    return redirect(url_for(".roles", code=code), code=303)


@bp.get("/courses/<code>/settings")
@requires(P.COURSE_EDIT)
def index(code: str) -> ResponseReturnValue:
    """The settings of a course, section by section, each with a link to change it."""
    course = courses.course_for(viewer(), P.COURSE_EDIT, code, ("modules", "signatories"))
    values = courses.values_of(course)
    return render_template(
        "planning/settings.html",
        course=course,
        parts=[(section, summary(section, values)) for section in Section],
        link=external_url("courses.show", code=code, key=course.link_key),
    )
