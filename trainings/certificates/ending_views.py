"""Revoke a certificate, replace it by a corrected one, and grant exceptions from the hours."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.accounts import queries as accounts
from trainings.certificates import (
    document,
    ending_operations,
    queries,
    standing_queries,
    waiver_operations,
    waiver_queries,
    writes,
)
from trainings.certificates.ending_forms import ReissueForm, RevokeForm, WaiverForm
from trainings.certificates.models import Certificate, Waiver
from trainings.certificates.rules import VALID, EndReason, Status
from trainings.core.access import requires, viewer
from trainings.core.errors import NotFound
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.core.web import flashing_refusal, showing_refusal
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import reading
from trainings.people.rules import ERASED

bp = Blueprint("certificates_ending", __name__)

_ISSUE = Permission.CERTIFICATE_ISSUE
_SELECT = Permission.REGISTRATION_SELECT


def _found(
    code: str, certificate_id: str, stands: Collection[Status] = VALID
) -> tuple[Course, Certificate, str]:
    """The course, its certificate that still stands, and the name on it; the look is logged."""
    course = courses.course_for(viewer(), _ISSUE, code)
    certificate = queries.one_of_course(course, certificate_id)
    if certificate.status not in stands:
        raise NotFound
    if certificate.person_id is None:
        return course, certificate, str(ERASED)
    reading.log([certificate.person_id], by=viewer().account_id, purpose="certificate")
    frozen = writes.content(certificate)
    if frozen is None:
        raise NotFound
    return course, certificate, document.holder_of(frozen)


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
    course, certificate, name = _found(code, certificate_id, VALID | {Status.SUPERSEDED})
    form = RevokeForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            ending_operations.revoke(
                course.id, certificate.id, EndReason(form.reason.data), form.note.data or "",
                viewer(),
            )  # fmt: skip
            flash(_("The certificate is revoked; its check page says so now."), "success")
            return redirect(_back(code, certificate), code=303)
    return render_template("certificates/revoke.html", course=course, form=form, name=name,
                           certificate=certificate, **_related(course, certificate))  # fmt: skip


@bp.route("/courses/<code>/certificates/<certificate_id>/correct", methods=["GET", "POST"])
@requires(_ISSUE, fresh=True)
def reissue(code: str, certificate_id: str) -> ResponseReturnValue:
    """Issue a corrected certificate that takes the place of this one; asked once."""
    course, certificate, name = _found(code, certificate_id)
    if certificate.person_id is None:  # there is nobody any more to issue it to
        raise NotFound
    form = ReissueForm(printed_name=name, reason=str(EndReason.NAME))
    if form.validate_on_submit():
        with showing_refusal(form):
            ending_operations.reissue(
                course.id, certificate.id, form.printed_name.data, EndReason(form.reason.data),
                form.note.data or "", viewer(), afresh=form.afresh.data,
            )  # fmt: skip
            flash(_("A corrected certificate was issued; the old one says so now."), "success")
            return redirect(_back(code, certificate), code=303)
    return render_template("certificates/reissue.html", course=course, form=form, name=name,
                           certificate=certificate, **_related(course, certificate))  # fmt: skip


@bp.route("/courses/<code>/certificates/exceptions/<number>", methods=["GET", "POST"])
@requires(_SELECT)
def waiver(code: str, number: str) -> ResponseReturnValue:
    """Ask for an exception from the hours, or look at the one that was asked for."""
    course = courses.course_for(viewer(), _SELECT, code)
    standing = standing_queries.of_number(course, number, scope="viewer")
    form = WaiverForm()
    if standing.waiver is None and form.validate_on_submit():
        with showing_refusal(form):
            waiver_operations.ask(course.id, number, form.reason.data, viewer())
            flash(_("The exception waits for another organiser to approve it."), "success")
            return redirect(url_for(".waiver", code=code, number=number), code=303)
    names = reading.open([standing.person.id], by=viewer().account_id, purpose="certificates")
    return render_template(
        "certificates/waiver.html", course=course, form=form, standing=standing,
        name=names[standing.person.id].name, **_asked(standing.waiver),
    )  # fmt: skip


def _asked(waiver: Waiver | None) -> dict[str, Any]:
    """Why an exception was asked for, who did and who approved it; these looks are logged too."""
    if waiver is None:
        return {"reason": "", "asked_by": "", "approved_by": "", "own": False}
    persons = accounts.persons_of({waiver.asked_by, waiver.approved_by or waiver.asked_by})
    names = reading.open(persons.values(), by=viewer().account_id, purpose="exceptions")
    who = {account: names[person].name for account, person in persons.items() if person in names}
    return {
        "reason": waiver_queries.reason(waiver),
        "asked_by": who.get(waiver.asked_by, ""),
        "approved_by": who.get(waiver.approved_by or "", ""),
        "own": waiver.asked_by == viewer().account_id,
    }


@bp.post("/courses/<code>/certificates/exceptions/<number>/approve")
@requires(_SELECT)
def approve(code: str, number: str) -> ResponseReturnValue:
    """Approve an exception that another organiser asked for."""
    course = courses.course_for(viewer(), _SELECT, code)
    with flashing_refusal():
        waiver_operations.approve(course.id, number, viewer())
        flash(_("The exception is approved; the hours no longer stand in the way."), "success")
    return redirect(url_for("certificates.index", code=code), code=303)


@bp.post("/courses/<code>/certificates/exceptions/<number>/refuse")
@requires(_SELECT)
def refuse(code: str, number: str) -> ResponseReturnValue:
    """Take an exception away."""
    course = courses.course_for(viewer(), _SELECT, code)
    with flashing_refusal():
        waiver_operations.refuse(course.id, number, viewer())
        flash(_("The exception is taken away."), "info")
    return redirect(url_for("certificates.index", code=code), code=303)
