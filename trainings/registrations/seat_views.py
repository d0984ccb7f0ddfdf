"""The seats of a course, shared out among countries and functions in one table."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.core.access import requires, viewer
from trainings.core.i18n import _, countries, country_name
from trainings.core.permissions import Permission
from trainings.core.web import Form, showing_refusal
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import queries as people
from trainings.registrations import matrix_queries, seat_operations
from trainings.registrations.desk_forms import Seats, field_name, seats_form
from trainings.registrations.matrix_queries import Matrix
from trainings.registrations.seating_rules import Cell

bp = Blueprint("registrations_seats", __name__)

EDIT = Permission.SEATS_EDIT


@bp.route("/courses/<code>/seats", methods=["GET", "POST"])
@requires(EDIT)
def index(code: str) -> ResponseReturnValue:
    """Share out the seats: so many for each country and function, the rest open to all."""
    course = courses.course_for(viewer(), EDIT, code)
    matrix = matrix_queries.matrix(course)
    names = people.function_names()
    cells = _cells(course, matrix, names)
    form = seats_form(
        {cell: matrix.cell(*cell).kept for row in cells for cell in row},
        {cell: matrix.cell(*cell).taken for row in cells for cell in row},
        course.capacity,
    )
    if form.validate_on_submit():
        with showing_refusal(form):
            seat_operations.set_blocks(
                course.id, _typed(form), viewer(), capacity=form["capacity"].data
            )
            flash(_("The seats are saved."), "success")
            return redirect(url_for(".index", code=code), code=303)
    return render_template(
        "registrations/desk/seats.html",
        course=course,
        form=form,
        matrix=matrix,
        columns=[*(names.get(code, code) for code in course.functions), _("Any function")],
        rows=[
            (
                country_name(row[0].country) if row[0].country else _("Open to all countries"),
                [form[field_name(cell)] for cell in row],
            )
            for row in cells
        ],
    )


def _cells(course: Course, matrix: Matrix, names: Mapping[str, str]) -> list[list[Cell]]:
    """The table: the countries by their names, then what is open; functions, then any."""
    rows = [code for code, _name in countries(course.countries)]
    kept = {cell.country for cell in matrix.cells.values() if cell.kept or cell.taken}
    rows += sorted(code for code in kept if code and code not in rows)
    order = [code for code in names if code in course.functions]
    return [[Cell(row, function) for function in (*order, None)] for row in (*rows, None)]


def _typed(form: Form) -> dict[tuple[str | None, str | None], int]:
    return {
        (field.cell.country, field.cell.function): field.data
        for field in form
        if isinstance(field, Seats) and field.name != "capacity" and field.data
    }
