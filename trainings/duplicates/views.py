"""Pages on which an organiser merges two entries of the roster that are one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.core.i18n import _, country_name, language_name, localized
from trainings.core.permissions import Permission
from trainings.courses import programme_queries
from trainings.duplicates import operations, queries
from trainings.duplicates.forms import MergeForm
from trainings.duplicates.queries import Entry
from trainings.duplicates.rules import FIELDS, SHARED, From, SamePerson
from trainings.web.access import requires, viewer
from trainings.web.forms import showing_refusal

bp = Blueprint("duplicates", __name__)

EDIT = Permission.ROSTER_EDIT


@bp.get("/trainers/<trainer_id>/duplicates")
@requires(EDIT)
def index(trainer_id: str) -> ResponseReturnValue:
    """The entries of the roster that may be the same person as this one."""
    trainer = queries.trainer_in_reach(viewer(), trainer_id)
    who, found = queries.alike(viewer(), trainer)
    return render_template("duplicates/index.html", trainer=trainer, who=who, alike=found)


@bp.route("/trainers/<trainer_id>/duplicates/<other_id>", methods=["GET", "POST"])
@requires(EDIT)
def merge(trainer_id: str, other_id: str) -> ResponseReturnValue:
    """Two entries side by side: choose field by field what stays, then merge them for good."""
    two = queries.two(viewer(), trainer_id, other_id)
    form = MergeForm()
    _offer(form)
    if form.validate_on_submit():
        with showing_refusal(form):
            if not form.same.data:
                raise SamePerson
            kept = operations.merge(trainer_id, other_id, form.chosen(), form.seen.data, viewer())
            flash(_("The two entries are one now."), "success")
            return redirect(url_for("rosters.show", trainer_id=kept), code=303)
    if form.is_submitted():  # as they are after a refusal
        two = queries.two(viewer(), trainer_id, other_id)
    entries = queries.entries(viewer(), two)  # names are opened to be shown alone
    if not form.is_submitted():
        form = MergeForm(data=_proposed(entries))
    form.seen.data = queries.stamp(*two)
    modules = {one.id: localized(one.titles) for one in programme_queries.modules()}
    _offer(form, [_words(one, modules) for one in entries])
    return render_template(
        "duplicates/merge.html", form=form, entries=entries, fields=list(FIELDS), shared=SHARED
    )


def _proposed(entries: list[Entry]) -> dict[str, Any]:
    """What is proposed: the entry that is tied to other work stays, else that with more courses."""
    first, second = entries
    more = (second.tied, second.courses) > (first.tied, first.courses)
    stays = From.SECOND if more else From.FIRST
    found = {name: From.BOTH if name in SHARED else stays for name in FIELDS}
    return {"stays": stays, **found}


def _words(entry: Entry, modules: Mapping[str, str]) -> dict[str, str]:
    """What an entry says in each field, in the reader's language."""
    trainer = entry.trainer
    return {
        "name": entry.who.name,
        "mail": entry.who.mail,
        "agency": localized(trainer.agency.short_names),
        "station": f"{trainer.station_city}, {country_name(trainer.station_country)}",
        "languages": ", ".join(map(language_name, trainer.languages)),
        "modules": ", ".join(modules[one] for one in trainer.module_ids if one in modules),
        "notes": entry.notes,
    }


def _offer(form: MergeForm, words: Sequence[Mapping[str, str]] = ({}, {})) -> None:
    """Set the choices: what each entry says, and both together where that can be."""
    sides = list(zip((From.FIRST, From.SECOND), words, strict=True))
    form.stays.choices = [(str(side), said.get("name") or "–") for side, said in sides]
    for name in FIELDS:
        choices = [(str(side), said.get(name) or "–") for side, said in sides]
        if name in SHARED:
            choices.append((str(From.BOTH), _("Both together")))
        form[name].choices = choices
