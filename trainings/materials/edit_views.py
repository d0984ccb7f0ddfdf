"""Pages on which staff add, replace, rename and remove files, of sessions and of modules."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.core import config
from trainings.core.dates import weekday_in_brief
from trainings.core.i18n import _, localized
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.materials import operations, queries
from trainings.materials.forms import AddForm, ButtonForm, ChangeForm, UploadForm
from trainings.materials.models import Material
from trainings.materials.rules import Audience
from trainings.uploads.rules import ENDINGS, Upload, megabytes
from trainings.web.access import requires, viewer
from trainings.web.bodies import takes_large
from trainings.web.forms import showing_refusal

bp = Blueprint("materials_edit", __name__)

EDIT = Permission.MATERIAL_EDIT


def _upload(form: UploadForm) -> Upload:
    found = form.upload()
    return Upload(found.filename or "", found.stream)


def _bounds() -> dict[str, Any]:
    """What the page says of files that can be sent, and checks before they are."""
    settings = config.settings()
    return {
        "most": settings.material_bytes,
        "most_megabytes": megabytes(settings.material_bytes),
        "endings": [f".{one}" for one in ENDINGS],
        "scanned": bool(settings.scanner),
    }


def _most_to_course(code: str) -> int:
    courses.course_for(viewer(), EDIT, code)
    return config.settings().material_bytes


@bp.route("/courses/<code>/materials/new", methods=["GET", "POST"])
@takes_large(_most_to_course)
@requires(EDIT)
def add(code: str) -> ResponseReturnValue:
    """Add a file to a session of a course."""
    course = courses.course_for(viewer(), EDIT, code)
    form = AddForm(session_id=request.args.get("session", ""))
    titles = queries.session_titles(course)
    form.session_id.choices = [
        ("", _("Choose a session")),
        *(
            (key, f"{weekday_in_brief(day)} {title}" if day else title)
            for key, (day, title) in titles.items()
        ),
    ]
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.add_to_session(
                course.id,
                form.session_id.data,
                _upload(form),
                Audience(form.audience.data),
                viewer(),
            )
            flash(_("The file has been added."), "success")
            return redirect(url_for("materials.index", code=code), code=303)
    return render_template(
        "materials/add.html",
        form=form,
        place=localized(course.titles),
        back_url=url_for("materials.index", code=code),
        crumbs=[(_("Materials"), url_for("materials.index", code=code))],
        course=course,
        **_bounds(),
    )


@bp.get("/modules/<code>/materials")
@requires(EDIT)
def module(code: str) -> ResponseReturnValue:
    """The files of a module: they are given out in each course that teaches it."""
    found = queries.module_for(viewer(), code)
    return render_template("materials/module.html", module=found, items=queries.of_module(found.id))


def _most_to_module(code: str) -> int:
    queries.module_for(viewer(), code)
    return config.settings().material_bytes


@bp.route("/modules/<code>/materials/new", methods=["GET", "POST"])
@takes_large(_most_to_module)
@requires(EDIT)
def add_to_module(code: str) -> ResponseReturnValue:
    """Add a file to a module."""
    found = queries.module_for(viewer(), code)
    form = AddForm()
    del form.session_id
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.add_to_module(
                found.id, _upload(form), Audience(form.audience.data), viewer()
            )
            flash(_("The file has been added."), "success")
            return redirect(url_for(".module", code=code), code=303)
    return render_template(
        "materials/add.html",
        form=form,
        place=localized(found.titles),
        back_url=url_for(".module", code=code),
        **_bounds(),
    )


def _place(row: Material) -> tuple[str, str]:
    """Where a file stands: the page's address, and what it is called."""
    if row.course_id is not None:
        course = courses.by_id(row.course_id)
        return url_for("materials.index", code=course.code), localized(course.titles)
    code, titles = queries.module_names(row.module_id or "")
    return url_for(".module", code=code), localized(titles)


def _kept(material_id: str) -> dict[str, Any]:
    row = queries.material_for(viewer(), material_id)
    return {"name": queries.name_of(row), "audience": str(row.audience)}


@bp.route("/materials/<material_id>", methods=["GET", "POST"])
@requires(EDIT)
def change(material_id: str) -> ResponseReturnValue:
    """Rename a file, or change who may have it."""
    row = queries.material_for(viewer(), material_id)
    form = ChangeForm.of(lambda: _kept(material_id))
    back_url, place = _place(row)
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.change(material_id, form.name.data, Audience(form.audience.data), viewer())
            flash(_("Saved."), "success")
            return redirect(back_url, code=303)
    row = queries.material_for(viewer(), material_id)
    return render_template(
        "materials/change.html",
        form=form,
        item=queries.item_of(row),
        place=place,
        back_url=back_url,
    )


def _most_instead(material_id: str) -> int:
    queries.material_for(viewer(), material_id)
    return config.settings().material_bytes


@bp.route("/materials/<material_id>/replace", methods=["GET", "POST"])
@takes_large(_most_instead)
@requires(EDIT)
def replace(material_id: str) -> ResponseReturnValue:
    """Put another file in the place of one."""
    row = queries.material_for(viewer(), material_id)
    form = UploadForm.of(lambda: {"file": queries.material_for(viewer(), material_id).file})
    back_url, place = _place(row)
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.replace(material_id, _upload(form), viewer())
            flash(_("The file has been replaced."), "success")
            return redirect(back_url, code=303)
    row = queries.material_for(viewer(), material_id)
    return render_template(
        "materials/replace.html",
        form=form,
        item=queries.item_of(row),
        place=place,
        back_url=back_url,
        **_bounds(),
    )


@bp.route("/materials/<material_id>/remove", methods=["GET", "POST"])
@requires(EDIT)
def remove(material_id: str) -> ResponseReturnValue:
    """Remove a file for good, after asking."""
    row = queries.material_for(viewer(), material_id)
    form = ButtonForm()
    back_url, place = _place(row)
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.remove(material_id, viewer())
            flash(_("The file has been removed."), "success")
            return redirect(back_url, code=303)
    item = queries.item_of(row)
    return render_template(
        "_confirm.html",
        title=_("Remove “%(name)s”", name=item.file_name),
        form=form,
        act=_("Remove file"),
        back_url=back_url,
        crumbs=[(place, back_url)],
        sentences=[
            _("The file is deleted here for good. Keep a copy if you may need it again."),
            _("Whoever has already saved it keeps their copy."),
        ],
    )
