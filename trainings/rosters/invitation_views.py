"""A trainer's own invitation: accept or decline."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.courses.rules import ENDED
from trainings.rosters import operations, queries
from trainings.rosters.forms import ButtonForm
from trainings.rosters.rules import ANSWERS, Invitation
from trainings.web.access import requires, viewer
from trainings.web.forms import showing_refusal

bp = Blueprint("rosters_invitation", __name__)


@bp.route("/my/invitations/<course_trainer_id>", methods=["GET", "POST"])
@requires(Permission.HOME_SEE)
def answer(course_trainer_id: str) -> ResponseReturnValue:
    """Read and answer an invitation to teach in a course."""
    asked = queries.own_invitation(viewer(), course_trainer_id)
    form = ButtonForm()
    if form.validate_on_submit():
        accept = request.form.get("answer") == "accept"
        with showing_refusal(form):
            operations.answer(asked.id, accept, by=viewer())
            flash(
                _("You have accepted the invitation. Thank you.")
                if accept
                else _("You have declined the invitation. The organisers can see your answer."),
                "success",
            )
            return redirect(url_for(".answer", course_trainer_id=asked.id), code=303)
    possible = () if asked.course.state in ENDED else ANSWERS[asked.state]
    return render_template(
        "rosters/invitation.html",
        asked=asked,
        course=asked.course,
        form=form,
        may_accept=Invitation.ACCEPTED in possible,
        may_decline=Invitation.DECLINED in possible,
    )
