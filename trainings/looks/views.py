"""The page where the design of a course's certificates is chosen, with a live specimen."""

from __future__ import annotations

import base64

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.certificates.forms import asked_kind
from trainings.core.errors import NotFound, Refusal
from trainings.core.i18n import LANGUAGES, _, language
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.looks import operations
from trainings.looks.forms import LookForm
from trainings.printing.rules import Failure
from trainings.register import queries
from trainings.register.look_rules import STYLE_HINTS, Look, Style, look
from trainings.register.rules import Kind
from trainings.web import responses
from trainings.web.access import requires, viewer
from trainings.web.forms import showing_refusal

bp = Blueprint("looks", __name__)


@bp.route("/courses/<code>/certificates/look", methods=["GET", "POST"])
@requires(Permission.CERTIFICATE_ISSUE)
def choose(code: str) -> ResponseReturnValue:
    """Choose style and second language of a kind of certificate, with a specimen beside them."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_ISSUE, code)
    kind = asked_kind()
    first = next((one for one in course.languages if one in LANGUAGES), language())
    course_id = course.id
    form = LookForm.of(lambda: _kept(course_id, kind))
    form.shown.data = form.shown.data or first
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.choose(course.id, kind, Style(form.style.data), form.beside.data, viewer())
            flash(_("Certificates issued from now on will look like this."), "success")
            return redirect(url_for("certificates.index", code=code, kind=kind), code=303)
    return render_template(
        "looks/choose.html", course=course, kind=kind, form=form, hints=STYLE_HINTS
    )


def _kept(course_id: str, kind: Kind) -> dict[str, str]:
    kept = queries.look_of(course_id, kind)
    return {"style": str(kept.style), "beside": kept.beside}


def _asked(course: Course) -> tuple[Kind, Look, str]:
    """Kind, design and language from the URL; else the course's design, the reader's language.

    Raises ``NotFound``, ``BesideMissing``.
    """
    shown = request.args.get("shown", "")
    shown = shown if shown in LANGUAGES else language()
    try:
        style = Style(request.args["style"]) if "style" in request.args else None
    except ValueError:
        raise NotFound from None
    kind = asked_kind()
    if style is None:
        return kind, queries.look_of(course.id, kind), shown
    return kind, look(style, request.args.get("beside", "")), shown


@bp.get("/courses/<code>/certificates/preview.pdf")
@requires(Permission.CERTIFICATE_ISSUE)
def preview(code: str) -> ResponseReturnValue:
    """A specimen with the longest real values, in the kind, design and language requested."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_ISSUE, code)
    drawn = operations.preview(course.id, *_asked(course), viewer())
    if isinstance(drawn, Failure):
        flash(drawn.sentence, "error")
        return choose(code)  # no redirect: the longest name was opened
    return responses.pdf(drawn, f"{course.code}-specimen")


@bp.get("/courses/<code>/certificates/specimen")
@requires(Permission.CERTIFICATE_ISSUE)
def specimen(code: str) -> ResponseReturnValue:
    """The same as a picture within the page, requested again after each change."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_ISSUE, code)
    why, picture, kind, chosen, shown = "", "", Kind.COMPLETION, None, ""
    try:
        kind, chosen, shown = _asked(course)
        drawn = operations.picture(course.id, kind, chosen, shown, viewer())
        if isinstance(drawn, Failure):
            why = drawn.sentence
        else:
            picture = base64.b64encode(drawn).decode()
    except Refusal as refusal:
        why = str(refusal)
    return render_template(
        "looks/_specimen.html",
        course=course,
        why=why,
        picture=picture,
        kind=kind,
        look=chosen,
        shown=shown,
    )
