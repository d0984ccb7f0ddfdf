"""The data protection officer's page of lists with names: who asked for which, and for whom."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.accounts import queries as accounts
from trainings.core.i18n import _
from trainings.exports import operations, queries
from trainings.exports.rules import OFFERS
from trainings.people import reading
from trainings.web.access import requires, viewer
from trainings.web.forms import flashing_refusal

bp = Blueprint("exports_officer", __name__)


@bp.get("/privacy/lists")
@requires(queries.OFFICER)
def index() -> ResponseReturnValue:
    """The requests of all courses, newest first; those that wait can be decided here."""
    rows = queries.for_officer(viewer())
    persons = accounts.persons_of({row.by for row, _code in rows})
    columns = queries.columns_of(row for row, _code in rows)
    names = reading.open(persons.values(), by=viewer().account_id, purpose="lists")
    return render_template(
        "exports/officer.html",
        rows=[
            {
                "row": row,
                "code": code,
                "title": OFFERS[row.listing].title,
                "words": queries.words_of(row),
                "columns": columns[row.number],
                "who": names[persons[row.by]].name if persons.get(row.by) in names else "",
                "own": row.by == viewer().account_id,
            }
            for row, code in rows
        ],
    )


@bp.post("/privacy/lists/<number>/<any(approve,refuse):decision>")
@requires(queries.OFFICER, fresh=True)
def decide(number: str, decision: str) -> ResponseReturnValue:
    """Approve or refuse what an organiser or trainer asked for."""
    with flashing_refusal():
        operations.decide(number, decision == "approve", viewer(), officer=True)
        flash(
            _("The list has been approved.")
            if decision == "approve"
            else _("The request has been refused."),
            "success",
        )
    return redirect(url_for(".index"), code=303)
