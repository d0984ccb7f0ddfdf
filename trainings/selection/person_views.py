"""Acts on one registration: correct the address, give more time, confirm the name, withdraw."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.core import clock
from trainings.core.dates import in_full
from trainings.core.i18n import _, ngettext
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.nominations import address_operations
from trainings.people import queries as people
from trainings.people import reading
from trainings.registrations import listing_queries, queries, rules
from trainings.registrations.candidate_rules import MaybeKnown
from trainings.registrations.forms import MailForm
from trainings.registrations.models import Registration
from trainings.registrations.rules import Act, State
from trainings.seats import answer_operations
from trainings.seats import queries as seats
from trainings.seats.answer_operations import SeatTo
from trainings.seats.offer_rules import last_day_of_offer, last_day_of_vacancy
from trainings.selection import name_operations, operations
from trainings.selection.forms import DeadlineForm, LeavingForm, NameForm
from trainings.selection.views import block_words
from trainings.web.access import requires, viewer
from trainings.web.forms import showing_refusal, untouched

bp = Blueprint("selection_person", __name__)

SELECT = Permission.REGISTRATION_SELECT
NOMINATE = Permission.REGISTRATION_NOMINATE


def _load(permission: Permission, code: str, number: str) -> tuple[Course, Registration]:
    course = courses.course_for(viewer(), permission, code)
    return course, queries.registration_for(viewer(), permission, code, number)


@bp.route("/courses/<code>/registrations/<number>/mail", methods=["GET", "POST"])
@requires(SELECT)
def mail(code: str, number: str) -> ResponseReturnValue:
    """Correct the email address of a registration."""
    course, registration = _load(SELECT, code, number)
    back = url_for("selection.show", code=code, number=number)
    return _mail(SELECT, course, registration, back)


@bp.route("/courses/<code>/nominations/<number>/mail", methods=["GET", "POST"])
@requires(NOMINATE)
def own_mail(code: str, number: str) -> ResponseReturnValue:
    """Correct the email address of a candidate from one's own country."""
    course, registration = _load(NOMINATE, code, number)
    back = url_for("nominations.show", code=code, number=number)
    return _mail(NOMINATE, course, registration, back)


def _logged_by_the_page() -> None:
    """What a form shows here is opened again for the page around it, which logs the look."""


def _kept_mail(permission: Permission, code: str, number: str) -> dict[str, str]:
    _course, registration = _load(permission, code, number)
    return {"mail": reading.opened([registration.person_id])[registration.person_id].mail}


def _mail(
    permission: Permission, course: Course, registration: Registration, back: str
) -> ResponseReturnValue:
    code, number = course.code, registration.number
    form = MailForm.of(lambda: _kept_mail(permission, code, number), reads=_logged_by_the_page)
    if untouched(form.mail):
        form.mail.data = ""
    if form.validate_on_submit():
        with showing_refusal(form):
            try:
                address_operations.correct_mail(
                    registration.number, form.mail.data, viewer(), others=form.others
                )
            except MaybeKnown as refusal:
                who = reading.open(
                    refusal.persons.values(), by=viewer().account_id, purpose="same person"
                )
                form.ask(refusal, who)
                raise
            flash(_("The address has been corrected, and we have sent an email to it."), "success")
            return redirect(back, code=303)
    opened = reading.open([registration.person_id], by=viewer().account_id, purpose="correct mail")
    return render_template(
        "selection/mail.html",
        course=course,
        registration=registration,
        form=form,
        person=opened[registration.person_id],
        back_url=back,
    )


def _kept_deadline(code: str, number: str) -> dict[str, date | None]:
    course, registration = _load(SELECT, code, number)
    until = registration.offered_until
    return {"until": until and until.astimezone(ZoneInfo(course.zone)).date()}


@bp.route("/courses/<code>/registrations/<number>/deadline", methods=["GET", "POST"])
@requires(SELECT)
def deadline(code: str, number: str) -> ResponseReturnValue:
    """Give somebody more time to answer an offer."""
    course, registration = _load(SELECT, code, number)
    back = url_for("selection.show", code=code, number=number)
    usual = last_day_of_offer(clock.today(course.zone), course.offer_days, course.starts_on)
    form = DeadlineForm.of(lambda: _kept_deadline(code, number))
    if untouched(form.until):
        form.until.data = usual
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.extend_offer(course.id, number, form.until.data, viewer())
            flash(_("The new deadline is set, and we have emailed the person."), "success")
            return redirect(back, code=303)
    if registration.state is not State.OFFERED:
        return redirect(back, code=303)
    return render_template(
        "selection/deadline.html",
        course=course,
        registration=registration,
        form=form,
        back_url=back,
    )


def _kept_name(code: str, number: str) -> dict[str, str]:
    _course, registration = _load(SELECT, code, number)
    person = reading.opened([registration.person_id])[registration.person_id]
    return {
        "printed_name": queries.printed_name(registration) or person.name,
        "language": registration.certificate_language or registration.person.language,
    }


@bp.route("/courses/<code>/registrations/<number>/name", methods=["GET", "POST"])
@requires(SELECT)
def name(code: str, number: str) -> ResponseReturnValue:
    """Confirm somebody's name for the certificate, with their document in hand."""
    course, registration = _load(SELECT, code, number)
    back = url_for("selection.show", code=code, number=number)
    if registration.state not in name_operations.TAKING_PART:
        return redirect(back, code=303)
    form = NameForm.of(lambda: _kept_name(code, number), reads=_logged_by_the_page)
    if form.validate_on_submit():
        with showing_refusal(form):
            name_operations.confirm_for(
                course.id,
                number,
                form.printed_name.data,
                form.language.data,
                form.reason.data,
                viewer(),
            )
            flash(_("The name is confirmed, and we have emailed the person."), "success")
            return redirect(back, code=303)
    opened = reading.open([registration.person_id], by=viewer().account_id, purpose="confirm name")
    person = queries.as_given(registration, opened[registration.person_id])
    return render_template(
        "selection/name.html",
        course=course,
        registration=registration,
        form=form,
        person=person,
        back_url=back,
    )


@bp.post("/courses/<code>/registrations/remind-names")
@requires(SELECT)
def remind_names(code: str) -> ResponseReturnValue:
    """Email everyone taking part who has not confirmed the name for the certificate."""
    course = courses.course_for(viewer(), SELECT, code)
    told, left_out = name_operations.remind(course.id, viewer())
    if told or not left_out:
        flash(
            ngettext("%(num)s person was reminded.", "%(num)s people were reminded.", told),
            "success",
        )
    if left_out:
        flash(
            ngettext(
                "%(num)s person was reminded less than a day ago and gets no second email.",
                "%(num)s people were reminded less than a day ago and get no second email.",
                left_out,
            ),
            "info",
        )
    return redirect(url_for("selection.index", code=code, problem="unnamed"), code=303)


@bp.route("/courses/<code>/registrations/<number>/withdraw", methods=["GET", "POST"])
@requires(SELECT)
def withdraw(code: str, number: str) -> ResponseReturnValue:
    """End somebody's registration, with a reason, and say who gets the seat."""
    return _withdraw(SELECT, code, number, url_for("selection.show", code=code, number=number))


@bp.route("/courses/<code>/nominations/<number>/withdraw", methods=["GET", "POST"])
@requires(NOMINATE)
def own_withdraw(code: str, number: str) -> ResponseReturnValue:
    """Withdraw or replace a candidate from one's own country, with a reason."""
    return _withdraw(NOMINATE, code, number, url_for("nominations.show", code=code, number=number))


def _withdraw(permission: Permission, code: str, number: str, back: str) -> ResponseReturnValue:
    course, registration = _load(permission, code, number)
    form, may = LeavingForm(), rules.allows(Act.WITHDRAW, registration.state)
    if not may and not form.is_submitted():
        flash(str(rules.NothingToWithdraw(state=registration.state.label)), "error")
        return redirect(back, code=303)
    held = registration.block_id is not None
    if form.validate_on_submit():
        with showing_refusal(form):
            seat_to = form.seat_to.data or SeatTo.RESERVE
            answer_operations.withdraw(number, form.reason.data, viewer(), seat_to=seat_to)
            flash(_("The registration has been withdrawn."), "success")
            return redirect(back, code=303)
    if held:
        form.seat_to.choices = _next_holders(permission, course, registration)
    else:
        del form.seat_to
    return render_template(
        "selection/withdraw.html",
        form=form,
        back_url=back,
        sentences=[
            _("Registration %(number)s ends.", number=number),
            _("You cannot undo this. The person would have to be nominated or apply again."),
            _("We email the person, with the reason.")
            if permission is NOMINATE
            else _("We email the person, without the reason."),
        ],
        title=_("Withdraw %(number)s?", number=number),
        act=_("Withdraw registration"),
        emailed=permission is NOMINATE,
    )


def _next_holders(
    permission: Permission, course: Course, registration: Registration
) -> dict[str, str]:
    """Who can get somebody's seat, in words; first what a focal point, or an organiser, does."""
    today = clock.today(course.zone)
    if today >= course.starts_on:
        return {SeatTo.RESERVE: _("Nobody, because the course has started")}
    choices = {SeatTo.RESERVE.value: _("The next person on the reserve list, at once")}
    day = last_day_of_vacancy(today, course.offer_days, course.starts_on)
    if day is not None:
        whom = block_words(registration.country, registration.function, people.function_names())
        held = _("Held for %(whom)s until %(day)s", whom=whom, day=in_full(day))
        own = {SeatTo.HELD.value: held}
        choices = own | choices if permission is NOMINATE else choices | own
    cell = seats.block(registration.block_id or "")
    rows = listing_queries.successors(
        viewer(), course, cell.country, cell.function, permission=permission
    )
    return choices | {
        row.number: _(
            "%(name)s (%(number)s), by an offer at once",
            name=row.person.sorting or row.number,
            number=row.number,
        )
        for row in rows
    }
