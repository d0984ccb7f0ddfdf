"""The certificates of a course, for those who organise it and those who taught in it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.certificates import (
    listing_queries,
    look_queries,
    operations,
    print_operations,
    queries,
)
from trainings.certificates.forms import IssueForm
from trainings.certificates.kind_forms import asked_kind, kind_tabs
from trainings.certificates.print_rules import PrintChoice, TooManyAtOnce
from trainings.certificates.rules import qualifies
from trainings.core import web
from trainings.core.access import requires, viewer
from trainings.core.i18n import _, ngettext
from trainings.core.permissions import Permission
from trainings.core.web import flashing_refusal
from trainings.courses import queries as courses

bp = Blueprint("certificates", __name__)


@bp.get("/courses/<code>/certificates")
@requires(Permission.CERTIFICATE_PRINT)
def index(code: str) -> ResponseReturnValue:
    """Who has earned a certificate, who has not and why, and the one button for all."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_PRINT, code)
    kind = asked_kind()
    listing = listing_queries.listing(viewer(), course, kind, request.args.get("page", 1, int))
    return render_template(
        "certificates/index.html", course=course, kind=kind, kinds=kind_tabs(".index", code, kind),
        listing=listing, qualifies=qualifies, form=IssueForm(),
        progress=queries.progress(course.id, kind), look=look_queries.look_of(course.id, kind),
        may_issue=courses.may(viewer(), Permission.CERTIFICATE_ISSUE, course),
    )  # fmt: skip


@bp.post("/courses/<code>/certificates")
@requires(Permission.CERTIFICATE_ISSUE)
def issue(code: str) -> ResponseReturnValue:
    """Issue a certificate to all who earned one and have none yet, or one anew that was revoked."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_ISSUE, code)
    with flashing_refusal():
        again = request.args.get("again", "")
        number = operations.issue_for_course(course.id, viewer(), asked_kind(), again)
        text = ngettext(
            "%(num)s certificate was issued.", "%(num)s certificates were issued.", number
        )
        flash(text if number else _("Everyone who earned a certificate has one."), "success")
    return redirect(url_for(".index", code=code, kind=asked_kind()), code=303)


@bp.post("/courses/<code>/certificates/again")
@requires(Permission.CERTIFICATE_ISSUE)
def render_again(code: str) -> ResponseReturnValue:
    """Try again to make the files that failed."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_ISSUE, code)
    operations.render_again(course.id, by=viewer())
    return redirect(url_for(".index", code=code, kind=asked_kind()), code=303)


@bp.get("/courses/<code>/certificates/progress")
@requires(Permission.CERTIFICATE_PRINT)
def progress(code: str) -> ResponseReturnValue:
    """How many files are made: the bar alone, asked for by the page while it works."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_PRINT, code)
    kind = asked_kind()
    return render_template(
        "certificates/_progress.html", course=course, kind=kind,
        progress=queries.progress(course.id, kind),
    )  # fmt: skip


@bp.post("/courses/<code>/certificates.pdf")
@requires(Permission.CERTIFICATE_PRINT)
def print_file(code: str) -> ResponseReturnValue:
    """All of a kind in one PDF, in order of name, for the printer in the room."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_PRINT, code)
    kind = asked_kind()
    try:
        pdf = print_operations.print_file(course.id, PrintChoice(kind), by=viewer())
    except TooManyAtOnce as refusal:
        flash(str(refusal), "info")
        return redirect(url_for("certificates_print.choose", code=code, kind=kind), code=303)
    return web.pdf(pdf, f"certificates-{course.code}")


@bp.get("/courses/<code>/certificates/<certificate_id>.pdf")
@requires(Permission.CERTIFICATE_PRINT)
def one_file(code: str, certificate_id: str) -> ResponseReturnValue:
    """The stored, signed file of one certificate of the course."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_PRINT, code)
    pdf, serial = print_operations.one_file(course.id, certificate_id, by=viewer())
    return web.pdf(pdf, serial)
