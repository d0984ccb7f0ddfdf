"""A message to everyone confirmed: written, previewed as one of them will read it, sent."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.core.access import requires, viewer
from trainings.core.i18n import LANGUAGES, localized, ngettext
from trainings.core.permissions import Permission
from trainings.core.web import showing_refusal
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import reading
from trainings.registrations import listing_queries, locked_queries
from trainings.registrations.candidate_rules import TextMissing
from trainings.registrations.rules import State
from trainings.selection import message_operations
from trainings.selection.forms import MessageForm
from trainings.selection.message_rules import TOKENS

bp = Blueprint("selection_message", __name__)

SEND = Permission.MESSAGE_SEND


@bp.route("/courses/<code>/registrations/message", methods=["GET", "POST"])
@requires(SEND)
def new(code: str) -> ResponseReturnValue:
    """Email everyone confirmed: joining instructions, a change of room."""
    course = courses.course_for(viewer(), SEND, code)
    form = MessageForm(data=_first_text(course))
    step = form.step.data if form.validate_on_submit() else "write"
    confirmed = listing_queries.state_counts(viewer(), course).get(State.CONFIRMED, 0)
    if step == "send":
        with showing_refusal(form):
            told = message_operations.message_confirmed(
                course.id, form.subjects, form.texts, viewer()
            )
            words = ngettext(
                "The message goes to one person.", "The message goes to %(num)s people.", told
            )
            flash(words, "success")
            return redirect(url_for("selection.index", code=code), code=303)
    if step == "show":
        with showing_refusal(form):
            return render_template(
                "selection/message_preview.html",
                course=course,
                form=form,
                confirmed=confirmed,
                shown=_preview(course, form),
            )
    return render_template(
        "selection/message.html", course=course, form=form, confirmed=confirmed, tokens=TOKENS
    )


def _first_text(course: Course) -> dict[str, str]:
    """The initial text: the joining instructions of the course, if there are any."""
    language = next((code for code in course.languages if code in LANGUAGES), "en")
    return {f"text_{language}": course.instructions}


def _preview(course: Course, form: MessageForm) -> list[tuple[str, str, str]]:
    """A preview in each language, as somebody confirmed will read it; raises refusals."""
    subjects, texts = form.subjects, form.texts
    if not subjects or not texts:
        raise TextMissing
    found = locked_queries.with_persons(course.id, {State.CONFIRMED})[:1]
    if not found:
        return []
    one = found[0]
    who = reading.open([one.person_id], by=viewer().account_id, purpose="message")[one.person_id]
    written = [code for code in LANGUAGES if code in subjects or code in texts]
    return [
        (
            code,
            *message_operations.message_preview(
                course, one, who, localized(subjects, code), localized(texts, code)
            ),
        )
        for code in written
    ]
