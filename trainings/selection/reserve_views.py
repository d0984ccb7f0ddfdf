"""The reserve list of a course, in the order in which seats will be offered."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.people import queries as people
from trainings.registrations import page_queries
from trainings.registrations.forms import OrderForm
from trainings.registrations.listing_rules import Step
from trainings.seats import matrix_queries
from trainings.selection import operations
from trainings.web.access import requires, viewer
from trainings.web.fields import whole
from trainings.web.forms import flashing_refusal

bp = Blueprint("selection_reserve", __name__)

SELECT = Permission.REGISTRATION_SELECT


@bp.get("/courses/<code>/reserve")
@requires(SELECT)
def index(code: str) -> ResponseReturnValue:
    """The people waiting, in order, and what each waits for."""
    course = courses.course_for(viewer(), SELECT, code)
    return render_template(
        "selection/reserve.html",
        course=course,
        form=OrderForm(),
        page=page_queries.in_reserve(
            viewer(), course, request.args.get("page", 1, whole), permission=SELECT
        ),
        matrix=matrix_queries.matrix(course),
        names=people.function_names(),
    )


@bp.post("/courses/<code>/reserve")
@requires(SELECT)
def order(code: str) -> ResponseReturnValue:
    """Move somebody up, down, or to the first place."""
    course = courses.course_for(viewer(), SELECT, code)
    form = OrderForm()
    for step in Step:
        if number := getattr(form, step).data:
            with flashing_refusal():
                operations.move_on_reserve(course.id, number, step, viewer())
    return redirect(
        url_for(".index", code=code, page=request.args.get("page", type=whole)), code=303
    )
