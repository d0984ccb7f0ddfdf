"""The texts of a course's emails: read, changed for this course, tried on oneself."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.calendars.rules import WITH_FILE
from trainings.core.errors import Refusal
from trainings.core.i18n import LANGUAGES, _
from trainings.core.permissions import Permission
from trainings.course_mails import text_operations
from trainings.course_mails.forms import TextForm
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.mail import text_queries
from trainings.mail.text_rules import (
    ALWAYS_STANDARD,
    CHANGEABLE,
    NAMELESS,
    TOKENS,
    WRITTEN_ANEW,
    OwnText,
    mail_event,
    to_others,
)
from trainings.mail.text_writes import standard
from trainings.web.access import requires, viewer
from trainings.web.forms import flashing_refusal, show_refusals, showing_refusal

bp = Blueprint("course_mail_texts", __name__, url_prefix="/courses/<code>/mail/texts")

SEND = Permission.MESSAGE_SEND


@bp.get("")
@requires(SEND)
def index(code: str) -> ResponseReturnValue:
    """Every email that a course sends by itself, and in which languages its text was changed."""
    course = courses.course_for(viewer(), SEND, code)
    events = sorted(CHANGEABLE, key=mail_event)
    return render_template(
        "course_mails/texts.html",
        course=course,
        groups=[
            (_("For candidates and participants"), [one for one in events if not to_others(one)]),
            (_("For trainers and focal points"), [one for one in events if to_others(one)]),
        ],
        changed=text_queries.changed(course.id),
        standard=sorted(ALWAYS_STANDARD - WRITTEN_ANEW, key=mail_event),
        mail_event=mail_event,
    )


@bp.route("/<event>/<language>", methods=["GET", "POST"])
@requires(SEND)
def text(code: str, event: str, language: str) -> ResponseReturnValue:
    """One text: changed, previewed as a candidate will read it, tried on oneself."""
    course = courses.course_for(viewer(), SEND, code)
    text_operations.check_there(event, language)

    def kept() -> dict[str, Any]:
        return text_operations.kept(course.id, event, language)._asdict()

    form = TextForm.of(kept)
    shown = None
    if form.validate_on_submit():
        if form.step.data == "save":
            with showing_refusal(form):
                text_operations.change(course.id, event, language, form.own, viewer())
                flash(_("Saved."), "success")
                return redirect(url_for(".index", code=code), code=303)
        else:
            shown = _looked_at(form, course, event, language)
    usual = standard(event, language)
    return render_template(
        "course_mails/text.html",
        course=course,
        form=form,
        event=event,
        written_in=language,
        shown=shown,
        usual=usual,
        changed=(event, language) in text_queries.changed(course.id),
        with_file=event in WITH_FILE,
        languages_of_it=LANGUAGES,
        tokens=[
            (one, words, one in NAMELESS) for one, words in TOKENS.items() if one in usual.allowed
        ],
        mail_event=mail_event,
    )


def _looked_at(form: TextForm, course: Course, event: str, language: str) -> OwnText | None:
    """A text that is not saved: previewed, or sent to whoever tries it; refusals at its fields."""
    try:
        if form.step.data == "show":
            return text_operations.preview(course, event, language, form.own, viewer())
        text_operations.try_on_oneself(course, event, language, form.own, viewer())
        flash(_("We have emailed you this text. Nothing has been saved yet."), "success")
    except Refusal as refusal:
        show_refusals(form, refusal.parts)
    return None


@bp.post("/<event>/<language>/standard")
@requires(SEND)
def restore(code: str, event: str, language: str) -> ResponseReturnValue:
    """Go back to the standard text."""
    course = courses.course_for(viewer(), SEND, code)
    with flashing_refusal():
        text_operations.restore(course.id, event, language, viewer())
        flash(_("The standard text is back."), "success")
    return redirect(url_for(".text", code=code, event=event, language=language), code=303)
