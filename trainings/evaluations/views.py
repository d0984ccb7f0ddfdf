"""What participants thought of a course, for its organisers and trainers."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal

from trainings.core import clock, paging
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.evaluations import queries
from trainings.evaluations.rules import BATCH, RATINGS, Question, Tally, sayings
from trainings.web.access import requires, viewer
from trainings.web.fields import whole

bp = Blueprint("evaluations", __name__)

ON_A_PAGE = 100  # people whose words are shown together: a multiple of five


@bp.get("/courses/<code>/evaluation")
@requires(Permission.EVALUATION_READ)
def show(code: str) -> ResponseReturnValue:
    """How the course was rated and what people wrote; never who wrote it."""
    course = courses.course_for(viewer(), Permission.EVALUATION_READ, code)
    if not course.needs_evaluation:
        raise NotFound
    found = queries.summary(course.id)
    page = paging.within(request.args.get("page", 1, whole), found.shown, ON_A_PAGE)
    reads = found.shown and courses.may(viewer(), Permission.EVALUATION_TEXTS, course)
    said = queries.shown(course.id, page, ON_A_PAGE) if reads else []
    return render_template(
        "evaluations/show.html",
        course=course,
        numbers=queries.numbers(course.id),
        found=found,
        lines=[(tally, _mean(tally)) for tally in found.tallies],
        texts=[(one, sayings(said, one)) for one in Question] if reads else [],
        page=page,
        pages=paging.pages(found.shown, ON_A_PAGE) if reads else 1,
        batch=BATCH,
        ratings=RATINGS,
        opened=clock.today(course.zone) >= course.ends_on,
    )


def _mean(tally: Tally) -> str:
    """The mean to one decimal place, in the reader's number format."""
    return "" if tally.mean is None else str(format_decimal(tally.mean, format="0.0"))
