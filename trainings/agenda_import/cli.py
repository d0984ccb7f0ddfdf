"""``flask agenda read``: what a file with an agenda says, as JSON; nothing is written."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from trainings.agenda_import import reading_rules
from trainings.core.errors import Refusal
from trainings.spreadsheets import reader
from trainings.spreadsheets.value_rules import clock_time

commands = AppGroup("agenda", help="Agendas of courses.")


@commands.command("read")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--starts", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The first day.")
@click.option("--days", required=True, type=click.IntRange(1, 60), help="How many days.")
def read(file: Path, starts: datetime, days: int) -> None:
    """Show the sessions that FILE names, and what it does not say for certain."""
    try:
        found = reading_rules.read(reader.read(file.read_bytes()), starts.date(), days)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    answer = {"rows": list(map(_row, found.rows)), "ask": list(map(_question, found.ask))}
    click.echo(json.dumps(answer, ensure_ascii=False, indent=1))


def _row(row: reading_rules.Row) -> dict[str, Any]:
    return {
        "row": row.row,
        "day": row.day,
        "start": f"{clock_time(row.start):%H:%M}",
        "end": f"{clock_time(row.end):%H:%M}",
        "kind": str(row.kind),
        "title": row.title,
        "room": row.room,
        "trainers": list(row.trainers),
    }


def _question(question: reading_rules.Question) -> dict[str, Any]:
    day = {} if question.day is None else {"day": question.day}
    return {"row": question.row, **day, "why": str(question.why)}
