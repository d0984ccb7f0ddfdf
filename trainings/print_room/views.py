"""The print room of a course: choose what to print, see what was printed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import Struct

from trainings.accounts import queries as accounts
from trainings.certificates.forms import asked_kind, kind_tabs
from trainings.core import paging
from trainings.core.dates import local_moment
from trainings.core.i18n import _
from trainings.core.names import folded
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import reading
from trainings.print_room import operations, queries
from trainings.print_room.forms import PrintForm
from trainings.print_room.rules import MOST, Order, PrintChoice, TooManyAtOnce
from trainings.register.rules import Kind
from trainings.registrations.page_queries import BY_NAME
from trainings.web import responses
from trainings.web.access import requires, viewer
from trainings.web.fields import whole
from trainings.web.forms import showing_refusal, untouched

bp = Blueprint("print_room", __name__)


@bp.route("/courses/<code>/certificates/print", methods=["GET", "POST"])
@requires(Permission.CERTIFICATE_PRINT)
def choose(code: str) -> ResponseReturnValue:
    """Choose certificates, their order and what goes with them; get one file for the printer."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_PRINT, code)
    form, kind = PrintForm(), asked_kind()
    if form.validate_on_submit():
        with showing_refusal(form):
            pdf = operations.print_file(course.id, form.choice(kind), by=viewer())
            return responses.pdf(pdf, f"certificates-{course.code}")
    listed = _list(course, kind)
    form.offer(listed.tables)
    if untouched(form.order):
        form.order.data = str(listed.order)
    shown = [row["id"] for row in listed.rows]
    return render_template(
        "print_room/index.html",
        course=course,
        kind=kind,
        form=form,
        kinds=kind_tabs(".choose", code, kind),
        rows=listed.rows,
        listed=listed,
        most=MOST,
        marked=form.certificates.data if form.is_submitted() else shown,
        runs=_runs(course),
    )


class _Listed(Struct, frozen=True):
    """The printable certificates on this page: as many as one file holds, and in which order."""

    rows: list[dict[str, Any]]
    page: int
    pages: int
    order: Order
    tables: bool  # whether anybody has a place at a table


def _list(course: Course, kind: Kind) -> _Listed:
    """The part that the address asks for, in its order, with names opened; the read is logged."""
    total = queries.how_many(course, kind)
    pages = paging.pages(total, MOST)
    page = paging.within(request.args.get("page", 1, whole), total, MOST)
    # beyond so many, holders are in order of their serials, and by name within a page
    many = total > BY_NAME
    size = MOST if many else None
    ready = queries.holdings(course, kind, scope="viewer", page=page if many else 1, size=size)
    tables = any(row.place for row in ready)
    order = Order.wished(request.args.get("order", ""))
    if order is Order.TABLE and not tables:
        order = Order.NAME
    hidden = queries.names(course, kind) if pages > 1 and not many else {}
    positions = queries.positions(ready, hidden)
    if pages > 1 and not many:
        ready.sort(key=lambda row: positions[row.id].key(order))
        ready = ready[(page - 1) * MOST : page * MOST]
    names = reading.open(
        [row.person_id for row in ready], by=viewer().account_id, purpose="certificates"
    )
    rows = [
        {
            "id": row.id,
            "serial": row.serial,
            "name": names[row.person_id].sorting,
            "country": positions[row.id].country,
            "place": row.place,
        }
        for row in ready
    ]
    rows.sort(key=lambda row: folded(str(row["name"])))
    return _Listed(rows, page, pages, order, tables)


def _runs(course: Course) -> list[dict[str, Any]]:
    """The print runs so far: when, who, which."""
    runs = queries.runs(course)
    printed = queries.printed(course, runs)
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
                for word, there in ((_("back pages"), run.back), (_("checklist"), run.check_sheet))
                if there
            ),
        }
        for run in runs
    ]


@bp.post("/courses/<code>/certificates.pdf")
@requires(Permission.CERTIFICATE_PRINT)
def print_file(code: str) -> ResponseReturnValue:
    """All certificates of a kind in one PDF, in order of name, for the printer at the venue."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_PRINT, code)
    kind = asked_kind()
    try:
        pdf = operations.print_file(course.id, PrintChoice(kind), by=viewer())
    except TooManyAtOnce as refusal:
        flash(str(refusal), "info")
        return redirect(url_for("print_room.choose", code=code, kind=kind), code=303)
    return responses.pdf(pdf, f"certificates-{course.code}")


@bp.get("/courses/<code>/certificates/<certificate_id>.pdf")
@requires(Permission.CERTIFICATE_PRINT)
def one_file(code: str, certificate_id: str) -> ResponseReturnValue:
    """The stored, signed file of one certificate of the course."""
    course = courses.course_for(viewer(), Permission.CERTIFICATE_PRINT, code)
    pdf, serial = operations.one_file(course.id, certificate_id, by=viewer())
    return responses.pdf(pdf, serial)


@bp.get("/my/certificates/<certificate_id>.pdf")
@requires(Permission.CERTIFICATE_OWN)
def download(certificate_id: str) -> ResponseReturnValue:
    """The file of one of my certificates, as it was issued."""
    pdf, serial = operations.own_file(certificate_id, by=viewer())
    return responses.pdf(pdf, serial, kept=True)
