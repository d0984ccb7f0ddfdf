"""Revoke a certificate, or replace it by a corrected one; each is asked once."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.certificates import reissue_operations, revocation_operations
from trainings.certificates.forms import ReissueForm, RevokeForm
from trainings.core.errors import NotFound
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import reading
from trainings.people.sealed_rules import ERASED
from trainings.register import document, queries, writes
from trainings.register.models import Certificate
from trainings.register.rules import VALID, EndReason, Status
from trainings.web.access import requires, viewer
from trainings.web.forms import showing_refusal, untouched

bp = Blueprint("certificates_revocation", __name__)

_ISSUE = Permission.CERTIFICATE_ISSUE


def _found(
    code: str, certificate_id: str, stands: Collection[Status] = VALID
) -> tuple[Course, Certificate]:
    """The course and its certificate that still stands."""
    course = courses.course_for(viewer(), _ISSUE, code)
    certificate = queries.one_of_course(course, certificate_id)
    if certificate.status not in stands:
        raise NotFound
    return course, certificate


def _name(certificate: Certificate) -> str:
    """The name on a certificate; the look is logged."""
    if certificate.person_id is None:
        return str(ERASED)
    reading.log([certificate.person_id], by=viewer().account_id, purpose="certificate")
    frozen = writes.content(certificate)
    if frozen is None:
        raise NotFound
    return document.holder_of(frozen)


def _related(course: Course, certificate: Certificate) -> dict[str, Any]:
    """What a current certificate replaced; what took the place of a superseded one."""
    if certificate.status in VALID:
        return {"earlier": queries.earlier(certificate), "successor": None}
    successor = certificate.successor_id
    return {
        "earlier": (),
        "successor": queries.one_of_course(course, successor) if successor else None,
    }


def _back(code: str, certificate: Certificate) -> str:
    """The list from which one came: that of the certificate's kind."""
    return url_for("certificates.index", code=code, kind=certificate.kind)


@bp.route("/courses/<code>/certificates/<certificate_id>/revoke", methods=["GET", "POST"])
@requires(_ISSUE, fresh=True)
def revoke(code: str, certificate_id: str) -> ResponseReturnValue:
    """Say for everyone that a certificate is no longer valid, or an earlier one; asked once."""
    course, certificate = _found(code, certificate_id, VALID | {Status.SUPERSEDED})
    form = RevokeForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            revocation_operations.revoke(
                course.id,
                certificate.id,
                EndReason(form.reason.data),
                form.note.data or "",
                viewer(),
            )
            flash(_("The certificate has been revoked. Its check page says so."), "success")
            return redirect(_back(code, certificate), code=303)
    return render_template(
        "certificates/revoke.html",
        course=course,
        form=form,
        name=_name(certificate),
        certificate=certificate,
        **_related(course, certificate),
    )


@bp.route("/courses/<code>/certificates/<certificate_id>/correct", methods=["GET", "POST"])
@requires(_ISSUE, fresh=True)
def reissue(code: str, certificate_id: str) -> ResponseReturnValue:
    """Issue a corrected certificate that takes the place of this one; asked once."""
    course, certificate = _found(code, certificate_id)
    if certificate.person_id is None:  # there is nobody any more to issue it to
        raise NotFound
    form = ReissueForm(reason=str(EndReason.NAME))
    if form.validate_on_submit():
        with showing_refusal(form):
            reissue_operations.reissue(
                course.id,
                certificate.id,
                form.printed_name.data,
                EndReason(form.reason.data),
                form.note.data or "",
                viewer(),
                afresh=form.afresh.data,
            )
            flash(
                _(
                    "The corrected certificate has been issued. The check page of the old one "
                    "says so."
                ),
                "success",
            )
            return redirect(_back(code, certificate), code=303)
    name = _name(certificate)
    if untouched(form.printed_name):
        form.printed_name.data = name
    return render_template(
        "certificates/reissue.html",
        course=course,
        form=form,
        name=name,
        certificate=certificate,
        **_related(course, certificate),
    )
