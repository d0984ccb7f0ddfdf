"""What participants thought of a course, for its organisers and trainers."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal

from trainings.core import clock
from trainings.core.access import requires, viewer
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.evaluations import queries
from trainings.evaluations.rules import BATCH, RATINGS, Question, Tally, sayings, tallies

bp = Blueprint("evaluations", __name__)


@bp.get("/courses/<code>/evaluation")
@requires(Permission.EVALUATION_READ)
def show(code: str) -> ResponseReturnValue:
    """How the course was rated and what people wrote; never who wrote it."""
    course = courses.course_for(viewer(), Permission.EVALUATION_READ, code)
    if not course.needs_evaluation:
        raise NotFound
    shown = queries.shown(course.id)
    reads = courses.may(viewer(), Permission.EVALUATION_TEXTS, course)
    return render_template(
        "evaluations/show.html",
        course=course,
        numbers=queries.numbers(course.id),
        shown=len(shown),
        lines=[(tally, _mean(tally)) for tally in tallies(shown)],
        texts=[(one.label, sayings(shown, one)) for one in Question] if reads else [],
        batch=BATCH,
        ratings=RATINGS,
        opened=clock.today(course.zone) >= course.ends_on,
    )


def _mean(tally: Tally) -> str:
    """The mean to one decimal place, in the reader's number format."""
    return "" if tally.mean is None else str(format_decimal(tally.mean, format="0.0"))
