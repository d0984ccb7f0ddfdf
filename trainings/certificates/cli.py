"""``flask certificates``: export and verify files."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from trainings.register import signature

commands = AppGroup("certificates", help="Issued certificates: export and verify.")


@commands.group("key")
def key() -> None:
    """The keys that sign certificates, stored in the folder of the installation."""


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
    """Make a new key that signs from now on; what older keys signed can still be verified."""
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
