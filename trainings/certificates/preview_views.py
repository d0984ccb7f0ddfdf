"""The preview of a course's certificate: on the page where its look is chosen, and as a file."""

from __future__ import annotations

import base64

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.certificates import look_queries, preview_operations
from trainings.certificates.kind_forms import asked_kind
from trainings.certificates.look_rules import Look, Style, look
from trainings.certificates.rules import Kind
from trainings.core import web
from trainings.core.access import requires, viewer
from trainings.core.errors import NotFound, Refusal
from trainings.core.i18n import LANGUAGES, language
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.printing.failure_rules import SENTENCES
from trainings.printing.rules import Failure

bp = Blueprint("certificates_preview", __name__)


def _asked(course: Course) -> tuple[Kind, Look, str]:
    """Kind, look and language in the address; what is not there is as the course has it.

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
        return kind, look_queries.look_of(course.id, kind), shown
    return kind, look(style, request.args.get("beside", "")), shown


@bp.get("/courses/<code>/certificates/preview.pdf")
@requires(Permission.CERTIFICATE_ISSUE)
def show(code: str) -> ResponseReturnValue:
    """A specimen with the longest real values, in the kind, look and language asked for."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_ISSUE, code)
    drawn = preview_operations.preview(course.id, *_asked(course), viewer())
    if isinstance(drawn, Failure):
        flash(str(SENTENCES[drawn.reason]), "error")
        return redirect(url_for("certificates.index", code=code), code=303)
    return web.pdf(drawn, f"{course.code}-specimen")


@bp.get("/courses/<code>/certificates/specimen")
@requires(Permission.CERTIFICATE_ISSUE)
def specimen(code: str) -> ResponseReturnValue:
    """The same as a picture, a part of a page: asked for again with each change."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_ISSUE, code)
    why, picture, kind, chosen, shown = "", "", Kind.COMPLETION, None, ""
    try:
        kind, chosen, shown = _asked(course)
        drawn = preview_operations.picture(course.id, kind, chosen, shown, viewer())
        if isinstance(drawn, Failure):
            why = str(SENTENCES[drawn.reason])
        else:
            picture = base64.b64encode(drawn).decode()
    except Refusal as refusal:
        why = str(refusal)
    return render_template(
        "certificates/_specimen.html", course=course, why=why, picture=picture, kind=kind,
        look=chosen, shown=shown,
    )  # fmt: skip
