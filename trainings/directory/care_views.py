"""Keeping the directory: its list of fields, open programmes, reports, protection, numbers."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.core import paging
from trainings.core.i18n import _, localized
from trainings.core.permissions import Permission
from trainings.courses import programme_queries
from trainings.courses.forms import texts_of
from trainings.courses.models import Programme
from trainings.directory import care_operations, contact_queries, queries
from trainings.directory.forms import ActForm, FieldForm, KeepOutForm
from trainings.directory.rules import SMALLEST, FieldState
from trainings.people import queries as people
from trainings.people import reading
from trainings.web.access import requires, viewer
from trainings.web.fields import whole
from trainings.web.forms import flashing_refusal, showing_refusal

bp = Blueprint("directory_care", __name__, url_prefix="/directory")

PROGRAMMES = 30  # on a page
MODERATE, GUARD = queries.MODERATE, queries.GUARD


@bp.get("/fields")
@requires(MODERATE)
def fields() -> ResponseReturnValue:
    """What was proposed, the list as it is, and which programmes are open to others."""
    shown: Sequence[Programme] = ()
    page = request.args.get("page", 1, whole)
    total = 0
    if viewer().can(Permission.PROGRAMME_EDIT):
        shown, page, total = programme_queries.page_of_own(viewer(), page, PROGRAMMES)
    opened = queries.opened([one.id for one in shown])
    return render_template(
        "directory/fields.html",
        proposals=[(one, queries.proposed_words(one)) for one in queries.proposals()],
        accepted=queries.accepted_fields(),
        programmes=[(one, one.id in opened) for one in shown],
        page=page,
        pages=paging.pages(total, PROGRAMMES),
    )


@bp.route("/fields/<field_id>", methods=["GET", "POST"])
@requires(MODERATE)
def field(field_id: str) -> ResponseReturnValue:
    """Take a proposed field into the list, or reword one that is in it."""
    kept = queries.field(viewer(), field_id)
    words, waits = queries.proposed_words(kept), kept.state is FieldState.PROPOSED

    def load() -> dict[str, str]:
        titles = queries.field(viewer(), field_id).titles
        return {f"title_{code}": titles.get(code, "") for code in ("en", "es", "fr", "pt_BR")}

    form = FieldForm.of(load)
    if form.validate_on_submit():
        with showing_refusal(form):
            care_operations.keep_field(field_id, texts_of(form, "title"), viewer())
            flash(_("The field is in the list."), "success")
            return redirect(url_for(".fields"), code=303)
    return render_template("directory/field.html", form=form, words=words, waits=waits)


@bp.route("/fields/<field_id>/remove", methods=["GET", "POST"])
@requires(MODERATE)
def drop(field_id: str) -> ResponseReturnValue:
    """Ask once, then leave out what was proposed, or take a field out of the list."""
    kept, form = queries.field(viewer(), field_id), ActForm()
    if form.validate_on_submit():
        care_operations.drop_field(field_id, viewer())
        flash(_("Left out of the list."), "success")
        return redirect(url_for(".fields"), code=303)
    waits = kept.state is FieldState.PROPOSED
    return render_template(
        "_confirm.html",
        form=form,
        title=queries.proposed_words(kept) if waits else localized(kept.titles),
        sentences=[
            _("It does not join the list. Whoever proposed it is not told.")
            if waits
            else _("Nobody can choose it any more, and nobody is found by it.")
        ],
        act=_("Leave out") if waits else _("Take out of the list"),
        back_url=url_for(".fields"),
    )


@bp.post("/programmes/<code>/<any(open,shut):act>")
@requires(Permission.PROGRAMME_EDIT)
def programme(code: str, act: str) -> ResponseReturnValue:
    """Let alumni of other programmes find those of this one, or no longer."""
    if ActForm().validate_on_submit():
        with flashing_refusal():
            care_operations.open_programme(code, act == "open", viewer())
            flash(_("Saved. It holds from now on."), "success")
    return redirect(url_for(".fields"), code=303)


@bp.get("/numbers")
@requires(Permission.REPORT_READ)
def numbers() -> ResponseReturnValue:
    """How many first messages crossed which border in which month."""
    return render_template("directory/numbers.html", rows=queries.carried(), smallest=SMALLEST)


@bp.get("/reports")
@requires(GUARD)
def reports() -> ResponseReturnValue:
    """What was reported, for the data protection officer."""
    return _reports(KeepOutForm())


def _reports(form: KeepOutForm) -> str:
    rows = contact_queries.reported(viewer())
    kept_out = queries.excluded(viewer())
    persons = {one for row in rows for one in (row.sender_id, row.recipient_id)}
    persons |= {one.person_id for one in kept_out}
    return render_template(
        "directory/reports.html",
        rows=[
            (one, contact_queries.text_of(one, "report"), contact_queries.text_of(one, "words"))
            for one in rows
        ],
        kept_out=kept_out,
        names=reading.open(persons, by=viewer().account_id, purpose="directory report"),
        functions=people.function_names(),
        form=form,
    )


@bp.post("/reports/<contact_id>/<any(close,bar):act>")
@requires(GUARD)
def decide(contact_id: str, act: str) -> ResponseReturnValue:
    """Settle a report, or keep whoever was reported out of the directory."""
    if ActForm().validate_on_submit():
        with flashing_refusal():
            care_operations.close_report(contact_id, act == "bar", viewer())
            flash(_("The report is decided."), "success")
    return redirect(url_for(".reports"), code=303)


@bp.post("/protected")
@requires(GUARD)
def protect() -> ResponseReturnValue:
    """Protect somebody: they never appear."""
    form = KeepOutForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            care_operations.keep_out(form.number.data, viewer())
            flash(_("Protected: this person never appears in the directory."), "success")
            return redirect(url_for(".reports"), code=303)
    return _reports(form)


@bp.post("/protected/<person_id>/end")
@requires(GUARD)
def let_in(person_id: str) -> ResponseReturnValue:
    """Keep somebody out no longer."""
    if ActForm().validate_on_submit():
        care_operations.let_in(person_id, viewer())
        flash(_("Kept out no longer. They are listed only if they agree again."), "success")
    return redirect(url_for(".reports"), code=303)
