"""The lessons of a course: those it answers, asked one by one, and those opened from it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.agenda import queries as agenda
from trainings.agenda.models import AgendaSession
from trainings.core.errors import NotFound
from trainings.core.i18n import Texts, _, in_every_language, language, localized
from trainings.core.permissions import Permission
from trainings.courses import programme_queries
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.programme_rules import LessonKind, LessonSource, LessonState
from trainings.networks import queries as networks
from trainings.programmes import course_queries, operations, queries, told_queries
from trainings.programmes.forms import STAYS_OPEN, AnswerForm, LessonForm
from trainings.programmes.operations import Opening
from trainings.programmes.rules import OpeningNotYours
from trainings.web.access import requires, viewer
from trainings.web.forms import showing_refusal

bp = Blueprint("programmes_course", __name__, url_prefix="/courses/<code>/lessons")

P = Permission


@bp.app_template_global()
def opens_lessons(course: Course) -> bool:
    """Whether the viewer may open lessons from a course loaded with its programme."""
    return course.programme is not None and queries.may_open(viewer(), course.programme)


@bp.get("")
@requires(P.COURSE_WORK)
def index(code: str) -> ResponseReturnValue:
    """The lessons that a course is asked and has taken up, and those that were opened from it."""
    course = courses.course_for(viewer(), P.COURSE_WORK, code)
    asked = list(course_queries.asked(course))
    there = {one.id for one in asked}
    more = [one for one in course_queries.answered(course) if one.id not in there]
    return render_template(
        "programmes/course.html",
        course=course,
        asked=told_queries.told(viewer(), [*asked, *more]),
        opened=told_queries.told(viewer(), course_queries.opened_from(course)),
        left=course_queries.left_by(course.id),
        waiting=course_queries.unanswered(course),
        edits=courses.may(viewer(), P.COURSE_EDIT, course),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(P.PROGRAMME_EDIT)
def new(code: str) -> ResponseReturnValue:
    """Open a lesson from the evaluation of a course, one of its sessions, or its network."""
    course = courses.course_for(viewer(), P.PROGRAMME_EDIT, code)
    if course.programme is None:
        raise NotFound
    if not queries.may_open(viewer(), course.programme):
        raise OpeningNotYours
    session_id = request.args.get("session", "")
    row = agenda.session_of(course.id, session_id) if session_id else None
    source = LessonSource.SESSION if row else LessonSource.BY_HAND
    if "evaluation" in request.args and course.needs_evaluation:
        source = LessonSource.EVALUATION
    wave = networks.counted_wave(course.id, request.args.get("network", ""))
    if wave is not None:
        source = LessonSource.NETWORK
    titles = in_every_language(wave.label) if wave is not None else _titles(row)
    form = LessonForm()
    del form.phase_id
    if form.validate_on_submit():
        with showing_refusal(form):
            opening = Opening(
                LessonKind(form.kind.data),
                form.texts(),
                source=source,
                course_id=course.id,
                titles=titles,
            )
            operations.open_lesson(course.programme.code, opening, viewer())
            flash(_("Opened. You own it until you give it up."), "success")
            return redirect(url_for(".index", code=code), code=303)
    return render_template(
        "programmes/course_lesson.html",
        course=course,
        form=form,
        source=source,
        session=localized(titles),
    )


def _titles(row: AgendaSession | None) -> Texts:
    """The title of a session, to be kept: its own, else its module's, else its kind."""
    if row is None:
        return {}
    own = row.titles or (row.module.titles if row.module else {})
    return dict(own) or {language(): str(row.kind.label)}


@bp.route("/<lesson_id>", methods=["GET", "POST"])
@requires(P.COURSE_EDIT)
def answer(code: str, lesson_id: str) -> ResponseReturnValue:
    """One lesson that a course is asked: which of its modules takes it up?"""
    course = courses.course_for(viewer(), P.COURSE_EDIT, code, ("modules",))
    asked = list(course_queries.asked(course))
    place = next((at for at, one in enumerate(asked) if one.id == lesson_id), None)
    if place is None:
        raise NotFound
    lesson = asked[place]

    def kept() -> dict[str, Any]:
        return {"module": _answered(course.id, lesson.programme_id, lesson_id)}

    form = AnswerForm.of(kept)
    taught = {row.module_id for row in course.modules}
    modules = programme_queries.modules()
    form.offer(
        [one for one in modules if one.id in taught],
        [one for one in modules if one.id not in taught],
    )
    following = _next(course, asked, place)
    if form.validate_on_submit():
        with showing_refusal(form):
            codes = {one.code: one.id for one in modules}
            operations.answer(course.id, lesson_id, codes.get(form.module.data), viewer())
            return redirect(following or url_for(".index", code=code), code=303)
    return render_template(
        "programmes/answer.html",
        course=course,
        form=form,
        told=told_queries.told(viewer(), [lesson])[0],
        number=place + 1,
        of=len(asked),
        later=following or url_for(".index", code=code),
    )


def _answered(course_id: str, programme_id: str, lesson_id: str) -> str:
    """What a course has answered about a lesson: a module, that it stays open, or nothing yet."""
    lesson = queries.lesson(programme_id, lesson_id)
    if lesson.course_id == course_id and lesson.module_id is not None:
        return next(one.code for one in programme_queries.modules([lesson.module_id]))
    return STAYS_OPEN if lesson_id in course_queries.left_by(course_id) else ""


def _next(course: Course, asked: list[Any], place: int) -> str | None:
    """Where the next lesson is that the course has not decided about; none where that is all."""
    left = course_queries.left_by(course.id)
    for one in [*asked[place + 1 :], *asked[:place]]:
        if one.state is LessonState.OPEN and one.id not in left:
            return url_for(".answer", code=course.code, lesson_id=one.id)
    return None
