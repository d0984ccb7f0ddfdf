"""Commands that create the first administrator and print sign-in links where no email arrives."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from trainings.accounts import operations, staff_operations
from trainings.core import addresses
from trainings.core.errors import Refusal
from trainings.web.responses import external_url

commands = AppGroup("accounts", help="Let people in from the command line.")


@commands.command("create-admin")
@click.argument("email")
@click.option("--given-name", default="", help="Given name of a new account.")
@click.option("--family-name", default="Administrator", help="Family name of a new account.")
def create_admin(email: str, given_name: str, family_name: str) -> None:
    """Make an administrator and print the one-time address where they set their password."""
    try:
        mail = addresses.checked(email)
        token = staff_operations.create_administrator(mail, given_name, family_name)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(external_url("accounts.link", token=token))


@commands.command("sign-in-link")
@click.argument("email")
def sign_in_link(email: str) -> None:
    """Print a one-time address that signs in the person with this email address.

    If several people share it, prints one line each; the page says whom it signs in.
    """
    tokens = operations.link_from_command_line(email)
    if not tokens:
        raise click.ClickException("nobody can sign in with this email address")
    for token in tokens:
        click.echo(external_url("accounts.link", token=token))
