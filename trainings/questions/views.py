"""The questions of a course, as its organisers write them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.core.errors import NotFound
from trainings.core.i18n import _, localized, ngettext
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.questions import operations, queries
from trainings.questions.forms import KindForm, QuestionForm, RemoveForm, UsualForm, written
from trainings.questions.rules import AskedOf, QuestionKind, erased_on
from trainings.questions.usual_rules import SETS
from trainings.registrations.listing_rules import Step
from trainings.web.access import requires, viewer
from trainings.web.forms import flashing_refusal, showing_refusal

bp = Blueprint("questions", __name__)

EDIT = Permission.COURSE_EDIT


@bp.get("/courses/<code>/questions")
@requires(EDIT)
def index(code: str) -> ResponseReturnValue:
    """What a course asks, of whom; adding, changing, putting in order."""
    course = courses.course_for(viewer(), EDIT, code)
    rows = queries.questions(course.id)
    there = {one.usual for one in rows}
    usual = UsualForm()
    usual.sets.choices = [
        choice
        for choice, wanted in zip(usual.sets.choices, SETS.values(), strict=True)
        if not there.issuperset(wanted)
    ]
    return render_template(
        "questions/index.html",
        course=course,
        groups=[(of, [one for one in rows if one.asked_of is of]) for of in AskedOf],
        numbers=queries.numbers(course.id),
        days={one.id: erased_on(one.kept_for, course.ends_on) for one in rows},
        kind_form=KindForm(),
        usual=usual,
    )


@bp.post("/courses/<code>/questions/usual")
@requires(EDIT)
def add_usual(code: str) -> ResponseReturnValue:
    """Ask the usual questions: travel, food and access, an emergency, the passport."""
    course = courses.course_for(viewer(), EDIT, code)
    form = UsualForm()
    if form.validate_on_submit():
        with flashing_refusal():
            added = operations.add_usual(course.id, form.chosen, viewer())
            flash(
                ngettext("One question was added.", "%(num)s questions were added.", added),
                "success",
            )
    return redirect(url_for(".index", code=code), code=303)


def _kind(word: str) -> QuestionKind:
    if word not in set(QuestionKind):
        raise NotFound
    return QuestionKind(word)


@bp.route("/courses/<code>/questions/new", methods=["GET", "POST"])
@requires(EDIT)
def new(code: str) -> ResponseReturnValue:
    """Ask something new; its kind stands in the address."""
    course = courses.course_for(viewer(), EDIT, code)
    kind = _kind(request.args.get("kind", str(QuestionKind.SHORT)))
    form = QuestionForm().shown(kind, course.languages, answered=False)
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.add(course.id, form.asking(kind), viewer())
            flash(_("The question was added."), "success")
            return redirect(url_for(".index", code=code), code=303)
    return _page(course, form, kind)


def _page(course: Course, form: QuestionForm, kind: QuestionKind, **more: Any) -> str:
    return render_template(
        "questions/form.html",
        course=course,
        form=form,
        kind=kind,
        **{"question": None, "answered": 0, **more},
    )


@bp.route("/courses/<code>/questions/<question_id>", methods=["GET", "POST"])
@requires(EDIT)
def edit(code: str, question_id: str) -> ResponseReturnValue:
    """Change a question; what people have answered is not lost."""
    course = courses.course_for(viewer(), EDIT, code)
    row = queries.question_of(course.id, question_id)
    kind, before = row.kind, row.asking
    answered = queries.number(row.id)
    form = QuestionForm.of(
        lambda: written(queries.question_of(course.id, question_id).asking)
    ).shown(kind, course.languages, answered=bool(answered))
    if form.validate_on_submit():
        with showing_refusal(form):
            fits = bool(answered and form.fits.data)
            asking = form.asking(kind, before)
            operations.change(course.id, question_id, asking, viewer(), fits=fits)
            flash(_("Saved."), "success")
            return redirect(url_for(".index", code=code), code=303)
    return _page(course, form, kind, question=row, answered=answered)


@bp.post("/courses/<code>/questions/<question_id>/<any(up,down):step>")
@requires(EDIT)
def move(code: str, question_id: str, step: str) -> ResponseReturnValue:
    """Move a question up or down."""
    course = courses.course_for(viewer(), EDIT, code)
    operations.move(course.id, question_id, Step(step), viewer())
    return redirect(url_for(".index", code=code, _anchor=f"q-{question_id}"), code=303)


@bp.route("/courses/<code>/questions/<question_id>/remove", methods=["GET", "POST"])
@requires(EDIT)
def remove(code: str, question_id: str) -> ResponseReturnValue:
    """Remove a question, after a page that says what is lost."""
    course = courses.course_for(viewer(), EDIT, code)
    row = queries.question_of(course.id, question_id)
    title = localized(row.titles)
    answered = queries.number(row.id)
    form = RemoveForm(data={"answered": answered})
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.remove(course.id, question_id, viewer(), answered=form.answered.data)
            flash(_("The question was removed."), "success")
            return redirect(url_for(".index", code=code), code=303)
    form.answered.raw_data, form.answered.data = None, answered
    return render_template(
        "questions/remove.html",
        form=form,
        title=_("Remove the question “%(question)s”?", question=title),
        act=_("Remove question"),
        back_url=url_for(".index", code=code),
        sentences=_lost(answered),
    )


def _lost(answered: int) -> list[str]:
    if not answered:
        return [_("Nobody has answered it, so nothing is lost.")]
    return [
        ngettext(
            "One person has answered it. The answer is erased and cannot be brought back.",
            "%(num)s people have answered it. Their answers are erased and cannot be brought back.",
            answered,
        ),
        _("If you only want to stop asking, change the question instead and take the tick away."),
    ]
