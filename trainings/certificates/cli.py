"""``flask certificates``: export and verify files."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from trainings.certificates import check_operations, print_operations
from trainings.certificates.check_rules import Verdict
from trainings.core.errors import NotFound

commands = AppGroup("certificates", help="Issued certificates: export and verify.")


@commands.command("export")
@click.option("--course", "code", required=True, help="The course's code.")
@click.option("--to", "folder", required=True, type=click.Path(file_okay=False, path_type=Path))
def export(code: str, folder: Path) -> None:
    """Write the issued PDFs of a course into a folder; the export is logged."""
    try:
        number = print_operations.export(code, folder)
    except NotFound:
        raise click.ClickException(f"there is no course {code}") from None
    click.echo(f"{number} certificates written to {folder}")


@commands.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> None:
    """Say whether a PDF is genuine; exit status 0 only if it is."""
    finding = check_operations.by_file(file.read_bytes())
    click.echo(finding.verdict.value.replace("_", " "))
    if finding.verdict is not Verdict.GENUINE:
        raise SystemExit(1)
