"""The page on which the look of a course's certificates is chosen, seeing it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.certificates import look_operations, look_queries
from trainings.certificates.kind_forms import asked_kind
from trainings.certificates.look_forms import LookForm
from trainings.certificates.look_rules import STYLE_HINTS, Style
from trainings.core.access import requires, viewer
from trainings.core.i18n import LANGUAGES, _, language
from trainings.core.permissions import Permission
from trainings.core.web import showing_refusal
from trainings.courses import queries as courses

bp = Blueprint("certificates_look", __name__)


@bp.route("/courses/<code>/certificates/look", methods=["GET", "POST"])
@requires(Permission.CERTIFICATE_ISSUE)
def choose(code: str) -> ResponseReturnValue:
    """Choose style and second language of one kind of certificate, with a specimen beside it."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_ISSUE, code)
    kind = asked_kind()
    kept = look_queries.look_of(course.id, kind)
    first = next((one for one in course.languages if one in LANGUAGES), language())
    form = LookForm(style=str(kept.style), beside=kept.beside, shown=first)
    if form.validate_on_submit():
        with showing_refusal(form):
            look_operations.choose(
                course.id, kind, Style(form.style.data), form.beside.data, viewer()
            )
            flash(_("Certificates issued from now on look like this."), "success")
            return redirect(url_for("certificates.index", code=code, kind=kind), code=303)
    return render_template(
        "certificates/look.html", course=course, kind=kind, form=form, hints=STYLE_HINTS
    )
