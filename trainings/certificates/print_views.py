"""The print room of a course: choose what is printed, see what was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from trainings.accounts import queries as accounts
from trainings.certificates import print_operations, print_queries
from trainings.certificates.kind_forms import asked_kind, kind_tabs
from trainings.certificates.print_forms import PrintForm
from trainings.certificates.print_rules import MOST, Order
from trainings.certificates.rules import Kind
from trainings.core import paging, web
from trainings.core.access import requires, viewer
from trainings.core.i18n import _, folded, local_moment
from trainings.core.permissions import Permission
from trainings.core.web import showing_refusal
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import reading

bp = Blueprint("certificates_print", __name__)


@bp.route("/courses/<code>/certificates/print", methods=["GET", "POST"])
@requires(Permission.CERTIFICATE_PRINT)
def choose(code: str) -> ResponseReturnValue:
    """Choose certificates, their order and what goes with them; get one file for the printer."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_PRINT, code)
    form, kind = PrintForm(), asked_kind()
    if form.validate_on_submit():
        with showing_refusal(form):
            pdf = print_operations.print_file(course.id, form.choice(kind), by=viewer())
            return web.pdf(pdf, f"certificates-{course.code}")
    listed = _list(course, kind)
    form.offer(listed.tables)
    if not form.is_submitted():
        form.order.data = str(listed.order)
    shown = [row["id"] for row in listed.rows]
    return render_template(
        "certificates/print.html", course=course, kind=kind, form=form,
        kinds=kind_tabs(".choose", code, kind), rows=listed.rows, listed=listed,
        most=MOST, marked=form.certificates.data if form.is_submitted() else shown,
        runs=_runs(course),
    )  # fmt: skip


@dataclass(frozen=True)
class _Listed:
    """What can be printed, as much as one file holds: which part of it, in which order."""

    rows: list[dict[str, Any]]
    page: int
    pages: int
    order: Order
    tables: bool  # whether anybody has a place at one


def _list(course: Course, kind: Kind) -> _Listed:
    """The part that the address asks for, cut in its order, shown by name; the look is logged."""
    ready = print_queries.holdings(course, kind, scope="viewer")
    pages = paging.pages(len(ready), MOST)
    page = paging.within(request.args.get("page", 1, int), len(ready), MOST)
    tables = any(row.place for row in ready)
    order = Order.wished(request.args.get("order", ""))
    if order is Order.TABLE and not tables:
        order = Order.NAME
    hidden = print_queries.names(course, kind) if pages > 1 else {}
    positions = print_queries.positions(ready, hidden)
    if pages > 1:
        ready.sort(key=lambda row: positions[row.id].key(order))
        ready = ready[(page - 1) * MOST : page * MOST]
    names = reading.open(
        [row.person_id for row in ready], by=viewer().account_id, purpose="certificates"
    )
    rows = [
        {
            "id": row.id, "serial": row.serial, "name": names[row.person_id].sorting,
            "country": positions[row.id].country, "place": row.place,
        }
        for row in ready
    ]  # fmt: skip
    rows.sort(key=lambda row: folded(str(row["name"])))
    return _Listed(rows, page, pages, order, tables)


def _runs(course: Course) -> list[dict[str, Any]]:
    """The print runs so far: when, who, which."""
    runs = print_queries.runs(course)
    printed = print_queries.printed(course, runs)
    persons = accounts.persons_of({run.by for run in runs})
    names = reading.open(persons.values(), by=viewer().account_id, purpose="print runs")
    return [
        {
            "when": local_moment(run.at, course.zone),
            "who": names[persons[run.by]].name if persons.get(run.by) in names else "",
            "kind": printed[run.certificates[0]][0].label,
            "number": len(run.certificates),
            "which": printed[run.certificates[0]][1] if len(run.certificates) == 1 else "",
            "order": run.ordering.label,
            "beside": " · ".join(
                word
                for word, there in (
                    (_("back pages"), run.back), (_("check sheet"), run.check_sheet),
                )
                if there
            ),
        }
        for run in runs
    ]  # fmt: skip
