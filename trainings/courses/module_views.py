"""Modules: the subjects that courses teach, each with its objectives."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.core.access import requires, viewer
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.core.web import flashing_refusal, showing_refusal
from trainings.courses import operations, programme_queries
from trainings.courses.forms import ModuleForm, filled, texts_of
from trainings.courses.programme_rules import EXPLOITATION, objectives_from

bp = Blueprint("courses_module", __name__)

P = Permission


@bp.get("/modules")
@requires(P.PROGRAMME_READ)
def index() -> ResponseReturnValue:
    """All modules, with the number of courses that teach each."""
    return render_template(
        "courses/modules.html",
        modules=programme_queries.modules(),
        uses=programme_queries.uses(),
        exploitation=EXPLOITATION,
    )


def _kept(code: str) -> dict[str, Any]:
    module = programme_queries.module(code)
    lines = {key: "\n".join(value) for key, value in module.objectives.items()}
    return {
        "exploitation": module.exploitation,
        **filled("title", module.titles),
        **filled("objectives", lines),
    }


@bp.route("/modules/new", methods=["GET", "POST"])
@requires(P.PROGRAMME_EDIT)
def new() -> ResponseReturnValue:
    """Add a module."""
    form = ModuleForm()
    form.exploitation.choices = list(EXPLOITATION.items())
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.add_module(
                form.code.data,
                texts_of(form, "title"),
                objectives_from(texts_of(form, "objectives")),
                form.exploitation.data,
                by=viewer().account_id,
            )
            flash(_("Saved."), "success")
            return redirect(url_for(".index"), code=303)
    return render_template("courses/module_form.html", form=form, module=None)


@bp.route("/modules/<code>", methods=["GET", "POST"])
@requires(P.PROGRAMME_EDIT)
def edit(code: str) -> ResponseReturnValue:
    """Change a module."""
    module = programme_queries.module(code)
    form = ModuleForm.of(lambda: _kept(code))
    form.exploitation.choices = list(EXPLOITATION.items())
    del form.code
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.change_module(
                code,
                texts_of(form, "title"),
                objectives_from(texts_of(form, "objectives")),
                form.exploitation.data,
                by=viewer().account_id,
            )
            flash(_("Saved."), "success")
            return redirect(url_for(".index"), code=303)
    used = programme_queries.module_uses(module.id)
    return render_template("courses/module_form.html", form=form, module=module, used=used)


@bp.post("/modules/<code>/remove")
@requires(P.PROGRAMME_EDIT)
def remove(code: str) -> ResponseReturnValue:
    """Remove a module that is not used anywhere."""
    with flashing_refusal():
        operations.remove_module(code, by=viewer().account_id)
        flash(_("Removed."), "success")
    return redirect(url_for(".index"), code=303)
