"""``flask audit verify``."""

import click
from flask.cli import AppGroup

from trainings.audit import operations, queries
from trainings.core.hooks import Hook

# Finds the first fault in what depends on the trail (the certificate register), in one sentence.
witness: Hook[[], str | None] = Hook("audit.witness")

commands = AppGroup("audit", help="The trail of who did what.")


@commands.command("verify")
def verify() -> None:
    """Check the trail and what depends on it; prints the first fault, with exit status 1."""
    fault = operations.verify() or witness()
    if fault:
        raise click.ClickException(fault)
    number, _mac = queries.head()
    click.echo(f"The trail is whole: {number} entries.")
