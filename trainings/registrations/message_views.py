"""A message to everyone confirmed: written, shown as one of them will read it, sent."""

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
from trainings.registrations import acting_queries, listing_queries, person_operations
from trainings.registrations.candidate_rules import TextMissing
from trainings.registrations.desk_forms import MessageForm
from trainings.registrations.message_rules import TOKENS
from trainings.registrations.rules import State

bp = Blueprint("registrations_message", __name__)

SEND = Permission.MESSAGE_SEND


@bp.route("/courses/<code>/registrations/message", methods=["GET", "POST"])
@requires(SEND)
def new(code: str) -> ResponseReturnValue:
    """Write to everyone confirmed: joining instructions, a change of room."""
    course = courses.course_for(viewer(), SEND, code)
    form = MessageForm(data=_first_text(course))
    step = form.step.data if form.validate_on_submit() else "write"
    confirmed = listing_queries.state_counts(viewer(), course).get(State.CONFIRMED, 0)
    if step == "send":
        with showing_refusal(form):
            told = person_operations.message_confirmed(
                course.id, form.subjects, form.texts, viewer()
            )
            words = ngettext("The message goes to one person.",
                             "The message goes to %(num)s people.", told)  # fmt: skip
            flash(words, "success")
            return redirect(url_for("registrations.index", code=code), code=303)
    if step == "show":
        with showing_refusal(form):
            return render_template(
                "registrations/desk/message_preview.html", course=course, form=form,
                confirmed=confirmed, shown=_preview(course, form),
            )  # fmt: skip
    return render_template(
        "registrations/desk/message.html", course=course, form=form, confirmed=confirmed,
        tokens=TOKENS,
    )  # fmt: skip


def _first_text(course: Course) -> dict[str, str]:
    """The joining instructions of the course, where there are any, to begin with."""
    language = next((code for code in course.languages if code in LANGUAGES), "en")
    return {f"text_{language}": course.instructions}


def _preview(course: Course, form: MessageForm) -> list[tuple[str, str, str]]:
    """The message in each language, as somebody confirmed will read it; raises refusals."""
    subjects, texts = form.subjects, form.texts
    if not subjects or not texts:
        raise TextMissing
    found = acting_queries.with_persons(course.id, {State.CONFIRMED})[:1]
    if not found:
        return []
    one = found[0]
    who = reading.open([one.person_id], by=viewer().account_id, purpose="message")[one.person_id]
    written = [code for code in LANGUAGES if code in subjects or code in texts]
    return [
        (
            code,
            *person_operations.message_preview(
                course, one, who, localized(subjects, code), localized(texts, code)
            ),
        )
        for code in written
    ]
