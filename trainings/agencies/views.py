"""The installation's own lists, for the administrator: agencies and functions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.accounts import queries
from trainings.accounts.models import Agency
from trainings.agencies import operations
from trainings.agencies.forms import AgencyForm, FunctionForm
from trainings.agencies.operations import AgencyFacts, FunctionFacts
from trainings.core.errors import NotFound
from trainings.core.i18n import LANGUAGES, _, localized
from trainings.core.permissions import Permission
from trainings.people import queries as people
from trainings.people.models import Function
from trainings.web.access import requires, viewer
from trainings.web.forms import showing_refusal

bp = Blueprint("agencies", __name__)


def _spread(**prefixes: dict[str, str]) -> dict[str, str]:
    """Texts per language, as the fields of a form expect them."""
    return {
        f"{prefix}_{code}": texts.get(code, "")
        for prefix, texts in prefixes.items()
        for code in LANGUAGES
    }


@bp.get("/agencies")
@requires(Permission.AGENCY_EDIT)
def index() -> ResponseReturnValue:
    """The agencies that run courses."""
    return render_template("agencies/agencies.html", agencies=queries.agencies())


@bp.get("/functions")
@requires(Permission.AGENCY_EDIT)
def functions() -> ResponseReturnValue:
    """The functions that people can have."""
    return render_template("agencies/functions.html", functions=people.functions())


def _agency(code: str) -> Agency:
    agency = queries.agency_with_code(code)
    if agency is None:
        raise NotFound
    return agency


def _kept_agency(code: str) -> dict[str, Any]:
    agency = _agency(code)
    return {
        "code": agency.code,
        "position": agency.position,
        "colour": agency.colour,
        **_spread(short=agency.short_names, name=agency.names),
    }


def _agency_facts(form: AgencyForm) -> AgencyFacts:
    return AgencyFacts(
        short_names=form.texts("short"),
        names=form.texts("name"),
        colour=form.colour.data,
        position=form.position.data,
    )


@bp.route("/agencies/new", methods=["GET", "POST"])
@requires(Permission.AGENCY_EDIT)
def add() -> ResponseReturnValue:
    """Add an agency."""
    form = AgencyForm(position=len(queries.agencies()), colour="#0b5563")
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.add_agency(form.code.data, _agency_facts(form), by=viewer().account_id or "")
            flash(_("The agency has been added."), "success")
            return redirect(url_for(".index"), code=303)
    return render_template("agencies/agency.html", form=form, title=_("Add an agency"), new=True)


@bp.route("/agencies/<code>", methods=["GET", "POST"])
@requires(Permission.AGENCY_EDIT)
def change(code: str) -> ResponseReturnValue:
    """Change an agency's names, colour and place."""
    form = AgencyForm.of(lambda: _kept_agency(code))
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.change_agency(code, _agency_facts(form), by=viewer().account_id or "")
            flash(_("Saved."), "success")
            return redirect(url_for(".index"), code=303)
    title = localized(_agency(code).short_names)
    return render_template("agencies/agency.html", form=form, title=title, new=False)


def _function(code: str) -> Function:
    found = next((function for function in people.functions() if function.code == code), None)
    if found is None:
        raise NotFound
    return found


def _kept_function(code: str) -> dict[str, Any]:
    found = _function(code)
    spread = _spread(name=found.names, hint=found.hints)
    return {"code": code, "position": found.position, **spread}


def _function_facts(form: FunctionForm) -> FunctionFacts:
    return FunctionFacts(
        names=form.texts("name"), hints=form.texts("hint"), position=form.position.data
    )


@bp.route("/functions/new", methods=["GET", "POST"])
@requires(Permission.AGENCY_EDIT)
def add_function() -> ResponseReturnValue:
    """Add a function that people can have."""
    form = FunctionForm(position=len(people.functions()))
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.add_function(
                form.code.data, _function_facts(form), by=viewer().account_id or ""
            )
            flash(_("The function has been added."), "success")
            return redirect(url_for(".functions"), code=303)
    return render_template("agencies/function.html", form=form, title=_("Add a function"), new=True)


@bp.route("/functions/<code>", methods=["GET", "POST"])
@requires(Permission.AGENCY_EDIT)
def change_function(code: str) -> ResponseReturnValue:
    """Change a function's words and place."""
    form = FunctionForm.of(lambda: _kept_function(code))
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.change_function(code, _function_facts(form), by=viewer().account_id or "")
            flash(_("Saved."), "success")
            return redirect(url_for(".functions"), code=303)
    title = localized(_function(code).names)
    return render_template("agencies/function.html", form=form, title=title, new=False)
