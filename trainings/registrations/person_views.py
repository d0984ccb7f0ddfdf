"""What is done to one registration: correct the mail address, give more time, withdraw."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.core import clock
from trainings.core.access import requires, viewer
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.core.web import showing_refusal
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import reading
from trainings.registrations import person_operations, queries, selection_operations
from trainings.registrations.candidate_forms import MailForm
from trainings.registrations.candidate_rules import SameMail
from trainings.registrations.desk_forms import DeadlineForm, ReasonForm
from trainings.registrations.models import Registration
from trainings.registrations.reserve_rules import last_day_of_offer
from trainings.registrations.rules import State

bp = Blueprint("registrations_person", __name__)

SELECT = Permission.REGISTRATION_SELECT
NOMINATE = Permission.REGISTRATION_NOMINATE


def _load(permission: Permission, code: str, number: str) -> tuple[Course, Registration]:
    course = courses.course_for(viewer(), permission, code)
    return course, queries.registration_for(viewer(), permission, code, number)


@bp.route("/courses/<code>/registrations/<number>/mail", methods=["GET", "POST"])
@requires(SELECT)
def mail(code: str, number: str) -> ResponseReturnValue:
    """Correct the mail address of a registration."""
    course, registration = _load(SELECT, code, number)
    return _mail(course, registration, url_for("registrations.show", code=code, number=number))


@bp.route("/courses/<code>/nominations/<number>/mail", methods=["GET", "POST"])
@requires(NOMINATE)
def own_mail(code: str, number: str) -> ResponseReturnValue:
    """Correct the mail address of a candidate of one's own country."""
    course, registration = _load(NOMINATE, code, number)
    back = url_for("registrations_nominate.show", code=code, number=number)
    return _mail(course, registration, back)


def _mail(course: Course, registration: Registration, back: str) -> ResponseReturnValue:
    form = MailForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            try:
                person_operations.correct_mail(
                    registration.number, form.mail.data, viewer(),
                    same_mail_confirmed=form.same_mail.data,
                )  # fmt: skip
            except SameMail as refusal:
                form.ask(refusal)
                raise
            flash(_("The address is corrected, and a mail is on its way to it."), "success")
            return redirect(back, code=303)
    opened = reading.open([registration.person_id], by=viewer().account_id, purpose="correct mail")
    return render_template(
        "registrations/desk/mail.html", course=course, registration=registration, form=form,
        person=opened[registration.person_id], back_url=back,
    )  # fmt: skip


@bp.route("/courses/<code>/registrations/<number>/deadline", methods=["GET", "POST"])
@requires(SELECT)
def deadline(code: str, number: str) -> ResponseReturnValue:
    """Give somebody more time to answer an offer."""
    course, registration = _load(SELECT, code, number)
    back = url_for("registrations.show", code=code, number=number)
    usual = last_day_of_offer(clock.today(course.zone), course.offer_days, course.starts_on)
    form = DeadlineForm(data={"until": usual})
    if form.validate_on_submit():
        with showing_refusal(form):
            selection_operations.extend_offer(course.id, number, form.until.data, viewer())
            flash(_("The new deadline is set, and a mail says so."), "success")
            return redirect(back, code=303)
    if registration.state is not State.OFFERED:
        return redirect(back, code=303)
    return render_template(
        "registrations/desk/deadline.html", course=course, registration=registration, form=form,
        back_url=back,
    )  # fmt: skip


@bp.route("/courses/<code>/registrations/<number>/withdraw", methods=["GET", "POST"])
@requires(SELECT)
def withdraw(code: str, number: str) -> ResponseReturnValue:
    """End somebody's registration, with a reason."""
    _course, registration = _load(SELECT, code, number)
    back = url_for("registrations.show", code=code, number=number)
    form = ReasonForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            selection_operations.withdraw(number, form.reason.data, viewer())
            flash(_("The registration is withdrawn."), "success")
            return redirect(back, code=303)
    sentences = [_("The registration %(number)s ends.", number=number)]
    if registration.block_id:
        sentences.append(_("The seat goes to the next on the reserve list at once."))
    sentences.append(_("The person gets a mail that says so, without the reason."))
    return render_template(
        "registrations/desk/withdraw.html", form=form, back_url=back, sentences=sentences,
        title=_("Withdraw %(number)s?", number=number), act=_("Withdraw the registration"),
    )  # fmt: skip
