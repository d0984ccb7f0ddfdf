"""The settings of a course, a page a section; its template; who organises it with us."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.accounts import queries as accounts
from trainings.core.access import requires, viewer
from trainings.core.errors import NotFound
from trainings.core.i18n import _, countries
from trainings.core.permissions import Permission, Role
from trainings.core.web import flashing_refusal, showing_refusal
from trainings.courses import queries as courses
from trainings.courses.section_rules import Section
from trainings.people import queries as people
from trainings.people import reading
from trainings.workspace import creation_operations, setting_operations
from trainings.workspace.forms import FORMS, RoleForm, TemplateForm
from trainings.workspace.option_queries import options
from trainings.workspace.rules import agencies_of

bp = Blueprint("workspace_settings", __name__)

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
    form = FORMS[which](data=FORMS[which].begin(courses.values_of(course)))
    form.offer(options(which, [*agencies_of(viewer()), course.lead_agency_id]))
    for fixed in ("code", "capacity"):
        if fixed in form:
            del form[fixed]
    if form.validate_on_submit():
        with showing_refusal(form):
            names = {**dict(countries()), **people.function_names()}
            setting_operations.change_section(viewer(), code, which, form.values(), names)
            flash(_("Saved."), "success")
            return redirect(url_for("workspace.settings", code=code), code=303)
    return render_template("workspace/section.html", course=course, form=form, section=which)


@bp.route("/courses/<code>/template", methods=["GET", "POST"])
@requires(P.COURSE_EDIT)
def template(code: str) -> ResponseReturnValue:
    """Keep a course as a template that others are planned from."""
    course = courses.course_for(viewer(), P.COURSE_EDIT, code)
    form = TemplateForm(data={"code": f"T-{course.code}"[:16]})
    if form.validate_on_submit():
        with showing_refusal(form):
            made = creation_operations.save_template(viewer(), code, form.code.data or "")
            flash(_("The template is kept; you find it among the courses."), "success")
            return redirect(url_for("workspace.show", code=made), code=303)
    return render_template("workspace/template.html", course=course, form=form)


@bp.route("/courses/<code>/organisers", methods=["GET", "POST"])
@requires(P.COURSE_EDIT, fresh=True)
def roles(code: str) -> ResponseReturnValue:
    """Who organises this very course beside the agencies, and making someone its organiser."""
    course = courses.course_for(viewer(), P.COURSE_EDIT, code)
    form = RoleForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            setting_operations.give_role(viewer(), code, form.mail.data)
            flash(_("The role is given. They have to sign in again."), "success")
            return redirect(url_for(".roles", code=code), code=303)
    grants = accounts.course_grants(course.id, Role.ORGANISER)
    persons = {one.account_id: accounts.account(one.account_id) for one in grants}
    names = reading.open(
        [one.person_id for one in persons.values() if one is not None],
        by=viewer().account_id, purpose="course organisers",
    )  # fmt: skip
    rows = [
        {"grant": grant, "name": names[account.person_id].name,
         "mail": names[account.person_id].mail, "self": account.id == viewer().account_id}
        for grant in grants
        if (account := persons[grant.account_id]) is not None
    ]  # fmt: skip
    return render_template("workspace/roles.html", course=course, form=form, rows=rows)


@bp.post("/courses/<code>/organisers/<grant_id>/end")
@requires(P.COURSE_EDIT)
def end_role(code: str, grant_id: str) -> ResponseReturnValue:
    """Take the role of organiser of this course away from someone."""
    courses.course_for(viewer(), P.COURSE_EDIT, code)
    with flashing_refusal():
        setting_operations.end_role(viewer(), code, grant_id)
        flash(_("The role is taken away."), "success")
    return redirect(url_for(".roles", code=code), code=303)
