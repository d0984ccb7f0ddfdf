"""``flask certificates verify``: print whether a file is genuine."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from trainings.verification import operations
from trainings.verification.rules import FileNotRead, Verdict


@click.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def verify(file: Path) -> None:
    """Print whether a PDF is genuine; exit status 0 only if it is."""
    try:
        finding = operations.by_file(file.read_bytes())
    except FileNotRead as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(finding.verdict.value.replace("_", " "))
    if finding.verdict is not Verdict.GENUINE:
        raise SystemExit(1)
