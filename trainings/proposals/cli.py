"""``flask agenda propose``: a timetable for a course, as JSON; nothing is written."""

from __future__ import annotations

import json
from typing import Any

import click
from flask.cli import with_appcontext

from trainings.agenda.grid_rules import days_from
from trainings.core.errors import NotFound, Refusal
from trainings.courses import queries as courses
from trainings.proposals import operations, queries
from trainings.proposals.rules import Placed, Problem, Proposal, check_no_clash
from trainings.scheduling import queries as timetable


@click.command("propose")
@click.option("--course", "code", required=True, help="The course's code.")
@click.option("--seconds", default=20, show_default=True, type=click.IntRange(1, 20))
@click.option(
    "--dry-run", is_flag=True, required=True, expose_value=False, help="Show it only, as JSON."
)
@with_appcontext
def propose(code: str, seconds: int) -> None:
    """Propose a timetable for what a course has to schedule; nothing changes."""
    try:
        plan = timetable.plan(courses.by_code(code))
        days = days_from(plan.course.starts_on, plan.course.ends_on)
        frame = queries.usual_frame_of(plan, days)
        problem = queries.problem_of(plan, days, frame, {})
        proposal = operations.propose(problem, seconds)
    except NotFound:
        raise click.ClickException(f"there is no course {code}") from None
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(json.dumps(_plain(problem, proposal), ensure_ascii=False, indent=1))


def _plain(problem: Problem, proposal: Proposal) -> dict[str, Any]:
    rooms = {one.id: one.name for one in problem.halls}
    return {
        "sessions": [_session(one, rooms) for one in proposal.placed],
        "kept": len(problem.kept),
        "unmet": [
            {"wish": str(one.wish), "day": one.day and one.day.isoformat(), "why": str(one)}
            for one in proposal.unmet
        ],
        "clashes": [
            {"who": who, "start": span.starts.isoformat(), "end": span.ends.isoformat()}
            for who, span in check_no_clash(problem, proposal.placed)
        ],
        "ended": str(proposal.ended),
    }


def _session(one: Placed, rooms: dict[str, str]) -> dict[str, Any]:
    return {
        "day": one.start.date().isoformat(),
        "start": f"{one.start:%H:%M}",
        "end": f"{one.stretch.ends:%H:%M}",
        "kind": str(one.wanted.kind),
        "title": one.wanted.title,
        "room": rooms.get(one.room or ""),
        "trainers": list(one.trainers),
    }
