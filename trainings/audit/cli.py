"""``flask audit verify``."""

import click
from flask.cli import AppGroup

from trainings.audit import operations, queries

commands = AppGroup("audit", help="The trail of who did what.")


@commands.command("verify")
def verify() -> None:
    """Walk the trail; exit status 1 and the first fault where it is not whole."""
    fault = operations.verify()
    if fault:
        raise click.ClickException(fault)
    number, _mac = queries.head()
    click.echo(f"The trail is whole: {number} entries.")
