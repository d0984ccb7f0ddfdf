"""The scanned signatures under the certificates and letters of a course."""

from __future__ import annotations

from contextlib import closing

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.accounts import mark_queries
from trainings.core.access import requires, viewer
from trainings.core.errors import NotFound
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.core.web import flashing_refusal, showing_refusal
from trainings.courses import queries as courses
from trainings.courses import signature_queries
from trainings.printing.picture_reader import LARGEST
from trainings.workspace import signature_operations
from trainings.workspace.signature_forms import SignatureForm

bp = Blueprint("workspace_signatures", __name__)

EDIT = Permission.COURSE_EDIT


@bp.get("/courses/<code>/signatures")
@requires(EDIT)
def index(code: str) -> ResponseReturnValue:
    """Who signs a course's certificates, and whose signature is scanned."""
    course = courses.course_for(viewer(), EDIT, code, ("signatories",))
    marks = [
        {"agency": one.agency, "may": mark_queries.may(viewer(), one.agency_id)}
        for one in course.organising
    ]
    return render_template("workspace/signatures.html", course=course, marks=marks)


@bp.route("/courses/<code>/signatures/<signatory_id>", methods=["GET", "POST"])
@requires(EDIT)
def change(code: str, signatory_id: str) -> ResponseReturnValue:
    """Put a scanned signature above a title."""
    course = courses.course_for(viewer(), EDIT, code)
    signatory, form = signature_queries.of_course(course, signatory_id), SignatureForm()
    if form.validate_on_submit():
        upload, content = form.picture.data, b""
        if upload:
            with closing(upload):
                content = upload.read(LARGEST + 1)
        with showing_refusal(form):
            signature_operations.set_signature(course.id, signatory.id, content, viewer())
            flash(_("The signature is kept. It stands on what is issued from now on."), "success")
            return redirect(url_for(".index", code=code), code=303)
    return render_template(
        "workspace/signature.html", course=course, signatory=signatory, form=form
    )


@bp.get("/courses/<code>/signatures/<signatory_id>.png")
@requires(EDIT)
def picture(code: str, signatory_id: str) -> ResponseReturnValue:
    """The scanned signature itself."""
    course = courses.course_for(viewer(), EDIT, code)
    content = signature_queries.picture(signature_queries.of_course(course, signatory_id))
    if not content:
        raise NotFound
    return Response(content, mimetype="image/png")


@bp.post("/courses/<code>/signatures/<signatory_id>/remove")
@requires(EDIT)
def remove(code: str, signatory_id: str) -> ResponseReturnValue:
    """Take a scanned signature away."""
    course = courses.course_for(viewer(), EDIT, code)
    with flashing_refusal():
        signature_operations.remove_signature(course.id, signatory_id, viewer())
        flash(_("The signature is removed; what was issued keeps it."), "info")
    return redirect(url_for(".index", code=code), code=303)
