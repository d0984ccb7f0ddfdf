"""The page of an application with the questions of the course itself."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from trainings.core.errors import NotFound, Refusal
from trainings.core.i18n import _, language
from trainings.core.permissions import Permission
from trainings.participants import apply_operations
from trainings.participants.apply_rules import MOST_TYPED, QUESTIONS, TYPED, begun, with_page
from trainings.participants.apply_views import (
    answers_so_far,
    course_and_mine,
    order_of,
    url_after,
    url_before,
)
from trainings.questions import answer_queries, queries
from trainings.questions.answer_rules import kept_all, still_fitting
from trainings.questions.forms import AnswersForm, form_for, typed_of
from trainings.questions.queries import Asked
from trainings.web.access import requires, viewer
from trainings.web.forms import showing_refusal

bp = Blueprint("participants_apply_questions", __name__)


@bp.route("/courses/<code>/apply/questions", methods=["GET", "POST"])
@requires(Permission.REGISTRATION_APPLY)
def answer(code: str) -> ResponseReturnValue:
    """What the course asks every candidate; the answers are stored encrypted until they are sent.

    What is not right yet is kept as it was typed, when the page is left.
    """
    key = request.args.get("key", "")
    course, mine = course_and_mine(code, key)
    asked = queries.asked_on_applying(course.id)
    order = order_of(asked, mine)
    if QUESTIONS not in order:
        raise NotFound
    answers = answers_so_far(course, mine, asked)
    form = _form(asked, answers)
    typed = _typed()
    if "save_for_later" in request.form and _fits(typed):
        kept = _so_far(form, asked, answers, typed)
        if apply_operations.save_for_later(
            course.id, kept, viewer(), language(), nominated=mine is not None
        ):
            flash(_("We have emailed you a link to continue."), "success")
        return redirect(url_for("participants_apply.later", code=code, key=key or None), code=303)
    if "back" in request.form and _fits(typed):
        if begun(answers, QUESTIONS, typed):
            kept = _so_far(form, asked, answers, typed)
            apply_operations.save_draft(course.id, kept, viewer())
        return redirect(url_before(code, QUESTIONS, order, key), code=303)
    if form.validate_on_submit():
        with showing_refusal(form):
            whole = with_page(answers, QUESTIONS, _given(form, asked))
            apply_operations.save_draft(course.id, whole, viewer())
            return redirect(url_after(code, QUESTIONS, order, key), code=303)
    return render_template(
        "participants/apply/questions.html",
        course=course,
        form=form,
        groups=answer_queries.in_groups(asked.now.values(), course),
        number=order.index(QUESTIONS) + 1,
        of=len(order) + 1,
    )


def _form(asked: Asked, answers: dict[str, Any]) -> AnswersForm:
    """The form with what is kept, or with what was typed when the page was left."""
    known = still_fitting(asked.askings, answers.get(QUESTIONS, {}))
    rows = list(asked.now.values())
    typed = answers.get(TYPED, {}).get(QUESTIONS) if request.method == "GET" else None
    sent = {} if typed is None else {"formdata": MultiDict(typed)}
    return form_for(rows)(data=typed_of(rows, known), **sent)


def _typed() -> dict[str, list[str]]:
    """What was typed on the page, by field."""
    sent = request.form.lists()
    return {name: values for name, values in sent if name.startswith(("answer_", "more_"))}


def _fits(typed: dict[str, list[str]]) -> bool:
    """Whether what was typed is short enough to be kept."""
    return sum(len(value) for values in typed.values() for value in values) <= MOST_TYPED


def _so_far(
    form: AnswersForm, asked: Asked, answers: dict[str, Any], typed: dict[str, list[str]]
) -> dict[str, Any]:
    """All answers with this page as it is left: its answers if they are right, else as typed."""
    if form.validate():
        with suppress(Refusal):
            return with_page(answers, QUESTIONS, _given(form, asked))
    return with_page(answers, QUESTIONS, {}, typed)


def _given(form: AnswersForm, asked: Asked) -> dict[str, Any]:
    """The answers as the unsent application keeps them. Raises ``AnswerMissing`` and others."""
    askings = asked.askings
    values = kept_all(askings, form.given(asked.now.values()), whole=True)
    return {
        QUESTIONS: {key: (str(askings[key].kind), value) for key, value in values.items()},
        f"_{QUESTIONS}": True,
    }
