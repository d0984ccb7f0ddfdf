"""The mark of an agency, shown on certificates and papers issued from then on."""

from __future__ import annotations

from contextlib import closing

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.accounts import queries
from trainings.agencies import mark_operations, mark_queries
from trainings.agencies.forms import MarkForm
from trainings.core.errors import NotFound
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.printing.renderer import LARGEST_PICTURE
from trainings.web.access import requires, viewer
from trainings.web.forms import flashing_refusal, showing_refusal
from trainings.web.responses import safe_next

bp = Blueprint("agencies_mark", __name__)


@bp.route("/agencies/<code>/mark", methods=["GET", "POST"])
@requires(Permission.AGENCY_MARK)
def change(code: str) -> ResponseReturnValue:
    """View an agency's mark, or replace it with another picture."""
    agency = mark_queries.agency_for(viewer(), code)
    form = MarkForm.of(lambda: {"picture": mark_queries.agency_for(viewer(), code).mark_file})
    keeps_agencies = bool(viewer().grants_with(Permission.AGENCY_EDIT))
    way_back = safe_next(
        request.args.get("next"),
        url_for("agencies.change", code=agency.code) if keeps_agencies else url_for("home.start"),
    )
    if form.validate_on_submit():
        upload, content = form.picture.data, b""
        if upload:
            with closing(upload):
                content = upload.read(LARGEST_PICTURE + 1)
        with showing_refusal(form):
            mark_operations.set_mark(agency.code, content, viewer())
            flash(
                _("The logo has been saved. It appears on everything issued from now on."),
                "success",
            )
            return redirect(safe_next(request.args.get("next"), _page(agency.code)), code=303)
    return render_template(
        "agencies/mark.html",
        agency=agency,
        form=form,
        keeps_agencies=keeps_agencies,
        way_back=way_back,
    )


@bp.get("/agencies/<code>/mark.png")
@requires(Permission.AGENCY_MARK)
def picture(code: str) -> ResponseReturnValue:
    """The mark itself, which is on every paper: organisers see those of other agencies too."""
    agency = queries.agency_with_code(code)
    content = mark_queries.picture(agency) if agency is not None else b""
    if not content:
        raise NotFound
    return Response(content, mimetype="image/png")


@bp.post("/agencies/<code>/mark/remove")
@requires(Permission.AGENCY_MARK)
def remove(code: str) -> ResponseReturnValue:
    """Remove the mark."""
    with flashing_refusal():
        mark_operations.remove_mark(code, viewer())
        flash(_("The logo has been removed. Documents already issued keep it."), "info")
    return redirect(_page(code), code=303)


def _page(code: str) -> str:
    """The page of the mark, with a link back to the previous page."""
    came_from = safe_next(request.args.get("next"), "")
    return url_for(".change", code=code, next=came_from or None)
