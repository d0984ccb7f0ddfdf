"""A finding or lesson: its page with its history, and what can be done with it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.courses import ownership_rules, programme_queries
from trainings.courses.forms import ActForm
from trainings.courses.models import Lesson, Programme
from trainings.courses.programme_rules import LessonKind
from trainings.legislation import queries as laws
from trainings.programmes import operations, queries, told_queries
from trainings.programmes.forms import LessonForm, LessonStateForm
from trainings.programmes.operations import Opening
from trainings.programmes.rules import LessonNotYours, OpeningNotYours
from trainings.web.access import requires, viewer
from trainings.web.forms import flashing_refusal, showing_refusal

bp = Blueprint("programmes_lesson", __name__, url_prefix="/programmes/<code>/lessons")
COURSES = 200  # that can be chosen, the latest first

P = Permission


def _back(code: str, lesson_id: str) -> ResponseReturnValue:
    return redirect(url_for(".show", code=code, lesson_id=lesson_id), code=303)


def _own(code: str, lesson_id: str) -> tuple[Programme, Lesson]:
    """A programme and its lesson, if the viewer may change it. Raises ``LessonNotYours``."""
    programme = programme_queries.programme(code)
    lesson = queries.lesson(programme.id, lesson_id)
    if not queries.may_change(viewer(), programme, lesson):
        raise LessonNotYours
    return programme, lesson


@bp.route("/new", methods=["GET", "POST"])
@requires(P.PROGRAMME_EDIT)
def new(code: str) -> ResponseReturnValue:
    """Open a finding or lesson by hand."""
    programme = programme_queries.programme(code)
    if not queries.may_open(viewer(), programme):
        raise OpeningNotYours
    form = LessonForm(data={"phase_id": request.args.get("phase", "")})
    form.offer(programme.phases)
    if form.validate_on_submit():
        with showing_refusal(form):
            opening = Opening(LessonKind(form.kind.data), form.texts(), form.phase())
            operations.open_lesson(code, opening, viewer())
            flash(_("Opened. You own it until you give it up."), "success")
            return redirect(url_for("programmes.show", code=code) + "#lessons", code=303)
    return render_template("programmes/lesson_form.html", form=form, programme=programme)


@bp.get("/<lesson_id>")
@requires(P.LESSON_READ)
def show(code: str, lesson_id: str) -> ResponseReturnValue:
    """A finding or lesson: source, owner, status, what came of it, and every change."""
    programme = programme_queries.programme(code)
    lesson = queries.lesson(programme.id, lesson_id)
    works = queries.may_open(viewer(), programme)
    owner, history = told_queries.history(viewer(), lesson, names_shown=works)
    (told,) = told_queries.told(viewer(), [lesson])
    return render_template(
        "programmes/lesson.html",
        programme=programme,
        lesson=lesson,
        told=told,
        owner=owner,
        history=history,
        works=works,
        may_change=queries.may_change(viewer(), programme, lesson),
        may_remove=ownership_rules.may_edit(viewer(), programme.agency_id),
        mine=lesson.owner_id is not None and lesson.owner_id == viewer().account_id,
    )


@bp.route("/<lesson_id>/edit", methods=["GET", "POST"])
@requires(P.PROGRAMME_EDIT)
def edit(code: str, lesson_id: str) -> ResponseReturnValue:
    """Change what a finding or lesson says."""
    programme, lesson = _own(code, lesson_id)

    def kept() -> dict[str, Any]:
        return LessonForm.begin(queries.lesson(programme.id, lesson_id))

    form = LessonForm.of(kept)
    form.offer(programme.phases)
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.change_lesson(
                code, lesson_id, LessonKind(form.kind.data), form.texts(), form.phase(), viewer()
            )
            flash(_("Saved."), "success")
            return _back(code, lesson_id)
    return render_template(
        "programmes/lesson_form.html", form=form, programme=programme, lesson=lesson
    )


@bp.route("/<lesson_id>/state", methods=["GET", "POST"])
@requires(P.PROGRAMME_EDIT)
def state(code: str, lesson_id: str) -> ResponseReturnValue:
    """Say what came of a finding or lesson, drop it for a reason, or open it again."""
    programme, lesson = _own(code, lesson_id)

    def kept() -> dict[str, Any]:
        return LessonStateForm.begin(queries.standing(queries.lesson(programme.id, lesson_id)))

    form = LessonStateForm.of(kept)
    form.offer(
        list(programme_queries.modules()),
        queries.courses_to_choose(viewer(), programme.id, lesson.course_id, COURSES),
        list(laws.topics()),
    )
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.set_state(code, lesson_id, form.standing(), viewer())
            flash(_("Saved. You can take the change back until the next one."), "success")
            return _back(code, lesson_id)
    return render_template(
        "programmes/lesson_state.html", form=form, programme=programme, lesson=lesson
    )


@bp.post("/<lesson_id>/undo/<int:number>")
@requires(P.PROGRAMME_EDIT)
def undo(code: str, lesson_id: str, number: int) -> ResponseReturnValue:
    """Take the last change of its status back."""
    _own(code, lesson_id)
    with flashing_refusal():
        operations.undo(code, lesson_id, number, viewer())
        flash(_("Taken back."), "success")
    return _back(code, lesson_id)


@bp.post("/<lesson_id>/<any(own,leave):act>")
@requires(P.PROGRAMME_EDIT)
def owner(code: str, lesson_id: str, act: str) -> ResponseReturnValue:
    """See to a finding or lesson that nobody owns, or leave it to others."""
    queries.lesson(programme_queries.programme(code).id, lesson_id)
    with flashing_refusal():
        if act == "own":
            operations.take_on(code, lesson_id, viewer())
            flash(_("You own this now."), "success")
        else:
            operations.give_up(code, lesson_id, viewer())
            flash(_("Nobody owns this now. Others can take it on."), "success")
    return _back(code, lesson_id)


@bp.route("/<lesson_id>/remove", methods=["GET", "POST"])
@requires(P.PROGRAMME_EDIT)
def remove(code: str, lesson_id: str) -> ResponseReturnValue:
    """Remove a finding or lesson from a programme."""
    programme = programme_queries.programme(code)
    programme_queries.check_may_edit(viewer(), programme)
    lesson = queries.lesson(programme.id, lesson_id)
    form = ActForm()
    if form.validate_on_submit():
        operations.remove_lesson(code, lesson_id, by=viewer())
        flash(_("Removed."), "success")
        return redirect(url_for("programmes.show", code=code), code=303)
    finding = lesson.kind is LessonKind.FINDING
    return render_template(
        "_confirm.html",
        form=form,
        title=_("Remove this finding?") if finding else _("Remove this lesson?"),
        act=_("Remove"),
        sentences=[
            _("Its history goes too: what came of it, who dropped it and why."),
            _("If it was not worth carrying on, drop it with a reason instead: then it stays."),
        ],
        back_url=url_for(".show", code=code, lesson_id=lesson_id),
    )
