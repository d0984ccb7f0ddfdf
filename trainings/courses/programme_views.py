"""Editing a programme: its texts, phases and lessons."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.core.access import requires, viewer
from trainings.core.i18n import _, localized
from trainings.core.permissions import Permission
from trainings.core.web import showing_refusal
from trainings.courses import operations, programme_queries
from trainings.courses.forms import ActForm, LessonForm, PhaseForm, ProgrammeForm, filled, texts_of

bp = Blueprint("courses_programme", __name__)

P = Permission


def _back(code: str) -> ResponseReturnValue:
    return redirect(url_for("courses.programme", code=code), code=303)


@bp.route("/programmes/new", methods=["GET", "POST"])
@requires(P.PROGRAMME_EDIT)
def new() -> ResponseReturnValue:
    """Create a programme."""
    form = ProgrammeForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            code = operations.add_programme(
                form.code.data,
                texts_of(form, "title"),
                texts_of(form, "text"),
                by=viewer().account_id,
            )
            return _back(code)
    return render_template("courses/programme_form.html", form=form, programme=None)


def _kept_programme(code: str) -> dict[str, Any]:
    kept = programme_queries.programme(code)
    return {**filled("title", kept.titles), **filled("text", kept.texts)}


@bp.route("/programmes/<code>/edit", methods=["GET", "POST"])
@requires(P.PROGRAMME_EDIT)
def edit(code: str) -> ResponseReturnValue:
    """Change the title and description of a programme."""
    programme = programme_queries.programme(code)
    form = ProgrammeForm.of(lambda: _kept_programme(code))
    del form.code
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.change_programme(
                code, texts_of(form, "title"), texts_of(form, "text"), by=viewer().account_id
            )
            flash(_("Saved."), "success")
            return _back(code)
    return render_template("courses/programme_form.html", form=form, programme=programme)


def _kept_phase(code: str, phase_id: str) -> dict[str, Any]:
    kept = programme_queries.phase(programme_queries.programme(code).id, phase_id)
    return {
        "starts_on": kept.starts_on,
        "ends_on": kept.ends_on,
        **filled("title", kept.titles),
        **filled("finding", kept.findings),
    }


@bp.route("/programmes/<code>/phases/new", methods=["GET", "POST"])
@bp.route("/programmes/<code>/phases/<phase_id>", methods=["GET", "POST"])
@requires(P.PROGRAMME_EDIT)
def phase(code: str, phase_id: str | None = None) -> ResponseReturnValue:
    """Add a phase to a programme, or change one."""
    programme = programme_queries.programme(code)
    form = PhaseForm() if phase_id is None else PhaseForm.of(lambda: _kept_phase(code, phase_id))
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.keep_phase(
                code,
                phase_id,
                texts_of(form, "title"),
                texts_of(form, "finding"),
                form.starts_on.data,
                form.ends_on.data,
                by=viewer().account_id,
            )
            return _back(code)
    return render_template(
        "courses/phase_form.html", form=form, programme=programme, phase_id=phase_id
    )


@bp.route("/programmes/<code>/phases/<phase_id>/remove", methods=["GET", "POST"])
@requires(P.PROGRAMME_EDIT)
def remove_phase(code: str, phase_id: str) -> ResponseReturnValue:
    """Remove a phase from a programme."""
    programme = programme_queries.programme(code)
    kept = programme_queries.phase(programme.id, phase_id)
    form = ActForm()
    if form.validate_on_submit():
        operations.remove_phase(code, phase_id, by=viewer().account_id)
        return _back(code)
    return render_template(
        "_confirm.html",
        form=form,
        title=_("Remove the phase “%(title)s”?", title=localized(kept.titles)),
        act=_("Remove phase"),
        sentences=[_("Its findings are also removed.")],
        back_url=url_for("courses.programme", code=code),
    )


def _kept_lesson(code: str, lesson_id: str) -> dict[str, Any]:
    kept = programme_queries.lesson(programme_queries.programme(code).id, lesson_id)
    return {"module_id": kept.module_id or "", **filled("text", kept.texts)}


@bp.route("/programmes/<code>/lessons/new", methods=["GET", "POST"])
@bp.route("/programmes/<code>/lessons/<lesson_id>", methods=["GET", "POST"])
@requires(P.PROGRAMME_EDIT)
def lesson(code: str, lesson_id: str | None = None) -> ResponseReturnValue:
    """Add a lesson to a programme, or change one."""
    programme = programme_queries.programme(code)
    form = LessonForm()
    if lesson_id is not None:
        form = LessonForm.of(lambda: _kept_lesson(code, lesson_id))
    form.module_id.choices = [
        ("", _("None yet")),
        *((one.id, localized(one.titles)) for one in programme_queries.modules()),
    ]
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.keep_lesson(
                code,
                lesson_id,
                texts_of(form, "text"),
                form.module_id.data or None,
                by=viewer().account_id,
            )
            return _back(code)
    return render_template(
        "courses/lesson_form.html", form=form, programme=programme, lesson_id=lesson_id
    )


@bp.route("/programmes/<code>/lessons/<lesson_id>/remove", methods=["GET", "POST"])
@requires(P.PROGRAMME_EDIT)
def remove_lesson(code: str, lesson_id: str) -> ResponseReturnValue:
    """Remove a lesson from a programme."""
    programme = programme_queries.programme(code)
    programme_queries.lesson(programme.id, lesson_id)
    form = ActForm()
    if form.validate_on_submit():
        operations.remove_lesson(code, lesson_id, by=viewer().account_id)
        return _back(code)
    return render_template(
        "_confirm.html",
        form=form,
        title=_("Remove this lesson?"),
        act=_("Remove lesson"),
        back_url=url_for("courses.programme", code=code),
    )
