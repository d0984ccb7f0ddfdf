"""Saving a view of the candidates, renaming and deleting it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.saved_views import operations, queries
from trainings.saved_views.forms import COURSE, ME, ViewForm
from trainings.saved_views.rules import asked_of
from trainings.web.access import requires, viewer
from trainings.web.forms import showing_refusal

bp = Blueprint("saved_views", __name__, url_prefix="/courses/<code>/registrations/views")

READ = Permission.REGISTRATION_READ


@bp.route("/new", methods=["GET", "POST"])
@requires(READ)
def new(code: str) -> ResponseReturnValue:
    """Keep the filters and columns of this address under a name."""
    course = courses.course_for(viewer(), READ, code)
    asked = asked_of(request.args)
    back = url_for("selection.index", code=code, **dict[str, Any](asked))
    form = ViewForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.save(course.id, form.name.data, form.shared, asked, by=viewer())
            flash(_("View saved."), "success")
            return redirect(back, code=303)
    return render_template(
        "saved_views/form.html",
        course=course,
        form=form,
        view=None,
        back=back,
        searched="q" in request.args,
    )


@bp.route("/<view_id>", methods=["GET", "POST"])
@requires(READ)
def edit(code: str, view_id: str) -> ResponseReturnValue:
    """Rename a view, or give it to everyone who organises the course."""
    course = courses.course_for(viewer(), READ, code)
    view = queries.opened(queries.view_for(viewer(), course, view_id))
    back = url_for("selection.index", code=code, **dict[str, Any](view.asked))

    def kept() -> dict[str, str]:
        now = queries.opened(queries.view_for(viewer(), course, view_id))
        return {"name": now.name, "whose": COURSE if now.shared else ME}

    form = ViewForm.of(kept)
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.rename(course.id, view_id, form.name.data, form.shared, by=viewer())
            flash(_("Saved."), "success")
            return redirect(back, code=303)
    return render_template(
        "saved_views/form.html", course=course, form=form, view=view, back=back, searched=False
    )


@bp.post("/<view_id>/remove")
@requires(READ)
def remove(code: str, view_id: str) -> ResponseReturnValue:
    """Delete a view; the candidates stay as they are."""
    course = courses.course_for(viewer(), READ, code)
    operations.remove(course.id, view_id, by=viewer())
    flash(_("View deleted."), "success")
    return redirect(url_for("selection.index", code=code), code=303)
