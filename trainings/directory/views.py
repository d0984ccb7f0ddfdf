"""The directory: finding people, and one's own consent to be found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from trainings.core.errors import NotFound, Refusal
from trainings.core.i18n import _, countries, language_name, ngettext
from trainings.core.permissions import Permission
from trainings.directory import contact_queries, operations, queries, search_queries
from trainings.directory.forms import ActForm, ConsentForm, ProposalForm
from trainings.directory.models import DirectoryEntry
from trainings.directory.rules import MOST_A_DAY, Admission, Sought
from trainings.people import queries as people
from trainings.rosters.rules import SPOKEN
from trainings.web.access import requires, viewer
from trainings.web.forms import flashing_refusal, showing_refusal

bp = Blueprint("directory", __name__, url_prefix="/directory")

OWN = Permission.DIRECTORY_OWN
_ASKED = ("country", "function", "field", "language")


@bp.app_template_global()
def directory_words(
    words: tuple[str, ...], known: Mapping[str, str] | None = None
) -> dict[str, list[str]]:
    """Fields and languages of an entry, named: ``fields`` and ``spoken``."""
    names = {} if not words else queries.field_names() if known is None else known
    return {
        "fields": [name for one, name in names.items() if one in words],
        "spoken": [language_name(one) for one in SPOKEN if one in words],
    }


@bp.app_template_global()
def directory_standing() -> Admission:
    """How the reader stands to the directory."""
    return queries.admission(viewer().person_id)


@bp.get("")
@requires(OWN)
def index() -> ResponseReturnValue:
    """Whom to look for, and who was found; nobody is shown before it was asked for."""
    admission = queries.admission(viewer().person_id)
    if admission is not Admission.LISTED:
        return render_template("directory/welcome.html", admission=admission)
    sought = Sought(**{one: request.args.get(one, "")[:40] for one in _ASKED})
    found, refused = None, ""
    if any(one in request.args for one in _ASKED):
        try:
            found = operations.look_up(sought, request.args.get("after", "")[:22], viewer())
        except Refusal as refusal:
            refused = str(refusal)
    seen = len(search_queries.seen_since(viewer().person_id or ""))
    return render_template(
        "directory/index.html",
        sought=sought,
        found=found,
        refused=refused,
        left=max(0, MOST_A_DAY - seen),
        most=MOST_A_DAY,
        frees_at=search_queries.frees_at(viewer().person_id or ""),
        functions=people.function_names(),
        all_countries=countries(),
        fields=queries.field_names(),
        spoken=[(one, language_name(one)) for one in SPOKEN],
        waiting=contact_queries.waiting_for(viewer().person_id),
    )


@bp.get("/mine")
@requires(OWN)
def mine() -> ResponseReturnValue:
    """One's own entry: until when, what is shown, who looked, and how to end it."""
    person_id = viewer().person_id or ""
    admission = queries.admission(person_id)
    if admission in (Admission.STRANGER, Admission.EXCLUDED):
        return render_template("directory/welcome.html", admission=admission)
    return _mine(person_id, ProposalForm())


def _mine(person_id: str, form: ProposalForm) -> str:
    entry = queries.live(person_id)
    was = queries.attended(person_id)
    return render_template(
        "directory/mine.html",
        entry=entry,
        unit=queries.own_unit(entry) if entry else "",
        words=queries.words_of([entry.id]).get(entry.id, ()) if entry else (),
        circles=queries.circle_names(was.circles) if was else [],
        looks=search_queries.looks_at(person_id),
        functions=people.function_names(),
        proposals=[queries.proposed_words(one) for one in queries.proposals_of(person_id)],
        form=form,
        waiting=contact_queries.waiting_for(person_id),
    )


@bp.route("/consent", methods=["GET", "POST"])
@requires(OWN)
def consent() -> ResponseReturnValue:
    """Agree to be found, use by use, or change to what one agrees."""
    person_id = viewer().person_id or ""
    admission = queries.admission(person_id)
    if admission in (Admission.STRANGER, Admission.EXCLUDED):
        raise NotFound
    entry, was = queries.live(person_id), queries.attended(person_id)
    names = queries.field_names()
    form = ConsentForm(data=_consented(entry))
    form.fields.choices = [SelectChoice(key, name) for key, name in names.items()]
    form.spoken.choices = [SelectChoice(one, language_name(one)) for one in SPOKEN]
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.consent(form.given(), viewer())
            flash(_("You are listed. You can change or withdraw this at any time."), "success")
            return redirect(url_for(".index"), code=303)
    return render_template(
        "directory/consent.html",
        form=form,
        entry=entry,
        circles=queries.circle_names(was.circles) if was else [],
        taught=queries.taught(was.courses) if was else set(),
        functions=people.function_names(),
        was=was,
    )


def _consented(entry: DirectoryEntry | None) -> dict[str, Any]:
    """What the form shows: nothing is ticked before somebody ticked it."""
    if entry is None:
        return {}
    words = queries.words_of([entry.id]).get(entry.id, ())
    return {
        "agreed": True,
        "to_others": entry.to_others,
        "by_fields": entry.by_fields,
        "unit": queries.own_unit(entry),
        "fields": list(words),
        "spoken": list(words),
    }


@bp.post("/renew")
@requires(OWN)
def renew() -> ResponseReturnValue:
    """One more year, by one click."""
    if ActForm().validate_on_submit():
        with flashing_refusal():
            operations.renew(viewer())
            flash(_("Renewed for a year, under a new alias."), "success")
    return redirect(url_for(".mine"), code=303)


@bp.post("/withdraw")
@requires(OWN)
def withdraw() -> ResponseReturnValue:
    """Withdraw one's consent, by one click and at once."""
    if ActForm().validate_on_submit():
        with flashing_refusal():
            ended = operations.withdraw(viewer())
            flash(_withdrawn(ended), "success")
    return redirect(url_for(".mine"), code=303)


def _withdrawn(ended: int) -> str:
    said = _("Withdrawn: nobody finds you any more, and you find nobody.")
    if not ended:
        return said
    more = ngettext("One open contact ended.", "%(num)s open contacts ended.", ended)
    return f"{said} {more}"


@bp.post("/propose")
@requires(OWN)
def propose() -> ResponseReturnValue:
    """Propose a field that is missing in the list."""
    form = ProposalForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.propose(form.proposed.data, viewer())
            flash(_("Proposed. An organiser decides whether it joins the list."), "success")
            return redirect(url_for(".mine"), code=303)
    person_id = viewer().person_id or ""
    if queries.admission(person_id) in (Admission.STRANGER, Admission.EXCLUDED):
        raise NotFound
    return _mine(person_id, form)
