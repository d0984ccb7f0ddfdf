"""``flask legislation``: enters a list of laws into the register, and writes the register out."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from trainings.core import clock
from trainings.core.errors import Refusal
from trainings.core.i18n import _
from trainings.legislation import import_rules, operations, queries, topic_operations
from trainings.legislation.document import taken_list
from trainings.legislation.import_rules import Fate
from trainings.legislation.topic_rules import TOPICS
from trainings.spreadsheets import reader, workbook

commands = AppGroup("legislation", help="The register of laws.")


@commands.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be entered; nothing is written.")
def enter(file: Path, dry_run: bool) -> None:
    """Enter the rows of FILE (.csv, .xlsx, .ods); each is to be confirmed by its country."""
    if not dry_run:
        topic_operations.add_topics()
    known = {one.code for one in TOPICS} | {one.code for one in queries.topics()}
    try:
        sheets = reader.read(file.read_bytes())
        rows, asked = import_rules.read(sheets, known, clock.now().year)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    fates = operations.foresee(rows) if dry_run else operations.enter(rows, None)
    said = {
        "entered" if not dry_run else "would_enter": len(fates[Fate.NEW]) + len(fates[Fate.CHANGE]),
        "to_be_confirmed": len(fates[Fate.NEW]),
        "waiting_as_changes": len(fates[Fate.CHANGE]),
        "there_already": len(fates[Fate.SAME]),
        "ask": [
            *(f"row {one.number}: {one.why}" for one in asked),
            *(f"row {one.number}: {_waits()}" for one in fates[Fate.WAITS]),
        ],
    }
    click.echo(json.dumps(said, ensure_ascii=False, indent=1))


def _waits() -> str:
    return _("Another change waits for a second person there. Decide on that first.")


@commands.command("export")
@click.option(
    "--to",
    "file",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write: its name ends in .csv or .xlsx.",
)
def export(file: Path) -> None:
    """Write what counts in the register as a list, in the columns that import reads."""
    found = queries.register()
    if file.suffix == ".xlsx":
        file.write_bytes(workbook.xlsx(taken_list(found)))
    elif file.suffix == ".csv":
        head, rows = import_rules.as_list(queries.listed(found))
        file.write_bytes(workbook.plain_csv(head, rows))
    else:
        raise click.ClickException("the file's name ends in .csv or .xlsx")
    click.echo(json.dumps({"written": len(queries.listed(found))}))
