"""Editing a programme: its texts and phases."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.core.errors import NotFound
from trainings.core.i18n import _, localized
from trainings.core.permissions import Permission
from trainings.courses import operations, programme_queries
from trainings.courses.forms import ActForm, CopyForm, PhaseForm, ProgrammeForm, filled, texts_of
from trainings.courses.models import Programme
from trainings.web.access import requires, viewer
from trainings.web.forms import showing_refusal

bp = Blueprint("courses_programme", __name__)

P = Permission


def _back(code: str) -> ResponseReturnValue:
    return redirect(url_for("programmes.show", code=code), code=303)


@bp.route("/programmes/new", methods=["GET", "POST"])
@requires(P.PROGRAMME_EDIT)
def new() -> ResponseReturnValue:
    """Create a programme of the viewer's own agency."""
    own = programme_queries.own_agencies(viewer())
    if not own:
        raise NotFound
    form = ProgrammeForm()
    form.offer(own)
    del form.follows_id
    if form.validate_on_submit():
        with showing_refusal(form):
            code = operations.add_programme(
                form.code.data,
                texts_of(form, "title"),
                texts_of(form, "text"),
                agency_id=form.owner(),
                by=viewer(),
            )
            return _back(code)
    return render_template("courses/programme_form.html", form=form, programme=None)


def _kept_programme(code: str) -> dict[str, Any]:
    kept = programme_queries.programme(code)
    own = {"agency_id": kept.agency_id or "", "follows_id": kept.follows_id or ""}
    return {**own, **filled("title", kept.titles), **filled("text", kept.texts)}


def _own(code: str) -> Programme:
    """The programme, if the viewer may change it. Raises ``NotYours`` and others."""
    programme = programme_queries.programme(code)
    programme_queries.check_may_edit(viewer(), programme)
    return programme


@bp.route("/programmes/<code>/edit", methods=["GET", "POST"])
@requires(P.PROGRAMME_EDIT)
def edit(code: str) -> ResponseReturnValue:
    """Change the title and description of a programme."""
    programme = _own(code)
    form = ProgrammeForm.of(lambda: _kept_programme(code))
    form.offer(programme_queries.possible_owners(programme))
    form.follows_id.choices = [
        ("", _("None")),
        *(one for one in programme_queries.programme_choices() if one[0] != programme.id),
    ]
    del form.code
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.change_programme(
                code,
                texts_of(form, "title"),
                texts_of(form, "text"),
                by=viewer(),
                agency_id=form.owner() or None,
                follows_id=form.follows_id.data or None,
            )
            flash(_("Saved."), "success")
            return _back(code)
    return render_template("courses/programme_form.html", form=form, programme=programme)


@bp.route("/programmes/<code>/copy", methods=["GET", "POST"])
@requires(P.PROGRAMME_EDIT)
def copy(code: str) -> ResponseReturnValue:
    """Copy a programme to the viewer's own agency, which can change the copy."""
    programme = programme_queries.programme(code)
    own = programme_queries.own_agencies(viewer())
    if not own:
        raise NotFound
    form = CopyForm(data={"code": programme_queries.code_of_copy(programme, own[0][0])})
    form.offer(own)
    if form.validate_on_submit():
        with showing_refusal(form):
            made = operations.copy_programme(
                code, form.code.data, agency_id=form.owner(), by=viewer()
            )
            flash(_("Copied. Your agency can change the copy."), "success")
            return _back(made)
    return render_template(
        "courses/copy.html",
        form=form,
        titles=programme.titles,
        crumb=(_("Programmes"), url_for("courses.programmes")),
        back_url=url_for("programmes.show", code=code),
    )


def _kept_phase(code: str, phase_id: str) -> dict[str, Any]:
    kept = programme_queries.phase(programme_queries.programme(code).id, phase_id)
    return {
        "starts_on": kept.starts_on,
        "ends_on": kept.ends_on,
        **filled("title", kept.titles),
        **filled("text", kept.texts),
    }


@bp.route("/programmes/<code>/phases/new", methods=["GET", "POST"])
@bp.route("/programmes/<code>/phases/<phase_id>", methods=["GET", "POST"])
@requires(P.PROGRAMME_EDIT)
def phase(code: str, phase_id: str | None = None) -> ResponseReturnValue:
    """Add a phase to a programme, or change one."""
    programme = _own(code)
    form = PhaseForm() if phase_id is None else PhaseForm.of(lambda: _kept_phase(code, phase_id))
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.keep_phase(
                code,
                phase_id,
                texts_of(form, "title"),
                texts_of(form, "text"),
                form.starts_on.data,
                form.ends_on.data,
                by=viewer(),
            )
            return _back(code)
    return render_template(
        "courses/phase_form.html", form=form, programme=programme, phase_id=phase_id
    )


@bp.route("/programmes/<code>/phases/<phase_id>/remove", methods=["GET", "POST"])
@requires(P.PROGRAMME_EDIT)
def remove_phase(code: str, phase_id: str) -> ResponseReturnValue:
    """Remove a phase from a programme."""
    programme = _own(code)
    kept = programme_queries.phase(programme.id, phase_id)
    form = ActForm()
    if form.validate_on_submit():
        operations.remove_phase(code, phase_id, by=viewer())
        return _back(code)
    return render_template(
        "_confirm.html",
        form=form,
        title=_("Remove the phase “%(title)s”?", title=localized(kept.titles)),
        act=_("Remove phase"),
        sentences=[_("Its findings and lessons stay in the programme.")],
        back_url=url_for("programmes.show", code=code),
    )
