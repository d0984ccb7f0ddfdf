"""Commands for the first administrator, and for signing in where no mail arrives."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from trainings.accounts import operations, staff_operations
from trainings.core.errors import Refusal
from trainings.core.web import external_url

commands = AppGroup("accounts", help="Let people in from the command line.")


@commands.command("create-admin")
@click.argument("email")
@click.option("--given-name", default="", help="Given name of a new account.")
@click.option("--family-name", default="Administrator", help="Family name of a new account.")
def create_admin(email: str, given_name: str, family_name: str) -> None:
    """Make an administrator; prints the one-time address where the password is set."""
    if "@" not in email:
        raise click.ClickException("that is not a mail address")
    try:
        token = staff_operations.create_administrator(email, given_name, family_name)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(external_url("accounts.link", token=token))


@commands.command("sign-in-link")
@click.argument("email")
def sign_in_link(email: str) -> None:
    """Print a one-time address that signs in whoever has this mail address.

    Where several people share it, there is one line each; the page says whom it signs in.
    """
    tokens = operations.link_from_command_line(email)
    if not tokens:
        raise click.ClickException("nobody can sign in with this mail address")
    for token in tokens:
        click.echo(external_url("accounts.link", token=token))
