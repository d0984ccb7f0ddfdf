"""Writing to somebody who was found, answering, and what each shows the other."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.core.errors import Refusal
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.directory import contact_operations, contact_queries, operations
from trainings.directory.contact_rules import ContactState, ContactSubject
from trainings.directory.forms import (
    ActForm,
    AnswerForm,
    CardForm,
    MessageForm,
    ReportForm,
    card_values,
)
from trainings.networks.picture_rules import drawn_around
from trainings.people import queries as people
from trainings.web.access import requires, viewer
from trainings.web.fields import whole
from trainings.web.forms import flashing_refusal, showing_refusal

bp = Blueprint("directory_contacts", __name__, url_prefix="/directory")

OWN = Permission.DIRECTORY_OWN


@bp.route("/people/<entry_id>", methods=["GET", "POST"])
@requires(OWN)
def write(entry_id: str) -> ResponseReturnValue:
    """Write a first message to somebody who was found."""
    form = MessageForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            contact_id = contact_operations.write(
                entry_id, ContactSubject(form.subject.data), form.words.data, viewer()
            )
            flash(
                _("Your message has been passed on. We will email you when it is answered."),
                "success",
            )
            return redirect(url_for(".show", contact_id=contact_id), code=303)
    try:
        found = operations.look_at(entry_id, viewer())
    except Refusal as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for("directory.index"), code=303)
    return render_template(
        "directory/write.html", form=form, one=found.people[0], functions=people.function_names()
    )


@bp.get("/contacts")
@requires(OWN)
def index() -> ResponseReturnValue:
    """One's own contacts: drawn, with whom one may call; what was sent, what came of it."""
    person_id = viewer().person_id or ""
    found = contact_queries.of_person(person_id, request.args.get("page", 1, whole))
    known = contact_queries.accepted_of(person_id)
    listed = {one.contact.id: one.contact for one in [*found.rows, *known]}
    return render_template(
        "directory/contacts.html",
        found=found,
        known=known,
        most=contact_queries.DRAWN,
        picture=drawn_around([one.country for one in known]),
        names=contact_operations.names_of(listed.values(), viewer()),
        functions=people.function_names(),
    )


@bp.get("/contacts/<contact_id>")
@requires(OWN)
def show(contact_id: str) -> ResponseReturnValue:
    """One contact: what was written, and what each lets the other see."""
    return _shown(contact_id, None)


def _shown(contact_id: str, tried: CardForm | None) -> str:
    contact = contact_queries.own(viewer(), contact_id)
    person_id = viewer().person_id or ""
    name = contact_operations.open_contact(contact, viewer())
    mine, theirs = contact_queries.cards(contact, person_id)
    form = tried
    if form is None and contact.state is ContactState.ACCEPTED:
        form = CardForm(data=card_values(mine))
    if form is None and contact.recipient_id == person_id:
        form = AnswerForm()
    return render_template(
        "directory/contact.html",
        contact=contact,
        sent=contact.sender_id == person_id,
        name=name,
        mine=mine,
        theirs=theirs,
        words=contact_queries.text_of(contact, "words"),
        reply=contact_queries.text_of(contact, "reply"),
        form=form,
        functions=people.function_names(),
    )


@bp.post("/contacts/<contact_id>/accept")
@requires(OWN)
def accept(contact_id: str) -> ResponseReturnValue:
    """Accept a message, answer it, and choose what the other sees."""
    form = AnswerForm()
    contact_queries.own(viewer(), contact_id)
    if form.validate_on_submit():
        with showing_refusal(form):
            contact_operations.accept(contact_id, form.reply.data or "", form.card(), viewer())
            flash(_("Accepted. The other sees what you ticked and filled in."), "success")
            return redirect(url_for(".show", contact_id=contact_id), code=303)
    return _shown(contact_id, form)


@bp.post("/contacts/<contact_id>/<any(decline,end):act>")
@requires(OWN)
def answer(contact_id: str, act: str) -> ResponseReturnValue:
    """Decline a message, or end a contact; the other is told, without a reason."""
    if ActForm().validate_on_submit():
        with flashing_refusal():
            if act == "decline":
                contact_operations.decline(contact_id, viewer())
                flash(_("Declined. The other is told, without a reason."), "success")
            else:
                contact_operations.end(contact_id, viewer())
                flash(_("Ended. Neither of you sees anything of the other any more."), "success")
    return redirect(url_for(".show", contact_id=contact_id), code=303)


@bp.post("/contacts/<contact_id>/share")
@requires(OWN)
def share(contact_id: str) -> ResponseReturnValue:
    """Change what the other sees."""
    form = CardForm()
    contact_queries.own(viewer(), contact_id)
    if form.validate_on_submit():
        with showing_refusal(form):
            contact_operations.share(contact_id, form.card(), viewer())
            flash(_("Saved. The other sees this from now on."), "success")
            return redirect(url_for(".show", contact_id=contact_id), code=303)
    return _shown(contact_id, form)


@bp.route("/contacts/<contact_id>/report", methods=["GET", "POST"])
@requires(OWN)
def report(contact_id: str) -> ResponseReturnValue:
    """Report abuse to the data protection officer."""
    contact = contact_queries.own(viewer(), contact_id)
    form = ReportForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            contact_operations.report(contact_id, form.words.data, viewer())
            flash(_("Reported to the data protection officer."), "success")
            return redirect(url_for(".show", contact_id=contact_id), code=303)
    return render_template("directory/report.html", form=form, contact=contact)
