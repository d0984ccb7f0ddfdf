"""``flask selection propose``: who should be taken, as JSON; nothing is written."""

from __future__ import annotations

import json
from typing import Any

import click
from flask.cli import with_appcontext

from trainings.core.errors import NotFound, Refusal
from trainings.core.permissions import Grant, Role, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import queries as people
from trainings.selection_proposals import choice_solver, queries, reason_rules
from trainings.selection_proposals.choice_rules import Choice
from trainings.selection_proposals.rules import (
    FIRST,
    MOST,
    WOMEN,
    Amount,
    MinimumUnknown,
    Problem,
    minima_from,
)

commands = click.Group("selection", help="Who is taken on a course.")


@commands.command("propose")
@click.option("--course", "code", required=True, help="The course's code.")
@click.option(
    "--minimum",
    "minima",
    multiple=True,
    metavar="WHAT=NUMBER",
    help="women=40%, first=10, judge=12, unit=2 (at most), years=2; else what the course keeps.",
)
@click.option("--seconds", default=20, show_default=True, type=click.IntRange(1, 20))
@click.option(
    "--dry-run", is_flag=True, required=True, expose_value=False, help="Show it only, as JSON."
)
@with_appcontext
def propose(code: str, minima: tuple[str, ...], seconds: int) -> None:
    """Propose who should be selected for a course; nothing changes."""
    try:
        course = courses.by_code(code)
        asked = _asked(minima, course) if minima else minima_from(queries.minima_kept(course.id))
        # as an organiser of the lead agency sees it
        by = Viewer(grants=(Grant(Role.ORGANISER, agency_id=course.lead_agency_id),))
        problem = queries.problem_of(course, asked, by)
        shown = _shown(course, problem, by, seconds)
    except NotFound:
        raise click.ClickException(f"there is no course {code}") from None
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(json.dumps(shown, ensure_ascii=False, indent=1))


def _asked(typed: tuple[str, ...], course: Course) -> dict[str, Amount]:
    parts = (one.partition("=") for one in typed)
    pairs = {what.strip(): number for what, _equals, number in parts}
    known = [WOMEN, FIRST, *course.functions, *MOST]
    for what in pairs:
        if what not in known:
            raise MinimumUnknown(what=what, known=", ".join(known))
    return minima_from(pairs)


def _shown(course: Course, problem: Problem, by: Viewer, seconds: int) -> dict[str, Any]:
    functions = people.function_names()
    found = choice_solver.choose(problem, seconds)
    if found is None:
        conflict = choice_solver.conflict(problem, seconds)
        return {
            "taken": [],
            "not_taken": [],
            "conflict": [
                {
                    "minimum": one.what,
                    "asked": str(one.asked),
                    "possible": None if one.possible is None else str(one.possible),
                    "sentence": reason_rules.impossible_words(one, functions),
                }
                for one in conflict
            ],
        }
    choice = Choice(problem, found.taken)
    known = queries.known(course, by, [one.id for one in problem.eligible])
    why = reason_rules.reasons(choice)

    def row(one: Any) -> dict[str, Any]:
        return {
            "number": known[one.id].number,
            "country": one.country,
            "function": one.function,
            "place": one.place,
            "score": None if one.score is None else one.score / 2,
            "sentence": reason_rules.words(why[one.id], functions),
        }

    return {
        "taken": [row(one) for one in choice.taken],
        "not_taken": [row(one) for one in choice.others],
        "minima": {
            what: {"asked": str(asked), "reached": choice.counted.get(what)}
            for what, asked in problem.minima.items()
        },
        "seated": choice.number,
        "ended": "clock" if found.by_clock else "itself",
    }
