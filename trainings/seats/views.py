"""The seats of a course, distributed among countries and functions in one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.core.i18n import _, countries, country_name
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import queries as people
from trainings.seats import matrix_queries, operations
from trainings.seats.forms import field_name, seats_form, seats_typed
from trainings.seats.matrix_queries import Matrix
from trainings.seats.placing_rules import Cell
from trainings.web.access import requires, viewer
from trainings.web.forms import showing_refusal

bp = Blueprint("seats", __name__)

EDIT = Permission.SEATS_EDIT


@bp.route("/courses/<code>/seats", methods=["GET", "POST"])
@requires(EDIT)
def index(code: str) -> ResponseReturnValue:
    """Distribute the seats: a number for each country and function, the rest open to all."""
    course = courses.course_for(viewer(), EDIT, code)
    matrix = matrix_queries.matrix(course)
    names = people.function_names()
    cells = _cells(course, matrix, names)
    columns = [
        *(name for code, name in names.items() if code in course.functions),
        _("Any function"),
    ]
    lines = [_row_name(row[0].country) for row in cells]
    flat = [cell for row in cells for cell in row]
    kind = seats_form(
        {
            cell: f"{line}, {column}"
            for line, row in zip(lines, cells, strict=True)
            for column, cell in zip(columns, row, strict=True)
        },
        {cell: matrix.cell(*cell).taken for cell in flat},
        {cell: matrix.cell(*cell).vacant for cell in flat},
    )
    form = kind.of(lambda: _kept(course, matrix, flat))
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.set_blocks(
                course.id, seats_typed(form), viewer(), capacity=form["capacity"].data
            )
            flash(_("The seats have been saved."), "success")
            return redirect(url_for(".index", code=code), code=303)
    return render_template(
        "seats/index.html",
        course=course,
        form=form,
        matrix=matrix,
        columns=columns,
        rows=[
            (line, [form[field_name(cell)] for cell in row])
            for line, row in zip(lines, cells, strict=True)
        ],
    )


def _row_name(country: str | None) -> str:
    return country_name(country) if country else _("Open to all countries")


def _kept(course: Course, matrix: Matrix, cells: Sequence[Cell]) -> dict[str, int]:
    """The seats as they are kept: what is sent is compared with what is there by then.

    A page that opens shows what was counted for it.
    """
    if request.method == "POST":
        course = courses.course_for(viewer(), EDIT, course.code)
        matrix = matrix_queries.matrix(course)
    return {
        "capacity": course.capacity,
        **{field_name(cell): matrix.cell(*cell).kept for cell in cells},
    }


def _cells(course: Course, matrix: Matrix, names: Mapping[str, str]) -> list[list[Cell]]:
    """The table: countries by name, then the open row; functions, then the open column."""
    rows = [code for code, _name in countries(course.countries)]
    kept = {cell.country for cell in matrix.cells.values() if cell.kept or cell.taken}
    rows += sorted(code for code in kept if code and code not in rows)
    order = [code for code in names if code in course.functions]
    return [[Cell(row, function) for function in (*order, None)] for row in (*rows, None)]
