"""A trainer's own sessions in all courses, with an answer for each; what organisers see of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.agenda.rules import speech_words
from trainings.core.errors import NotFound
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.people import reading
from trainings.session_replies import operations, queries
from trainings.session_replies.forms import ReplyForm
from trainings.session_replies.queries import Given
from trainings.web.access import requires, viewer
from trainings.web.forms import showing_refusal

bp = Blueprint("session_replies", __name__)

P = Permission


def _words(given: Given) -> str:
    entry = given.session.entry
    return speech_words(entry.languages, entry.interpreted)


@bp.get("/my/sessions")
@requires(P.HOME_SEE)
def own() -> ResponseReturnValue:
    """The sessions that the viewer is to give, in all courses."""
    return render_template(
        "session_replies/own.html", given=queries.own(viewer()), speech_of=_words
    )


@bp.route("/my/sessions/<session_id>", methods=["GET", "POST"])
@requires(P.HOME_SEE)
def reply(session_id: str) -> ResponseReturnValue:
    """Answer about one session, and say what one needs for it."""
    given = next((one for one in queries.own(viewer()) if one.session.id == session_id), None)
    if given is None:
        raise NotFound
    form = ReplyForm(
        data={
            "reply": str(given.reply),
            "day": given.proposed.date() if given.proposed else None,
            "at": given.proposed.time() if given.proposed else None,
            "said": given.said,
            "needs": given.needs,
        }
    )
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.answer(session_id, form.answer(), by=viewer())
            flash(_("Your answer has been saved. The organisers see it."), "success")
            return redirect(url_for(".own"), code=303)
    return render_template("session_replies/reply.html", one=given, form=form, speech_of=_words)


@bp.get("/courses/<code>/agenda/replies")
@requires(P.AGENDA_EDIT)
def of_course(code: str) -> ResponseReturnValue:
    """What the trainers of a course answered about their sessions, and what they need."""
    course = courses.course_for(viewer(), P.AGENDA_EDIT, code)
    given = queries.of_course(course)
    return render_template(
        "session_replies/course.html", course=course, given=given, names=_names(given)
    )


def _names(given: Sequence[Given]) -> Mapping[str, str]:
    """The name of each trainer by their person, opened for the viewer and logged."""
    persons = {one.person for one in given if one.person}
    opened = reading.open(persons, by=viewer().account_id, purpose="agenda")
    return {person: who.name for person, who in opened.items()}
