"""What somebody is asked about their own registration, and what they answered."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.core import clock, files
from trainings.core.errors import NotFound
from trainings.core.i18n import _, localized
from trainings.core.permissions import Permission
from trainings.questions import answer_operations, answer_queries, queries
from trainings.questions.answer_queries import in_groups
from trainings.questions.forms import ButtonForm, FileForm, form_for, typed_of
from trainings.questions.models import CourseQuestion, QuestionAnswer
from trainings.questions.rules import MOST_BYTES, OWN, QuestionKind, erased_on
from trainings.registrations import queries as registrations
from trainings.registrations.models import Registration
from trainings.uploads.rules import ENDINGS, FileKind, megabytes
from trainings.web.access import requires, viewer
from trainings.web.forms import flashing_refusal, showing_refusal

bp = Blueprint("questions_own", __name__)

_OWN = Permission.REGISTRATION_OWN


@bp.app_template_global()
def asked_of_me(mine: Registration) -> int | None:
    """How many required answers are missing of one's own registration; None where none is asked."""
    if not asked(mine):
        return None
    return queries.unanswered([mine.id]).get(mine.id, 0)


def asked(mine: Registration) -> list[CourseQuestion]:
    """What somebody is asked now; nothing once the course is over."""
    if clock.today(mine.course.zone) > mine.course.ends_on:
        return []
    return queries.asked_now(mine.course_id, mine.state, OWN)


def answers_so_far(rows: list[CourseQuestion], registration_id: str) -> dict[str, Any]:
    """The kept answers, opened, by question."""
    known = queries.answers_of(registration_id)
    return {one.id: answer_queries.value_of(known[one.id]) for one in rows if one.id in known}


@bp.route("/my/registrations/<number>/questions", methods=["GET", "POST"])
@requires(_OWN)
def answer(number: str) -> ResponseReturnValue:
    """Answer what the organisers ask; it can be saved with gaps and changed until the course."""
    mine = registrations.own_registration(viewer(), number)
    rows = asked(mine)
    key = mine.id
    form = form_for(rows).of(lambda: typed_of(rows, answers_so_far(rows, key)))
    if form.validate_on_submit():
        with showing_refusal(form):
            answer_operations.answer_own(number, form.given(rows), viewer())
            flash(_("Your answers are saved."), "success")
            return redirect(url_for("participants.show", number=number), code=303)
    return render_template(
        "questions/own.html",
        mine=mine,
        course=mine.course,
        form=form,
        groups=in_groups(rows, mine.course),
        sent=answers_so_far([one for one in rows if one.kind is QuestionKind.FILE], key),
        missing=queries.unanswered([key]).get(key, 0),
    )


def _file_question(number: str, question_id: str) -> tuple[Registration, CourseQuestion]:
    """One's own registration, and a question that is answered by a file. Raises ``NotFound``."""
    mine = registrations.own_registration(viewer(), number)
    row = queries.question_of(mine.course_id, question_id)
    if row.kind is not QuestionKind.FILE or row.asked_of not in OWN:
        raise NotFound
    return mine, row


@bp.route("/my/registrations/<number>/questions/<question_id>", methods=["GET", "POST"])
@requires(_OWN)
def send(number: str, question_id: str) -> ResponseReturnValue:
    """Send a file as an answer."""
    mine, row = _file_question(number, question_id)
    back = url_for(".answer", number=number)
    form = FileForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            answer_operations.send_file(number, question_id, form.upload(), viewer())
            flash(_("The file has been sent."), "success")
            return redirect(back, code=303)
    return render_template(
        "questions/file.html",
        mine=mine,
        course=mine.course,
        form=form,
        title=localized(row.titles),
        question=row,
        back=back,
        endings=[f".{one}" for one in ENDINGS],
        most=megabytes(MOST_BYTES),
        day=erased_on(row.kept_for, mine.course.ends_on),
    )


@bp.get("/my/registrations/<number>/questions/<question_id>/file")
@requires(_OWN)
def fetch(number: str, question_id: str) -> ResponseReturnValue:
    """The file that one sent."""
    mine, row = _file_question(number, question_id)
    return handed_out(answer_queries.file_answer(row, mine.id))


def handed_out(row: QuestionAnswer) -> Response:
    """The file of an answer, to be saved and never shown. Raises ``NotFound``."""
    place = answer_queries.place(row.id, "data_key")
    content = files.content_of(row.file, row.data_key, place)
    if not content:
        raise NotFound
    value = answer_queries.value_of(row)
    found = Response(content, mimetype=FileKind(value["kind"]).media_type)
    found.headers.set("Content-Disposition", "attachment", filename=value["name"])
    found.headers["Cache-Control"] = "private, no-store"
    return found


@bp.route("/my/registrations/<number>/questions/<question_id>/remove", methods=["GET", "POST"])
@requires(_OWN)
def remove(number: str, question_id: str) -> ResponseReturnValue:
    """Take back a file that one sent, after a confirmation page."""
    _file_question(number, question_id)
    back = url_for(".answer", number=number)
    form = ButtonForm()
    if form.validate_on_submit():
        with flashing_refusal():
            answer_operations.remove_file(number, question_id, viewer())
            flash(_("The file has been removed."), "success")
        return redirect(back, code=303)
    return render_template(
        "_confirm.html",
        form=form,
        title=_("Remove the file?"),
        act=_("Remove file"),
        back_url=back,
        sentences=[_("The organisers no longer have it. You can send another one.")],
    )
