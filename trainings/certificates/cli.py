"""``flask certificates``: export and verify files."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from trainings.certificates import check_operations, print_operations, signature
from trainings.certificates.check_rules import Verdict
from trainings.certificates.rules import ChangedByOthers
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
    except ChangedByOthers as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"{number} certificates written to {folder}")


@commands.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> None:
    """Say whether a PDF is genuine; exit status 0 only if it is."""
    finding = check_operations.by_file(file.read_bytes())
    click.echo(finding.verdict.value.replace("_", " "))
    if finding.verdict is not Verdict.GENUINE:
        raise SystemExit(1)


@commands.group("key")
def key() -> None:
    """The keys that sign certificates; kept in the folder of the installation."""


@key.command("create")
@click.option("--name", default="Trainings", help="Whom the signature names.")
def create_key(name: str) -> None:
    """Make the first key; from then on certificates are signed."""
    if signature.keys():
        raise click.ClickException("there is a key already; use «certificates key rotate»")
    click.echo(signature.create(name).key_id)


@key.command("rotate")
@click.option("--name", default="Trainings", help="Whom the signature names.")
def rotate_key(name: str) -> None:
    """Make a new key that signs from now on; what older keys signed stays verifiable."""
    if not signature.keys():
        raise click.ClickException("there is no key yet; use «certificates key create»")
    click.echo(signature.create(name).key_id)


@key.command("list")
def list_keys() -> None:
    """Show every key, the oldest first, and which one signs."""
    keys = signature.keys()
    for one in keys:
        mark = "signs" if one.current else "retired"
        click.echo(f"{one.key_id}  {one.since:%Y-%m-%d}  {mark:8}  {one.name}")
