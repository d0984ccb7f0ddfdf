"""Modules: the subjects that courses teach, their objectives and the agencies that own them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.agencies.rules import agencies_of
from trainings.core.errors import NotFound
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.courses import operations, ownership_rules, programme_queries
from trainings.courses.forms import CopyForm, ModuleForm, filled, texts_of
from trainings.courses.programme_rules import EXPLOITATION, objectives_from
from trainings.web.access import requires, viewer
from trainings.web.forms import flashing_refusal, showing_refusal

bp = Blueprint("courses_module", __name__)

P = Permission


@bp.get("/modules")
@requires(P.PROGRAMME_READ)
def index() -> ResponseReturnValue:
    """All modules, with their owners and the number of courses that teach each."""
    return render_template(
        "courses/modules.html",
        modules=programme_queries.modules(),
        uses=programme_queries.uses(),
        exploitation=EXPLOITATION,
        may_add=bool(agencies_of(viewer())),
    )


@bp.get("/modules/<code>")
@requires(P.PROGRAMME_READ)
def show(code: str) -> ResponseReturnValue:
    """A module with its objectives: who owns it, and what it was copied from."""
    module = programme_queries.module(code)
    return render_template(
        "courses/module.html",
        module=module,
        exploitation=EXPLOITATION,
        used=programme_queries.uses().get(module.id, 0),
        may_edit=ownership_rules.may_edit(viewer(), module.agency_id),
        may_copy=bool(agencies_of(viewer())),
    )


def _kept(code: str) -> dict[str, Any]:
    module = programme_queries.module(code)
    lines = {key: "\n".join(value) for key, value in module.objectives.items()}
    return {
        "agency_id": module.agency_id or "",
        "exploitation": module.exploitation,
        **filled("title", module.titles),
        **filled("objectives", lines),
    }


@bp.route("/modules/new", methods=["GET", "POST"])
@requires(P.PROGRAMME_EDIT)
def new() -> ResponseReturnValue:
    """Add a module of the viewer's own agency."""
    own = programme_queries.own_agencies(viewer())
    if not own:
        raise NotFound
    form = ModuleForm()
    form.offer(own)
    form.exploitation.choices = list(EXPLOITATION.items())
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.add_module(
                form.code.data,
                texts_of(form, "title"),
                objectives_from(texts_of(form, "objectives")),
                form.exploitation.data,
                agency_id=form.owner(),
                by=viewer(),
            )
            flash(_("Saved."), "success")
            return redirect(url_for(".index"), code=303)
    return render_template("courses/module_form.html", form=form, module=None)


@bp.route("/modules/<code>/edit", methods=["GET", "POST"])
@requires(P.PROGRAMME_EDIT)
def edit(code: str) -> ResponseReturnValue:
    """Change a module of the viewer's own agency."""
    module = programme_queries.module(code)
    programme_queries.check_may_edit(viewer(), module)
    form = ModuleForm.of(lambda: _kept(code))
    form.offer(programme_queries.possible_owners(module))
    form.exploitation.choices = list(EXPLOITATION.items())
    del form.code
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.change_module(
                code,
                texts_of(form, "title"),
                objectives_from(texts_of(form, "objectives")),
                form.exploitation.data,
                by=viewer(),
                agency_id=form.owner() or None,
            )
            flash(_("Saved."), "success")
            return redirect(url_for(".show", code=code), code=303)
    used = programme_queries.module_uses(module.id)
    return render_template("courses/module_form.html", form=form, module=module, used=used)


@bp.route("/modules/<code>/copy", methods=["GET", "POST"])
@requires(P.PROGRAMME_EDIT)
def copy(code: str) -> ResponseReturnValue:
    """Copy a module to the viewer's own agency, which can change the copy."""
    module = programme_queries.module(code)
    own = programme_queries.own_agencies(viewer())
    if not own:
        raise NotFound
    form = CopyForm(data={"code": programme_queries.code_of_copy(module, own[0][0])})
    form.offer(own)
    if form.validate_on_submit():
        with showing_refusal(form):
            made = operations.copy_module(code, form.code.data, agency_id=form.owner(), by=viewer())
            flash(_("Copied. Your agency can change the copy."), "success")
            return redirect(url_for(".show", code=made), code=303)
    return render_template(
        "courses/copy.html",
        form=form,
        titles=module.titles,
        crumb=(_("Modules"), url_for(".index")),
        back_url=url_for(".show", code=code),
    )


@bp.post("/modules/<code>/remove")
@requires(P.PROGRAMME_EDIT)
def remove(code: str) -> ResponseReturnValue:
    """Remove a module that is not used anywhere."""
    with flashing_refusal():
        operations.remove_module(code, by=viewer())
        flash(_("Removed."), "success")
    return redirect(url_for(".index"), code=303)
