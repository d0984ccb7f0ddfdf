"""All candidates of a course in one dense table, beside what the ticked ones would make."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from trainings.candidate_reviews import queries as reviews
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import queries as people
from trainings.questions import answer_queries as answers
from trainings.registrations import listing_queries
from trainings.registrations.listing_rules import Row
from trainings.saved_views import queries as saved_views
from trainings.seats import matrix_queries
from trainings.selection_proposals import balance_rules, queries, table_queries
from trainings.selection_proposals.forms import TickForm, sort_words
from trainings.selection_proposals.rules import SearchState, minima_from
from trainings.selection_proposals.table_queries import Ticked
from trainings.web.access import requires, viewer
from trainings.web.fields import whole

bp = Blueprint("selection_table", __name__, url_prefix="/courses/<code>/selection")

SELECT = Permission.REGISTRATION_SELECT
SIZE = 100  # candidates on a page


@bp.route("/table", methods=["GET", "POST"])
@requires(SELECT)
def show(code: str) -> ResponseReturnValue:
    """Everyone who may still take part; what the ticked make, before anything is saved.

    What follows the ticks names nobody, so that a tick is no look at anybody.
    """
    course = courses.course_for(viewer(), SELECT, code)
    form = TickForm()
    ticked, names = _ticked(course, form.numbers.data or []), people.function_names()
    made = _made(course, ticked, names)
    if request.headers.get("HX-Request"):
        return render_template("selection_proposals/_made.html", course=course, **made)
    views = saved_views.views(viewer(), course)
    asked = form.asked(views)
    filters = answers.filters_of(viewer(), course, asked)
    page = request.values.get("page", 1, whole)
    listed = table_queries.listed(course, viewer(), filters, form.sort.data or "", page, SIZE)
    rows = _rows(course, listed.numbers)
    keys, shown = [row.id for row in rows], set(listed.numbers)
    numbers = {one.number for one in ticked}
    return render_template(
        "selection_proposals/table.html",
        course=course,
        form=form,
        rows=rows,
        total=listed.total,
        page=listed.page,
        pages=listed.pages,
        narrowed=bool(asked),
        hidden=sorted(numbers - shown),
        views=[(one.id, one.name) for one in views],
        readings=reviews.readings(course.id, keys),
        sorted_by=form.sort.data or "",
        sorts=sort_words(),
        ticked=numbers & shown,
        first=table_queries.first_timers(course, viewer(), keys),
        names=names,
        **made,
    )


def _ticked(course: Course, numbers: Collection[str]) -> list[Ticked]:
    """Who is ticked; who is proposed, where that is asked for and a proposal stands."""
    if request.method == "GET" and request.args.get("proposed") == "yes":
        asked = queries.proposal_of(course.id)
        if asked is None or asked.standing is not SearchState.FOUND:
            return []
        return table_queries.ticked(course, viewer(), ids=queries.opened(asked).taken)
    return table_queries.ticked(course, viewer(), numbers)


def _rows(course: Course, numbers: list[str]) -> list[Row]:
    """The lines of a page, in its order."""
    if not numbers:
        return []
    found = listing_queries.chosen(
        viewer(), course, numbers, lambda _state: True, permission=SELECT
    )
    place = {number: at for at, number in enumerate(numbers)}
    return sorted(found, key=lambda row: place[row.number])


def _made(course: Course, ticked: list[Ticked], names: Mapping[str, str]) -> dict[str, Any]:
    minima = minima_from(queries.minima_kept(course.id))
    functions = {code: name for code, name in names.items() if code in course.functions}
    matrix = matrix_queries.matrix(course)
    seats = matrix_queries.foreseen(course, [one.traits.group for one in ticked], matrix)
    seated = sum(seat is not None for seat in seats)
    now = table_queries.seated(course, viewer(), len(ticked), minima)
    added = balance_rules.tally(one.traits for one in ticked)
    return {
        "functions": functions,
        "balance": balance_rules.lines(now, added, minima, functions),
        "cells": balance_rules.table(now, added),
        "seated": seated,
        "waiting": len(seats) - seated,
        "free": matrix.total.free,
    }
