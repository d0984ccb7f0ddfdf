"""The mark of an agency: shown on certificates and papers from the next one that is issued."""

from __future__ import annotations

from contextlib import closing

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.accounts import mark_operations, mark_queries, queries
from trainings.accounts.mark_forms import MarkForm
from trainings.accounts.models import Agency
from trainings.core.access import requires, viewer
from trainings.core.errors import NotFound
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.core.web import flashing_refusal, showing_refusal
from trainings.printing.picture_reader import LARGEST

bp = Blueprint("accounts_mark", __name__)


def _found(code: str) -> Agency:
    agency = queries.agency_with_code(code)
    if agency is None:
        raise NotFound
    return agency


@bp.route("/agencies/<code>/mark", methods=["GET", "POST"])
@requires(Permission.AGENCY_EDIT)
def change(code: str) -> ResponseReturnValue:
    """Look at an agency's mark, or put another picture in its place."""
    agency, form = _found(code), MarkForm()
    if form.validate_on_submit():
        upload, content = form.picture.data, b""
        if upload:
            with closing(upload):
                content = upload.read(LARGEST + 1)
        with showing_refusal(form):
            mark_operations.set_mark(agency.code, content, by=viewer().account_id or "")
            flash(_("The mark is kept. It stands on what is issued from now on."), "success")
            return redirect(url_for(".change", code=agency.code), code=303)
    return render_template("accounts/mark.html", agency=agency, form=form)


@bp.get("/agencies/<code>/mark.png")
@requires(Permission.AGENCY_EDIT)
def picture(code: str) -> ResponseReturnValue:
    """The mark itself."""
    content = mark_queries.picture(_found(code))
    if not content:
        raise NotFound
    return Response(content, mimetype="image/png")


@bp.post("/agencies/<code>/mark/remove")
@requires(Permission.AGENCY_EDIT)
def remove(code: str) -> ResponseReturnValue:
    """Take the mark away."""
    agency = _found(code)
    with flashing_refusal():
        mark_operations.remove_mark(agency.code, by=viewer().account_id or "")
        flash(_("The mark is removed; what was issued keeps it."), "info")
    return redirect(url_for(".change", code=agency.code), code=303)
