"""``flask certificates export``: write the issued files into a folder."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from trainings.core.errors import NotFound
from trainings.print_room import operations
from trainings.register.rules import ChangedByOthers


@click.command("export")
@click.option("--course", "code", required=True, help="The course's code.")
@click.option("--to", "folder", required=True, type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
def export(code: str, folder: Path) -> None:
    """Write the issued PDFs of a course into a folder; the export is logged."""
    try:
        number = operations.export(code, folder)
    except NotFound:
        raise click.ClickException(f"there is no course {code}") from None
    except ChangedByOthers as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"{number} certificates written to {folder}")
