"""The data protection officer's pages for erasing a person."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.core.permissions import Permission
from trainings.people import reading
from trainings.privacy import erasing_operations, queries
from trainings.privacy.forms import EraseForm, FindForm
from trainings.privacy.rules import NobodyFound, Reason, asked_word, hindrances
from trainings.web.access import requires, viewer
from trainings.web.forms import showing_refusal

bp = Blueprint("privacy", __name__)

_ERASE = Permission.PERSON_ERASE


@bp.route("/privacy/erasure", methods=["GET", "POST"])
@requires(_ERASE, fresh=True)
def index() -> ResponseReturnValue:
    """Find the person to be erased; recent erasures are listed below.

    What is typed is sent as a form, so that no name appears in an address. Addresses that several
    people use are looked for when asked: for that all addresses are gone through.
    """
    form, found = FindForm(), []
    if form.validate_on_submit():
        with showing_refusal(form):
            found = queries.find(viewer(), form.sought.data)
            if not found:
                raise NobodyFound
        if len(found) == 1:
            return redirect(url_for(".erase", person_id=found[0]), code=303)
    return render_template(
        "privacy/index.html",
        form=form,
        found=found,
        numbers=queries.numbers_of(found),
        names=reading.open(found, by=viewer().account_id, purpose="erasure"),
        erasures=queries.latest(viewer()),
        shared=queries.shared_addresses(viewer()) if "shared" in request.args else None,
        most_shared=queries.MOST_SHARED,
    )


@bp.route("/privacy/erasure/<person_id>", methods=["GET", "POST"])
@requires(_ERASE, fresh=True)
def erase(person_id: str) -> ResponseReturnValue:
    """Show who it is, what is held and what will happen; then erase, after one confirmation."""
    held = queries.held(viewer(), person_id)
    done = queries.of_person(person_id)
    if done is not None:
        return redirect(url_for(".receipt", receipt=done.receipt), code=303)
    form = EraseForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            receipt = erasing_operations.erase(
                person_id, Reason(form.reason.data), form.typed.data, viewer()
            )
            return redirect(url_for(".receipt", receipt=receipt), code=303)
    who = reading.open([person_id, *held.same_mail], by=viewer().account_id, purpose="erasure")
    mine = who[person_id]
    return render_template(
        "privacy/erase.html",
        form=form,
        held=held,
        who=mine,
        names=who,
        hindrances=hindrances(queries.standing(held, viewer())),
        word=asked_word(held.numbers, mine.family_name, mine.given_name, mine.mail),
    )


@bp.get("/privacy/erasure/receipts/<receipt>")
@requires(_ERASE)
def receipt(receipt: str) -> ResponseReturnValue:
    """The result of one erasure, with the number given to the person."""
    erasure = queries.of_receipt(viewer(), receipt)
    return render_template("privacy/receipt.html", erasure=erasure)
