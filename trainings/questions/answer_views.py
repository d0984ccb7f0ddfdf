"""Answers as organisers and focal points see them, and whose are missing."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.core.errors import NotFound
from trainings.core.i18n import _, ngettext
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.people import queries as people
from trainings.people import reading
from trainings.questions import answer_operations, answer_queries, queries
from trainings.questions.answer_queries import in_groups
from trainings.questions.forms import form_for, typed_of
from trainings.questions.own_views import answers_so_far, handed_out
from trainings.questions.rules import OWN, STATES, AskedOf, QuestionKind
from trainings.registrations import filter_queries, listing_queries, page_queries
from trainings.registrations import queries as registrations
from trainings.registrations.listing_rules import PAGE, Filters
from trainings.web.access import requires, viewer
from trainings.web.fields import whole
from trainings.web.forms import flashing_refusal, showing_refusal

bp = Blueprint("questions_answers", __name__)

READ, SELECT = Permission.REGISTRATION_READ, Permission.REGISTRATION_SELECT
NOMINATE = Permission.REGISTRATION_NOMINATE


@bp.get("/courses/<code>/answers")
@requires(READ)
def index(code: str) -> ResponseReturnValue:
    """How many have answered what, and whose required answers are missing."""
    course = courses.course_for(viewer(), READ, code)
    conditions = filter_queries.conditions(viewer(), READ, course, Filters())
    words = filter_queries.words_in(viewer(), request.args.get("q", ""))
    page = request.args.get("page", 1, whole)
    lacking = None
    if registrations.reaches_all(viewer(), READ, course):
        lacking = queries.how_many_lack([course.id])[course.id]
    cut = page_queries.cut(
        course.id, [*conditions, queries.lacks(course.id)], page, words, size=PAGE, total=lacking
    )
    return render_template(
        "questions/answers.html",
        course=course,
        questions=queries.seen(viewer(), READ, course),
        numbers=queries.numbers(course.id),
        missing=queries.missing(course.id, cut.keys),
        rows=listing_queries.in_order(viewer(), course, cut.keys),
        cut=cut,
        names=people.function_names(),
    )


@bp.post("/courses/<code>/answers/remind")
@requires(Permission.MESSAGE_SEND)
def chase(code: str) -> ResponseReturnValue:
    """Email everyone whose required answers are missing."""
    course = courses.course_for(viewer(), Permission.MESSAGE_SEND, code)
    with flashing_refusal():
        told = answer_operations.chase(course.id, viewer())
        flash(ngettext("We email one person.", "We email %(num)s people.", told), "success")
    return redirect(url_for(".index", code=code), code=303)


@bp.get("/courses/<code>/registrations/<number>/answers")
@requires(READ)
def show(code: str, number: str) -> ResponseReturnValue:
    """What one person answered, as far as the viewer may see it; the look is logged."""
    course = courses.course_for(viewer(), READ, code)
    found = registrations.registration_for(viewer(), READ, code, number)
    opened = reading.open([found.person_id], by=viewer().account_id, purpose="answers")
    rows = answer_queries.answered(queries.seen(viewer(), READ, course), course, found)
    return render_template(
        "questions/person.html",
        course=course,
        registration=found,
        person=opened[found.person_id],
        rows=[one for one in rows if one.words or found.state in STATES[one.question.asked_of]],
        asked=bool(queries.asked_now(course.id, found.state, OWN)),
    )


@bp.route("/courses/<code>/registrations/<number>/answers/edit", methods=["GET", "POST"])
@requires(SELECT)
def edit(code: str, number: str) -> ResponseReturnValue:
    """Write down what somebody told an organiser; the look at what is there is logged."""
    course = courses.course_for(viewer(), SELECT, code)
    found = registrations.registration_for(viewer(), SELECT, code, number)
    key, person_id, by = found.id, found.person_id, viewer().account_id
    seen = {one.id for one in queries.seen(viewer(), READ, course)}
    asked = [
        one
        for one in queries.asked_now(course.id, found.state, OWN)
        if one.id in seen and one.kind is not QuestionKind.FILE
    ]
    form = form_for(asked).of(
        lambda: typed_of(asked, answers_so_far(asked, key)),
        reads=lambda: reading.log([person_id], by=by, purpose="answers"),
    )
    back = url_for(".show", code=code, number=number)
    if form.validate_on_submit():
        with showing_refusal(form):
            answer_operations.answer_for(course.id, number, form.given(asked), viewer())
            flash(_("Saved."), "success")
            return redirect(back, code=303)
    return render_template(
        "questions/edit.html",
        course=course,
        registration=found,
        form=form,
        groups=in_groups(asked, course),
        back=back,
    )


@bp.get("/courses/<code>/registrations/<number>/answers/<question_id>")
@requires(READ)
def fetch(code: str, number: str, question_id: str) -> ResponseReturnValue:
    """The file that somebody sent as an answer; handing it out is logged."""
    course = courses.course_for(viewer(), READ, code)
    found = registrations.registration_for(viewer(), READ, code, number)
    seen = {one.id: one for one in queries.seen(viewer(), READ, course)}
    if question_id not in seen:
        raise NotFound
    row = answer_queries.file_answer(seen[question_id], found.id)
    reading.log([found.person_id], by=viewer().account_id, purpose="answers")
    return handed_out(row)


@bp.route("/courses/<code>/nominations/<number>/questions", methods=["GET", "POST"])
@requires(NOMINATE)
def about(code: str, number: str) -> ResponseReturnValue:
    """What a focal point is asked about a candidate, and what else they may see; logged."""
    course = courses.course_for(viewer(), NOMINATE, code)
    found = registrations.registration_for(viewer(), NOMINATE, code, number)
    key, person_id = found.id, found.person_id
    mine = queries.asked_now(course.id, found.state, [AskedOf.FOCAL_POINT])
    mine = [one for one in mine if one.kind is not QuestionKind.FILE]
    form = form_for(mine).of(lambda: typed_of(mine, answers_so_far(mine, key)))
    if form.validate_on_submit():
        with showing_refusal(form):
            answer_operations.answer_about(course.id, number, form.given(mine), viewer())
            flash(_("Saved."), "success")
            return redirect(url_for("nominations.show", code=code, number=number), code=303)
    opened = reading.open([person_id], by=viewer().account_id, purpose="answers")
    asked = {one.id for one in mine}
    others = [one for one in queries.seen(viewer(), NOMINATE, course) if one.id not in asked]
    rows = answer_queries.answered(others, course, found)
    return render_template(
        "questions/about.html",
        course=course,
        registration=found,
        person=opened[person_id],
        form=form,
        groups=in_groups(mine, course),
        rows=[one for one in rows if one.words],
    )
