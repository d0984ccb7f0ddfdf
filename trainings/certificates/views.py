"""The certificates of a course, for its organisers and its trainers."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.certificates import (
    listing_queries,
    operations,
    rendering_operations,
    standing_queries,
)
from trainings.certificates.forms import IssueForm, asked_kind, kind_tabs
from trainings.certificates.rules import conditions
from trainings.core import clock
from trainings.core.i18n import _, ngettext
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.register import queries
from trainings.registrations import filter_queries
from trainings.registrations.listing_rules import Problem
from trainings.web.access import requires, viewer
from trainings.web.fields import whole
from trainings.web.forms import flashing_refusal

bp = Blueprint("certificates", __name__)


@bp.get("/courses/<code>/certificates")
@requires(Permission.CERTIFICATE_PRINT)
def index(code: str) -> ResponseReturnValue:
    """Who has earned a certificate, who has not and why, and one button to issue them all."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_PRINT, code)
    kind = asked_kind()
    words = filter_queries.words_in(viewer(), request.args.get("q", ""))
    page = request.args.get("page", 1, whole)
    listing = listing_queries.listing(viewer(), course, kind, page, words)
    return render_template(
        "certificates/index.html",
        course=course,
        kind=kind,
        begun=clock.today(course.zone) >= course.starts_on,
        kinds=kind_tabs(".index", code, kind),
        listing=listing,
        form=IssueForm(),
        progress=queries.progress(course.id, kind),
        unnamed=filter_queries.how_many(course.id, Problem.UNNAMED),
        look=queries.look_of(course.id, kind),
        may_issue=courses.may(viewer(), Permission.CERTIFICATE_ISSUE, course),
        issuing=operations.is_issuing(course.id, kind),
    )


@bp.post("/courses/<code>/certificates")
@requires(Permission.CERTIFICATE_ISSUE)
def issue(code: str) -> ResponseReturnValue:
    """Issue a certificate to everyone who earned one and has none, or reissue a revoked one."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_ISSUE, code)
    with flashing_refusal():
        again = request.args.get("again", "")
        number = operations.issue_for_course(course.id, viewer(), asked_kind(), again)
        if number is None:
            flash(_("The certificates are being issued. You can leave this page."), "success")
            return redirect(url_for(".index", code=code, kind=asked_kind()), code=303)
        text = ngettext(
            "%(num)s certificate was issued.", "%(num)s certificates were issued.", number
        )
        flash(text if number else _("Everyone who earned a certificate has one."), "success")
    return redirect(url_for(".index", code=code, kind=asked_kind()), code=303)


@bp.post("/courses/<code>/certificates/again")
@requires(Permission.CERTIFICATE_ISSUE)
def render_again(code: str) -> ResponseReturnValue:
    """Retry making the files that failed."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_ISSUE, code)
    rendering_operations.render_again(course.id, by=viewer())
    return redirect(url_for(".index", code=code, kind=asked_kind()), code=303)


@bp.get("/courses/<code>/certificates/progress")
@requires(Permission.CERTIFICATE_PRINT)
def progress(code: str) -> ResponseReturnValue:
    """How many files are made: only the progress bar, which the page polls."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_PRINT, code)
    kind = asked_kind()
    return render_template(
        "certificates/_progress.html",
        course=course,
        kind=kind,
        progress=queries.progress(course.id, kind),
    )


@bp.get("/my/certificates")
@requires(Permission.CERTIFICATE_OWN)
def own() -> ResponseReturnValue:
    """The viewer's certificates, and for each course what its certificate requires."""
    return render_template(
        "certificates/own.html",
        rows=standing_queries.own_standings(viewer()),
        conditions=conditions,
        certificates=queries.own_certificates(viewer()),
    )
