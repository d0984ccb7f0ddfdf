"""The scanned signatures on a course's certificates and letters."""

from __future__ import annotations

from contextlib import closing

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.agencies import mark_queries
from trainings.agencies.rules import agencies_of
from trainings.core.errors import NotFound
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.planning import signature_operations
from trainings.planning.forms import SignatureForm
from trainings.printing.renderer import LARGEST_PICTURE
from trainings.web.access import requires, viewer
from trainings.web.forms import flashing_refusal, showing_refusal

bp = Blueprint("planning_signatures", __name__)

SET = Permission.SIGNATURE_SET


@bp.get("/courses/<code>/signatures")
@requires(SET)
def index(code: str) -> ResponseReturnValue:
    """Who signs a course's certificates, and which signatures are scanned."""
    course = courses.course_for(viewer(), SET, code, ("signatories",))
    marks = [
        {"agency": one.agency, "may": mark_queries.may(viewer(), one.agency_id)}
        for one in course.organising
    ]
    return render_template(
        "planning/signatures.html", course=course, marks=marks, mine=agencies_of(viewer())
    )


@bp.route("/courses/<code>/signatures/<signatory_id>", methods=["GET", "POST"])
@requires(SET)
def change(code: str, signatory_id: str) -> ResponseReturnValue:
    """Add or replace a scanned signature."""
    course = courses.course_for(viewer(), SET, code)
    signatory = signature_operations.own_signatory(course, signatory_id, viewer())
    form = SignatureForm.of(
        lambda: {"picture": courses.signatory_of(course, signatory_id).picture_file}
    )
    if form.validate_on_submit():
        upload, content = form.picture.data, b""
        if upload:
            with closing(upload):
                content = upload.read(LARGEST_PICTURE + 1)
        with showing_refusal(form):
            signature_operations.set_signature(course.id, signatory.id, content, viewer())
            flash(
                _("The signature has been saved. It appears on everything issued from now on."),
                "success",
            )
            return redirect(url_for(".index", code=code), code=303)
    return render_template("planning/signature.html", course=course, signatory=signatory, form=form)


@bp.get("/courses/<code>/signatures/<signatory_id>.png")
@requires(SET)
def picture(code: str, signatory_id: str) -> ResponseReturnValue:
    """The scanned signature itself, for its agency's own people."""
    course = courses.course_for(viewer(), SET, code)
    own = signature_operations.own_signatory(course, signatory_id, viewer())
    content = courses.signature_of(own)
    if not content:
        raise NotFound
    return Response(content, mimetype="image/png")


@bp.post("/courses/<code>/signatures/<signatory_id>/remove")
@requires(SET)
def remove(code: str, signatory_id: str) -> ResponseReturnValue:
    """Remove a scanned signature."""
    course = courses.course_for(viewer(), SET, code)
    with flashing_refusal():
        signature_operations.remove_signature(course.id, signatory_id, viewer())
        flash(_("The signature has been removed. Documents already issued keep it."), "info")
    return redirect(url_for(".index", code=code), code=303)
