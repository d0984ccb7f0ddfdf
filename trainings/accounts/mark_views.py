"""The mark of an agency: shown on certificates and papers from the next one that is issued."""

from __future__ import annotations

from contextlib import closing

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.accounts import mark_operations, mark_queries, queries
from trainings.accounts.mark_forms import MarkForm
from trainings.core.access import requires, viewer
from trainings.core.errors import NotFound
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.core.web import flashing_refusal, safe_next, showing_refusal
from trainings.printing.picture_reader import LARGEST

bp = Blueprint("accounts_mark", __name__)


@bp.route("/agencies/<code>/mark", methods=["GET", "POST"])
@requires(Permission.AGENCY_MARK)
def change(code: str) -> ResponseReturnValue:
    """Look at an agency's mark, or put another picture in its place."""
    agency, form = mark_queries.agency_for(viewer(), code), MarkForm()
    keeps_agencies = bool(viewer().grants_with(Permission.AGENCY_EDIT))
    way_back = safe_next(
        request.args.get("next"),
        url_for("accounts_agency.change", code=agency.code)
        if keeps_agencies
        else url_for("home.start"),
    )
    if form.validate_on_submit():
        upload, content = form.picture.data, b""
        if upload:
            with closing(upload):
                content = upload.read(LARGEST + 1)
        with showing_refusal(form):
            mark_operations.set_mark(agency.code, content, viewer())
            flash(_("The mark is kept. It stands on what is issued from now on."), "success")
            return redirect(safe_next(request.args.get("next"), _page(agency.code)), code=303)
    return render_template(
        "accounts/mark.html", agency=agency, form=form, keeps_agencies=keeps_agencies,
        way_back=way_back,
    )  # fmt: skip


@bp.get("/agencies/<code>/mark.png")
@requires(Permission.AGENCY_MARK)
def picture(code: str) -> ResponseReturnValue:
    """The mark itself, which every paper bears: organisers see those of other agencies, too."""
    agency = queries.agency_with_code(code)
    content = mark_queries.picture(agency) if agency is not None else b""
    if not content:
        raise NotFound
    return Response(content, mimetype="image/png")


@bp.post("/agencies/<code>/mark/remove")
@requires(Permission.AGENCY_MARK)
def remove(code: str) -> ResponseReturnValue:
    """Take the mark away."""
    with flashing_refusal():
        mark_operations.remove_mark(code, viewer())
        flash(_("The mark is removed; what was issued keeps it."), "info")
    return redirect(_page(code), code=303)


def _page(code: str) -> str:
    """The page of the mark, from which one goes back to where one came from."""
    came_from = safe_next(request.args.get("next"), "")
    return url_for(".change", code=code, next=came_from or None)
