"""Emails of a course to very many people: how far they are written, and a way to stop them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.core.i18n import _, ngettext
from trainings.core.permissions import Permission
from trainings.course_mails.message_rules import MessageTo
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.mail.text_rules import mail_event
from trainings.mailings import operations, queries
from trainings.mailings.models import Mailing
from trainings.people import queries as people
from trainings.web.access import requires, viewer
from trainings.web.forms import Form, showing_refusal

bp = Blueprint("course_mailing", __name__, url_prefix="/courses/<code>/mail/mailings/<mailing_id>")

SEND = Permission.MESSAGE_SEND


@bp.get("")
@requires(SEND)
def show(code: str, mailing_id: str) -> ResponseReturnValue:
    """One mailing: about what, to whom, how many of its emails are written."""
    course, mailing = _found(code, mailing_id)
    return render_template(
        "course_mails/mailing.html",
        course=course,
        mailing=mailing,
        to=MessageTo.of(mailing.group) if mailing.group else None,
        functions=people.function_names(),
        mail_event=mail_event,
    )


@bp.get("/progress")
@requires(SEND)
def progress(code: str, mailing_id: str) -> ResponseReturnValue:
    """How many are written: only the progress bar, which the page polls."""
    course, mailing = _found(code, mailing_id)
    return render_template("course_mails/_mailing.html", course=course, mailing=mailing)


@bp.route("/stop", methods=["GET", "POST"])
@requires(SEND)
def stop(code: str, mailing_id: str) -> ResponseReturnValue:
    """Ask, then write to nobody else."""
    course, mailing = _found(code, mailing_id)
    back_url = url_for(".show", code=code, mailing_id=mailing_id)
    form = Form()
    if form.validate_on_submit():
        with showing_refusal(form):
            left = operations.stop(course.id, mailing_id, viewer())
            flash(_left(left), "success")
            return redirect(back_url, code=303)
    left = mailing.total - mailing.written
    return render_template(
        "_confirm.html",
        title=_("Write no more of these emails?"),
        form=form,
        act=_("Write no more"),
        back_url=back_url,
        crumbs=_crumbs(code, mailing, back_url),
        sentences=[
            ngettext(
                "One person for whom no email is written yet gets none.",
                "%(num)s people for whom no email is written yet get none.",
                left,
            ),
            _("Emails that are written already stay where they are: in the list of emails."),
        ],
    )


def _crumbs(code: str, mailing: Mailing, back_url: str) -> list[tuple[Any, str]]:
    emails = (_("Emails"), url_for("course_mails.index", code=code))
    return [emails, (mail_event(mailing.event), back_url)]


def _left(number: int) -> str:
    return ngettext(
        "Stopped. One person gets no email.", "Stopped. %(num)s people get no email.", number
    )


def _found(code: str, mailing_id: str) -> tuple[Course, Mailing]:
    course = courses.course_for(viewer(), SEND, code)
    return course, queries.in_course(course.id, mailing_id)
