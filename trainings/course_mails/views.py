"""The emails of a course for its organisers: to whom, what, when; hold, change, send again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.calendars.rules import WITH_FILE
from trainings.core import paging
from trainings.core.i18n import _, in_figures, ngettext, with_colon
from trainings.core.permissions import Permission
from trainings.course_mails import queries, queue_operations, reading_operations
from trainings.course_mails.forms import ReleaseForm, TextForm
from trainings.course_mails.queue_rules import MailAct, to_words
from trainings.courses import queries as courses
from trainings.mail import queries as mails
from trainings.mail.rules import MailState
from trainings.mail.text_rules import mail_event
from trainings.mailings import queries as mailings
from trainings.people import reading
from trainings.web.access import requires, viewer
from trainings.web.fields import whole
from trainings.web.forms import Form, flashing_refusal, showing_refusal

bp = Blueprint("course_mails", __name__)

SEND = Permission.MESSAGE_SEND
ON_A_PAGE, LAST_PAGE = 50, 1_000_000
COMING = 20  # reminders listed that are still to come


@bp.get("/courses/<code>/mail")
@requires(SEND)
def index(code: str) -> ResponseReturnValue:
    """The emails of a course, newest first, all or of one state, and how many are in each."""
    course = courses.course_for(viewer(), SEND, code)
    page = min(max(request.args.get("page", 1, whole), 1), LAST_PAGE)
    only = request.args.get("state", type=MailState)
    rows = mails.of_course(course.id, only, page=page, size=ON_A_PAGE)
    states = mails.states_of_course(course.id)
    listed = states.get(only, 0) if only else sum(states.values())
    coming = queries.reminders(course.id)
    persons = {row.person_id for row in rows if row.person_id}
    persons |= {one.person_id for one in coming[:COMING]}
    return render_template(
        "course_mails/index.html",
        course=course,
        mails=rows,
        states=states,
        only=only,
        numbers=queries.numbers_of(course.id, persons),
        people=reading.open(persons, by=viewer().account_id, purpose="course.mails"),
        mail_event=mail_event,
        coming=coming[:COMING],
        coming_later=max(0, len(coming) - COMING),
        waiting=queries.waiting_messages(course.id),
        mailings=mailings.of_course(course.id),
        page=page,
        pages=paging.pages(listed, ON_A_PAGE),
    )


@bp.get("/courses/<code>/mail/<mail_id>")
@requires(SEND)
def show(code: str, mail_id: str) -> ResponseReturnValue:
    """One email of a course: to whom, when, and its text without the links in it."""
    course = courses.course_for(viewer(), SEND, code)
    mail = mails.in_course(course.id, mail_id)
    return render_template(
        "course_mails/show.html",
        course=course,
        mail=mail,
        text=reading_operations.read(course, mail, viewer()),
        acts=queue_operations.acts(course, mail),
        newest=mails.newest_like(mail),
        with_file=mail.event in WITH_FILE,
        mail_event=mail_event,
    )


@bp.route("/courses/<code>/mail/<mail_id>/edit", methods=["GET", "POST"])
@requires(SEND)
def edit(code: str, mail_id: str) -> ResponseReturnValue:
    """Change the words of an email that is on hold; its links are put in when it is sent."""
    course = courses.course_for(viewer(), SEND, code)
    mail = mails.in_course(course.id, mail_id)
    if mail.state is not MailState.ON_HOLD:
        return redirect(url_for(".show", code=code, mail_id=mail_id), code=303)

    def kept() -> dict[str, Any]:
        now = mails.in_course(course.id, mail_id)
        return {"subject": mails.stored_subject(now), "text": to_words(mails.stored_body(now))}

    form = TextForm.of(kept)
    if form.validate_on_submit():
        with showing_refusal(form):
            queue_operations.edit(
                course.id, mail_id, form.subject.data or "", form.text.data or "", viewer()
            )
            flash(_("Saved. The email is still on hold."), "success")
            return redirect(url_for(".show", code=code, mail_id=mail_id), code=303)
    return render_template(
        "course_mails/edit.html",
        course=course,
        mail=mail,
        form=form,
        to=reading_operations.read(course, mail, viewer()).to,
        mail_event=mail_event,
    )


_DONE = {
    MailAct.HOLD: queue_operations.hold,
    MailAct.RELEASE: queue_operations.release,
    MailAct.AGAIN: queue_operations.send_again,
}


@bp.post("/courses/<code>/mail/<mail_id>/<any(hold,release,again):act>")
@requires(SEND)
def act(code: str, mail_id: str, act: str) -> ResponseReturnValue:
    """Keep one email back, let it go, or send it once more."""
    course = courses.course_for(viewer(), SEND, code)
    with flashing_refusal():
        pressed = MailAct(act)
        _DONE[pressed](course.id, mail_id, viewer())
        flash(pressed.done, "success")
    return redirect(url_for(".show", code=code, mail_id=mail_id), code=303)


@bp.route("/courses/<code>/mail/<mail_id>/cancel", methods=["GET", "POST"])
@requires(SEND)
def cancel(code: str, mail_id: str) -> ResponseReturnValue:
    """Ask, then cancel an email that is not sent yet."""
    course = courses.course_for(viewer(), SEND, code)
    mail = mails.in_course(course.id, mail_id)
    back_url = url_for(".show", code=code, mail_id=mail_id)
    form = Form()
    if form.validate_on_submit():
        with showing_refusal(form):
            queue_operations.cancel(course.id, mail_id, viewer())
            flash(MailAct.CANCEL.done, "success")
            return redirect(back_url, code=303)
    return render_template(
        "_confirm.html",
        title=_("Cancel this email?"),
        form=form,
        act=MailAct.CANCEL.label,
        back_url=back_url,
        crumbs=[(_("Emails"), url_for(".index", code=code)), (mail_event(mail.event), back_url)],
        sentences=[
            _("Nobody gets it, and its text is deleted."),
            _("What it tells stays as it is: only the email is not sent."),
        ],
    )


@bp.post("/courses/<code>/mail/hold")
@requires(SEND)
def hold_all(code: str) -> ResponseReturnValue:
    """Keep all emails back that wait."""
    course = courses.course_for(viewer(), SEND, code)
    number = queue_operations.hold_all(course.id, viewer())
    words = ngettext("One email is on hold.", "%(num)s emails are on hold.", number)
    flash(words if number else _("There was none."), "success")
    return redirect(url_for(".index", code=code), code=303)


@bp.route("/courses/<code>/mail/release", methods=["GET", "POST"])
@requires(SEND)
def release_all(code: str) -> ResponseReturnValue:
    """Ask, then let all emails go that were kept back."""
    course = courses.course_for(viewer(), SEND, code)
    back_url, form = url_for(".index", code=code), ReleaseForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            number = queue_operations.release_all(course.id, viewer(), told=form.held.data)
            words = ngettext("One email is on its way.", "%(num)s emails are on their way.", number)
            flash(words if number else _("There was none."), "success")
            return redirect(back_url, code=303)
    held = queries.on_hold(course.id)
    if not held:
        flash(_("There was none."), "success")
        return redirect(back_url, code=303)
    number = sum(held.values())
    return render_template(
        "course_mails/release.html",
        number=number,
        title=ngettext("Send the email on hold?", "Send all %(num)s emails on hold?", number),
        form=form,
        act=_("Send all on hold"),
        danger=False,
        back_url=back_url,
        crumbs=[(_("Emails"), back_url)],
        sentences=[
            *(
                f"{with_colon(mail_event(one).capitalize())} {in_figures(held[one])}"
                for one in held
            ),
            _("They go out within minutes, as they were written. None can be taken back."),
        ],
    )
