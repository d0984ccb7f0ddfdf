"""The page on which a selection is proposed, looked at beside what stands, and accepted or not."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.accounts import queries as accounts
from trainings.core import clock
from trainings.core.dates import local_moment, with_weekday
from trainings.core.errors import Refusal
from trainings.core.i18n import _, country_name, ngettext
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import queries as people
from trainings.people import reading
from trainings.registrations import listing_queries
from trainings.seats.offer_rules import last_day_of_offer
from trainings.selection_proposals import (
    balance_rules,
    operations,
    queries,
    reason_rules,
    sheet_operations,
)
from trainings.selection_proposals.choice_rules import Choice
from trainings.selection_proposals.forms import minima_form, minima_shown, minima_typed
from trainings.selection_proposals.models import SelectionProposal
from trainings.selection_proposals.rules import SECONDS, Eligible, Outdated, SearchState, rule_words
from trainings.web import responses
from trainings.web.access import requires, viewer
from trainings.web.forms import Form, flashing_refusal, showing_refusal

bp = Blueprint("selection_proposals", __name__, url_prefix="/courses/<code>/selection")

SELECT = Permission.REGISTRATION_SELECT


@bp.route("/proposal", methods=["GET", "POST"])
@requires(SELECT)
def show(code: str) -> ResponseReturnValue:
    """Who is proposed, beside what stands now; and the minima that are asked."""
    course = courses.course_for(viewer(), SELECT, code)
    functions = _functions(course)
    kind = minima_form(functions)
    form = kind.of(lambda: minima_shown(queries.minima_kept(course.id), kind))
    if form.validate_on_submit():
        with showing_refusal(form):
            if not operations.ask(course.id, minima_typed(form), by=viewer()):
                flash(_("Saved. No endorsed candidate waits for a decision yet."), "info")
            return redirect(url_for(".show", code=code), code=303)
    asked = queries.proposal_of(course.id)
    standing = asked.standing if asked else None
    shown: dict[str, Any] = {}
    if asked is not None and standing is SearchState.FOUND:
        shown = _found(course, asked, functions)
    elif asked is not None and standing is SearchState.CONFLICT:
        conflict = queries.opened(asked).conflict
        shown = {"conflict": [reason_rules.impossible_words(one, functions) for one in conflict]}
    return render_template(
        "selection_proposals/show.html",
        course=course,
        form=form,
        button=Form(),
        functions=functions,
        asked=asked,
        standing=standing,
        rules=_rules(asked, functions) if asked else [],
        decisions=_decisions(course),
        **(_seconds(asked) if asked else {}),
        **shown,
    )


def _functions(course: Course) -> dict[str, str]:
    return {code: n for code, n in people.function_names().items() if code in course.functions}


def _rules(asked: SelectionProposal, functions: dict[str, str]) -> list[str]:
    minima = queries.minima_of(asked)
    return [rule_words(what, amount, functions) for what, amount in minima.items()]


def _seconds(asked: SelectionProposal) -> dict[str, int]:
    spent = int((clock.now() - asked.asked_at).total_seconds())
    return {"spent": min(max(spent, 0), SECONDS), "seconds": SECONDS}


@bp.get("/proposal/progress")
@requires(SELECT)
def progress(code: str) -> ResponseReturnValue:
    """How long the search has taken; the page loads again when all that was asked is there."""
    course = courses.course_for(viewer(), SELECT, code)
    asked = queries.proposal_of(course.id)
    if asked is not None and asked.standing is SearchState.WAITING:
        return render_template(
            "selection_proposals/_progress.html", course=course, **_seconds(asked)
        )
    answers = queries.opened(asked).asked.values() if asked else ()
    if asked is None or all(one is not None for one in answers):
        return Response(headers={"HX-Refresh": "true"})
    answered = sum(one is not None for one in answers)
    return render_template(
        "selection_proposals/_answers.html", course=course, answered=answered, wondered=len(answers)
    )


@bp.post("/proposal/wonder")
@requires(SELECT)
def wonder(code: str) -> ResponseReturnValue:
    """Ask what would have to change so that somebody were taken."""
    course = courses.course_for(viewer(), SELECT, code)
    number = request.form.get("number", "")
    with flashing_refusal():
        operations.wonder(course.id, number, by=viewer())
    return redirect(url_for(".show", code=code, _anchor=number), code=303)


@bp.post("/proposal/accept")
@requires(SELECT)
def accept(code: str) -> ResponseReturnValue:
    """Offer a seat to everyone who is proposed."""
    course = courses.course_for(viewer(), SELECT, code)
    try:
        number = operations.accept(course.id, by=viewer())
    except Refusal as refusal:
        flash(str(refusal), "error")
        return redirect(url_for(".show", code=code), code=303)
    flash(ngettext("One seat offered.", "%(num)s seats offered.", number), "success")
    return redirect(url_for(".show", code=code, _anchor="decisions"), code=303)


@bp.post("/proposal/discard")
@requires(SELECT)
def discard(code: str) -> ResponseReturnValue:
    """Forget what is proposed."""
    operations.discard(courses.course_for(viewer(), SELECT, code).id, by=viewer())
    return redirect(url_for(".show", code=code), code=303)


@bp.post("/decisions/<decision_id>.pdf")
@requires(SELECT)
def sheet(code: str, decision_id: str) -> ResponseReturnValue:
    """The sheet of a decision as a PDF: who decided, when, under which minima, and why."""
    course = courses.course_for(viewer(), SELECT, code)
    try:
        drawn, note = sheet_operations.draw(course.id, decision_id, by=viewer())
    except Refusal as refusal:
        flash(str(refusal), "error")
        return redirect(url_for(".show", code=code), code=303)
    if note:
        flash(note, "warning")
    return responses.pdf(drawn, f"decision-{course.code}")


def _decisions(course: Course) -> list[dict[str, Any]]:
    """The proposals that were accepted: when, by whom, how many were taken."""
    found = queries.decisions(course.id)
    persons = accounts.persons_of({one.by for one in found})
    names = reading.open(persons.values(), by=viewer().account_id, purpose="selection.decisions")
    return [
        {
            "id": one.id,
            "when": local_moment(one.at, course.zone),
            "who": names[persons[one.by]].name if one.by in persons else "",
            "taken": sum(row.taken for row in queries.decided(one)),
        }
        for one in found
    ]


def _found(course: Course, asked: SelectionProposal, functions: dict[str, str]) -> dict[str, Any]:
    """The proposal beside what stands: each person with why, the balance, the seats."""
    problem = queries.problem_of(course, queries.minima_of(asked), viewer())
    if queries.digest(problem) != asked.digest:
        return {"outdated": str(Outdated())}
    found = queries.opened(asked)
    choice = Choice(problem, found.taken)
    before, added = balance_rules.tally(problem.seated), balance_rules.tally(choice.taken)
    until = last_day_of_offer(clock.today(course.zone), course.offer_days, course.starts_on)
    return {
        "outdated": "",
        "by_clock": found.by_clock,
        "taken": len(choice.taken),
        "until": with_weekday(until),
        "people": _people(course, choice, found, functions),
        "balance": balance_rules.lines(before, added, problem.minima, functions),
        "cells": balance_rules.table(before, added),
        "answered": sum(one is not None for one in found.asked.values()),
        "wondered": len(found.asked),
    }


def _people(
    course: Course, choice: Choice, found: queries.Opened, functions: dict[str, str]
) -> list[dict[str, Any]]:
    why = reason_rules.reasons(choice)
    known = queries.known(course, viewer(), list(why))
    numbers = [one.number for one in known.values()]
    rows = {
        row.id: row
        for row in listing_queries.chosen(
            viewer(), course, numbers, lambda _state: True, permission=SELECT
        )
    }

    def said(one: Eligible) -> list[str] | None:
        changes = found.asked.get(one.id)
        if changes is None:
            return None
        minima = choice.problem.minima
        return [reason_rules.change_words(each, one.group, minima, functions) for each in changes]

    def listed(one: Eligible) -> tuple[str, tuple[int, int, int]]:
        return country_name(one.country), one.key

    return [
        {
            "row": rows[one.id],
            "taken": taken,
            "sentence": reason_rules.words(why[one.id], functions),
            "wondered": one.id in found.asked,
            "changes": said(one),
        }
        for taken, part in ((True, choice.taken), (False, choice.others))
        for one in sorted(part, key=listed)
    ]
