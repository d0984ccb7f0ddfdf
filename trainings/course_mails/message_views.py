"""A message to a group: written, previewed as one of them will read it, sent or left to another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from trainings.accounts import queries as accounts
from trainings.core.i18n import LANGUAGES, _, countries, language_name, ngettext
from trainings.core.permissions import Permission
from trainings.course_mails import attachment_queries, message_operations, queries
from trainings.course_mails.forms import MessageForm
from trainings.course_mails.message_operations import Message
from trainings.course_mails.message_rules import (
    FOR_CANDIDATES,
    FOR_OTHERS,
    KEPT,
    MANY,
    Recipients,
    check_message,
)
from trainings.courses import queries as courses
from trainings.courses.access_rules import Nearness
from trainings.courses.models import Course
from trainings.mail.text_rules import TOKENS
from trainings.mail.text_writes import previewed
from trainings.people import queries as people
from trainings.people import reading
from trainings.registrations import mail_writes
from trainings.registrations.models import Registration
from trainings.web.access import requires, viewer
from trainings.web.forms import Form, flashing_refusal, showing_refusal

bp = Blueprint("course_message", __name__)

SEND = Permission.MESSAGE_SEND


@bp.route("/courses/<code>/registrations/message", methods=["GET", "POST"])
@requires(SEND)
def new(code: str) -> ResponseReturnValue:
    """Email a group: joining instructions, a change of room, a request to trainers."""
    course = courses.course_for(viewer(), SEND, code)
    form = MessageForm(data=_first_text(course))
    _offer(form, course)
    step = form.step.data if form.validate_on_submit() else "write"
    if step == "send":
        with showing_refusal(form):
            sent = message_operations.send(course.id, _message(form), viewer())
            flash(_words(sent.people, waits=sent.waits), "success")
            return redirect(url_for("course_mails.index", code=code), code=303)
    if step == "show":
        with showing_refusal(form):
            return render_template(
                "course_mails/message_preview.html",
                course=course,
                form=form,
                **_shown(course, _message(form)),
            )
    return render_template(
        "course_mails/message.html",
        course=course,
        form=form,
        tokens=TOKENS,
        for_all=[one for one in FOR_CANDIDATES if one in FOR_OTHERS],
        for_candidates=[one for one in FOR_CANDIDATES if one not in FOR_OTHERS],
        for_others=[one for one in FOR_OTHERS if one not in FOR_CANDIDATES],
    )


def _offer(form: MessageForm, course: Course) -> None:
    form.countries.choices = [SelectChoice(*one) for one in countries(course.countries)]
    names = people.function_names()
    form.functions.choices = [SelectChoice(one, names.get(one, one)) for one in course.functions]
    form.files.choices = [
        SelectChoice(one.id, one.file_name) for one in attachment_queries.choices(course)
    ]


def _first_text(course: Course) -> dict[str, str]:
    """The initial text: the joining instructions of the course, if there are any."""
    language = next((code for code in course.languages if code in LANGUAGES), "en")
    return {f"text_{language}": course.instructions, "recipients": str(Recipients.CONFIRMED)}


def _message(form: MessageForm) -> Message:
    return Message(form.to, form.subjects, form.texts, tuple(form.files.data or ())).cleaned()


def _words(number: int, *, waits: bool) -> str:
    if waits:
        return ngettext(
            "The message to one person waits until another organiser sends it.",
            "The message to %(num)s people waits until another organiser sends it.",
            number,
        )
    return ngettext(
        "The message goes to one person.", "The message goes to %(num)s people.", number
    )


def _shown(course: Course, message: Message) -> dict[str, Any]:
    """What a message comes to: its recipients, its files, each language as one of them reads it."""
    check_message(message.to, message.subjects.values(), message.texts.values(), message.files)
    attachment_queries.check_files(course, message.to.recipients, message.files)
    found = queries.group_of(course, message.to)
    context = _reader(course, found.one)
    written = [one for one in LANGUAGES if one in message.subjects or one in message.texts]
    return {
        "number": found.number,
        "to": message.to,
        "functions": people.function_names(),
        "attached": [
            one
            for one in (attachment_queries.choices(course) if message.files else ())
            if one.id in message.files
        ],
        "shown": [(one, *previewed(message.in_language(one), one, context)) for one in written],
        "others": _others(queries.languages_of(course, message.to), message.texts),
        "waits": course.second_sender and found.number > MANY,
    }


def _others(languages: Mapping[str, int], texts: Mapping[str, str]) -> list[str]:
    """Who gets the text in another language than their own, in words."""
    given = "en" if "en" in texts else next(iter(texts))
    return [
        ngettext(
            "One of them reads our emails in %(own)s, and gets this text in %(given)s.",
            "%(num)s of them read our emails in %(own)s, and get this text in %(given)s.",
            number,
            own=language_name(one),
            given=language_name(given),
        )
        for one, number in sorted(languages.items())
        if one not in texts and (one in LANGUAGES or given != "en")
    ]


def _reader(course: Course, one: Registration | str) -> dict[str, Any]:
    """What can be said to one of the recipients; whose name it shows is logged."""
    person = one if isinstance(one, str) else one.person_id
    known = reading.open([person], by=viewer().account_id, purpose="message")
    if isinstance(one, str):
        return {"course": course, "near": Nearness.CONFIRMED, "name": known[person].name}
    return mail_writes.context_of(course, one, known[person])


@bp.get("/courses/<code>/mail/messages/<message_id>")
@requires(SEND)
def waiting(code: str, message_id: str) -> ResponseReturnValue:
    """A large message that waits for a second organiser: to whom, how it reads, who wrote it."""
    course = courses.course_for(viewer(), SEND, code)
    row = queries.waiting_message(course.id, message_id)
    message = message_operations.opened(row)
    form = Form()
    shown: dict[str, Any] = {}
    with showing_refusal(form):
        shown = _shown(course, message)
    person = accounts.persons_of([row.by]).get(row.by)
    known = reading.open([person], by=viewer().account_id, purpose="message") if person else {}
    return render_template(
        "course_mails/waiting_message.html",
        course=course,
        row=row,
        form=form,
        writer=known[person].name if person in known else "",
        own=row.by == viewer().account_id,
        until=row.at + KEPT,
        **shown,
    )


@bp.post("/courses/<code>/mail/messages/<message_id>/send")
@requires(SEND)
def send(code: str, message_id: str) -> ResponseReturnValue:
    """Send what another organiser wrote."""
    course = courses.course_for(viewer(), SEND, code)
    with flashing_refusal():
        told = message_operations.send_waiting(course.id, message_id, viewer())
        flash(_words(told, waits=False), "success")
    return redirect(url_for("course_mails.index", code=code), code=303)


@bp.post("/courses/<code>/mail/messages/<message_id>/delete")
@requires(SEND)
def drop(code: str, message_id: str) -> ResponseReturnValue:
    """Delete a message that waits: nobody gets it."""
    course = courses.course_for(viewer(), SEND, code)
    with flashing_refusal():
        message_operations.drop_waiting(course.id, message_id, viewer())
        flash(_("The message has been deleted. Nobody got it."), "success")
    return redirect(url_for("course_mails.index", code=code), code=303)
