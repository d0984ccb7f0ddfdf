"""The preview of a course's certificate."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from trainings.certificates.preview_operations import preview
from trainings.certificates.rules import Kind
from trainings.core.access import requires, viewer
from trainings.core.errors import NotFound
from trainings.core.i18n import language
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.printing.failure_rules import SENTENCES
from trainings.printing.rules import Failure

bp = Blueprint("certificates_preview", __name__)


@bp.get("/courses/<code>/certificates/preview.pdf")
@requires(Permission.CERTIFICATE_ISSUE)
def show(code: str) -> ResponseReturnValue:
    """A specimen with the longest real values, in the kind and language asked for."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_ISSUE, code)
    try:
        kind = Kind(request.args.get("kind", Kind.COMPLETION))
    except ValueError:
        raise NotFound from None
    drawn = preview(course.id, kind, request.args.get("language", language()), viewer())
    if isinstance(drawn, Failure):
        flash(str(SENTENCES[drawn.reason]), "error")
        return redirect(url_for("certificates.index", code=code), code=303)
    return Response(
        drawn,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{course.code}-specimen.pdf"'},
    )
