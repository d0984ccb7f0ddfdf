"""The page behind a mailed link: one's working contacts, without an account."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.core import clock
from trainings.core.i18n import _
from trainings.networks import operations, queries
from trainings.networks.forms import answer_form
from trainings.networks.group_rules import ORGANISERS, OTHERS
from trainings.networks.rules import WaveState
from trainings.people import queries as people
from trainings.web.access import public
from trainings.web.forms import showing_refusal

bp = Blueprint("networks_answer", __name__)


@bp.route("/network/<token>", methods=["GET", "POST"])
@public
def answer(token: str) -> ResponseReturnValue:
    """Say with which groups one was in contact, or change what one said."""
    asked = queries.asked_with(token)
    said = queries.answer_of(asked.wave.id, asked.registration_id)
    cells = [one for one in queries.cells_of(asked.course) if one != asked.cell]
    asking = answer_form(cells, people.function_names(), said)
    if asking.form.validate_on_submit():
        with showing_refusal(asking.form):
            operations.answer(token, asking.contacts())
            flash(_("Thank you. We have your answer; you can change it here."), "success")
            return redirect(url_for(".answer", token=token), code=303)
    over = asked.wave.last_on is None or clock.today(asked.course.zone) > asked.wave.last_on
    return render_template(
        "networks/answer.html",
        course=asked.course,
        wave=asked.wave,
        closed=over or asked.wave.state is not WaveState.OPEN,
        form=asking.form,
        rows=asking.rows,
        answered=said is not None,
        fewest=ORGANISERS,
        fewest_others=OTHERS,
    )
