"""The certificates of a course, for those who organise it and those who taught in it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.certificates import (
    listing_queries,
    look_queries,
    operations,
    print_operations,
    queries,
)
from trainings.certificates.forms import IssueForm
from trainings.certificates.print_rules import PrintChoice, TooManyAtOnce
from trainings.certificates.rules import Kind, qualifies
from trainings.core.access import requires, viewer
from trainings.core.errors import NotFound
from trainings.core.i18n import _, ngettext
from trainings.core.permissions import Permission
from trainings.core.web import flashing_refusal
from trainings.courses import queries as courses

bp = Blueprint("certificates", __name__)


def _kind() -> Kind:
    """The kind of certificate that the page is about. Raises ``NotFound``."""
    try:
        return Kind(request.args.get("kind", Kind.COMPLETION))
    except ValueError:
        raise NotFound from None


def _kinds(code: str, here: Kind) -> list[dict[str, Any]]:
    return [
        {
            "label": kind.label,
            "url": url_for(".index", code=code, kind=kind),
            "active": kind is here,
        }
        for kind in (Kind.COMPLETION, Kind.ATTENDANCE, Kind.TRAINER)
    ]


@bp.get("/courses/<code>/certificates")
@requires(Permission.CERTIFICATE_PRINT)
def index(code: str) -> ResponseReturnValue:
    """Who has earned a certificate, who has not and why, and the one button for all."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_PRINT, code)
    kind = _kind()
    listing = listing_queries.listing(viewer(), course, kind, request.args.get("page", 1, int))
    return render_template(
        "certificates/index.html", course=course, kind=kind, kinds=_kinds(code, kind),
        listing=listing, qualifies=qualifies, form=IssueForm(),
        progress=queries.progress(course.id), look=look_queries.look_of(course.id, kind),
        may_issue=courses.may(viewer(), Permission.CERTIFICATE_ISSUE, course),
    )  # fmt: skip


@bp.post("/courses/<code>/certificates")
@requires(Permission.CERTIFICATE_ISSUE)
def issue(code: str) -> ResponseReturnValue:
    """Issue a certificate to all who earned one and have none yet, or one anew that was revoked."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_ISSUE, code)
    with flashing_refusal():
        again = request.args.get("again", "")
        number = operations.issue_for_course(course.id, viewer(), _kind(), again)
        text = ngettext(
            "%(num)s certificate was issued.", "%(num)s certificates were issued.", number
        )
        flash(text if number else _("Everyone who earned a certificate has one."), "success")
    return redirect(url_for(".index", code=code, kind=_kind()), code=303)


@bp.post("/courses/<code>/certificates/again")
@requires(Permission.CERTIFICATE_ISSUE)
def render_again(code: str) -> ResponseReturnValue:
    """Try again to make the files that failed."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_ISSUE, code)
    operations.render_again(course.id, by=viewer())
    return redirect(url_for(".index", code=code), code=303)


@bp.get("/courses/<code>/certificates/progress")
@requires(Permission.CERTIFICATE_PRINT)
def progress(code: str) -> ResponseReturnValue:
    """How many files are made: the bar alone, asked for by the page while it works."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_PRINT, code)
    return render_template(
        "certificates/_progress.html", course=course, progress=queries.progress(course.id)
    )


@bp.get("/courses/<code>/certificates.pdf")
@requires(Permission.CERTIFICATE_PRINT)
def print_file(code: str) -> ResponseReturnValue:
    """All certificates of the course in one PDF, in order of name, for the printer in the room."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_PRINT, code)
    try:
        pdf = print_operations.print_file(course.id, PrintChoice(), by=viewer())
    except TooManyAtOnce as refusal:
        flash(str(refusal), "info")
        return redirect(url_for("certificates_print.choose", code=code), code=303)
    return _pdf(pdf, f"certificates-{course.code}.pdf")


@bp.get("/courses/<code>/certificates/<certificate_id>.pdf")
@requires(Permission.CERTIFICATE_PRINT)
def one_file(code: str, certificate_id: str) -> ResponseReturnValue:
    """One certificate of the course, to print it again."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_PRINT, code)
    pdf, serial = print_operations.one_file(course.id, certificate_id, by=viewer())
    return _pdf(pdf, f"{serial}.pdf")


def _pdf(content: bytes, name: str) -> Response:
    return Response(
        content,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
