"""What an agency is asked about a course: the page on which its own organisers answer."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.agreements import operations, queries
from trainings.agreements.forms import AnswerForm, SignForm
from trainings.agreements.rules import Answer, AnswerMissing
from trainings.core.errors import NotFound
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.web.access import requires, viewer
from trainings.web.forms import flashing_refusal, showing_refusal

bp = Blueprint("agreements", __name__)

AGREE = Permission.COURSE_AGREE


@bp.route("/courses/<code>/agreement/<agency>", methods=["GET", "POST"])
@requires(AGREE)
def show(code: str, agency: str) -> ResponseReturnValue:
    """What a course asks of the viewer's agency, and the answer."""
    one = queries.asked(viewer(), code, agency)
    form = AnswerForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            stays = _answer(code, agency, form.reason.data or "")
            there = url_for(".show", code=code, agency=agency)
            return redirect(there if stays else url_for("home.start"), code=303)
    row = queries.row(one)
    if row is None:
        raise NotFound
    return render_template(
        "agreements/show.html",
        form=form,
        sign_form=SignForm(),
        row=row,
        course=row.course,
        signatories=queries.signatories(one),
        leads=row.agency_id == row.course.lead_agency_id,
        issued=queries.is_issued(row.course_id),
    )


def _answer(code: str, agency: str, reason: str) -> bool:
    """Give the answer of the pressed button; returns whether the agency stays on the course."""
    pressed = request.form.get("answer")
    if pressed == Answer.AGREE:
        operations.agree(viewer(), code, agency)
        flash(_("Your agency has agreed. It now organises this course."), "success")
        return True
    if pressed == Answer.DECLINE:
        operations.decline(viewer(), code, agency, reason)
        flash(_("Your agency has declined. We have told the course's organisers."), "success")
        return False
    if pressed == Answer.TAKE_BACK:
        operations.take_back(viewer(), code, agency, reason)
        flash(_("Your agency no longer organises this course."), "success")
        return False
    raise AnswerMissing


@bp.post("/courses/<code>/agreement/<agency>/<signatory_id>")
@requires(AGREE)
def sign(code: str, agency: str, signatory_id: str) -> ResponseReturnValue:
    """Agree that somebody of the viewer's agency signs, or remove them."""
    queries.asked(viewer(), code, agency)
    with flashing_refusal():
        pressed = request.form.get("answer")
        if pressed == Answer.SIGN:
            operations.sign(viewer(), code, agency, signatory_id)
            flash(_("Agreed. The title now appears on certificates and letters."), "success")
        elif pressed == Answer.NOT_SIGN:
            operations.not_sign(viewer(), code, agency, signatory_id)
            flash(_("Removed. We have told the course's organisers."), "success")
        else:
            raise AnswerMissing
    return redirect(url_for(".show", code=code, agency=agency), code=303)
