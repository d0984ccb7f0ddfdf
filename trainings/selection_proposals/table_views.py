"""All candidates of a course in one dense table, beside what the ticked ones would make."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from trainings.candidate_reviews import queries as reviews
from trainings.candidate_reviews.rules import Reading
from trainings.core import paging
from trainings.core.access import requires, viewer
from trainings.core.fields import whole
from trainings.core.i18n import country_name
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import queries as people
from trainings.questions import answer_queries as answers
from trainings.registrations import listing_queries
from trainings.registrations.listing_rules import Row
from trainings.registrations.rules import State
from trainings.saved_views import queries as saved_views
from trainings.seats import matrix_queries
from trainings.selection_proposals import balance_rules, queries
from trainings.selection_proposals.choice_rules import Choice
from trainings.selection_proposals.forms import TableSort, TickForm, sort_words
from trainings.selection_proposals.rules import Problem, SearchState, minima_from

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
    problem = queries.problem_of(course, minima_from(queries.minima_kept(course.id)), viewer())
    form = TickForm()
    known = queries.known(course, viewer(), [one.id for one in problem.eligible])
    ticked = {one.id for one in known.values() if one.number in (form.numbers.data or [])}
    if request.method == "GET" and request.args.get("proposed") == "yes":
        ticked = _proposed(course, problem)
    made = _made(course, problem, ticked)
    if request.headers.get("HX-Request"):
        return render_template("selection_proposals/_made.html", course=course, **made)
    readings = reviews.readings(course.id)
    first = {one.id for one in problem.eligible if one.first}
    views = saved_views.views(viewer(), course)
    asked = form.asked(views)
    order = _order(course, asked, readings, form.sort.data or "")
    rows, pages = _page(course, order)
    shown = {row.id for row in rows}
    return render_template(
        "selection_proposals/table.html",
        course=course,
        form=form,
        rows=rows,
        total=len(order),
        **pages,
        narrowed=bool(asked),
        hidden=sorted(known[one].number for one in ticked - shown),
        views=[(one.id, one.name) for one in views],
        readings=readings,
        sorted_by=form.sort.data or "",
        sorts=sort_words(),
        ticked=[known[one].number for one in ticked & shown],
        first={one.number for one in known.values() if one.id in first},
        names=people.function_names(),
        **made,
    )


def _proposed(course: Course, problem: Problem) -> set[str]:
    """Who is proposed, where a proposal stands."""
    asked = queries.proposal_of(course.id)
    if asked is None or asked.standing is not SearchState.FOUND:
        return set()
    return set(queries.opened(asked).taken) & {one.id for one in problem.eligible}


def _order(
    course: Course, asked: Mapping[str, str], readings: Mapping[str, Reading], sort: str
) -> list[str]:
    """The numbers of all who are listed, in order, without their names."""
    filters = answers.filters_of(viewer(), course, asked)
    countries = {code: country_name(code) for code in course.countries}

    def order(row: queries.Live) -> tuple[Any, ...]:
        decided = row.state is not State.ENDORSED
        where = countries.get(row.country, row.country)
        usual = where, row.priority is None, row.priority or 0, row.number
        one = readings.get(row.id, Reading())
        if sort == TableSort.SCORE:
            return decided, one.total is None, -(one.total or 0), *usual
        if sort == TableSort.FAR:
            return decided, not one.far, one.total is None, -(one.total or 0), *usual
        if sort == TableSort.UNREAD:
            return decided, one.total is not None, *usual
        return decided, *usual

    return [row.number for row in sorted(queries.live(course, viewer(), filters), key=order)]


def _page(course: Course, order: list[str]) -> tuple[list[Row], dict[str, int]]:
    """The lines of the page that is asked for, in its order, and which page of how many it is."""
    page = paging.within(request.values.get("page", 1, whole), len(order), SIZE)
    numbers = order[(page - 1) * SIZE : page * SIZE]
    pages = {"page": page, "pages": paging.pages(len(order), SIZE)}
    if not numbers:
        return [], pages
    found = listing_queries.chosen(
        viewer(), course, numbers, lambda _state: True, permission=SELECT
    )
    place = {number: at for at, number in enumerate(numbers)}
    return sorted(found, key=lambda row: place[row.number]), pages


def _made(course: Course, problem: Problem, ticked: Collection[str]) -> dict[str, Any]:
    choice = Choice(problem, ticked)
    functions = {
        code: name for code, name in people.function_names().items() if code in course.functions
    }
    order = sorted(choice.taken, key=lambda one: (one.place is None, one.place or 0))
    seats = matrix_queries.foreseen(course, [one.group for one in order])
    seated = sum(seat is not None for seat in seats)
    return {
        "functions": functions,
        "balance": balance_rules.lines(choice, functions),
        "cells": balance_rules.table(choice),
        "seated": seated,
        "waiting": len(seats) - seated,
        "free": matrix_queries.matrix(course).total.free,
    }
