"""Commands for the demo: load it, and print sign-in links."""

from __future__ import annotations

from collections.abc import Iterator

import click
from flask.cli import AppGroup

from trainings.accounts import operations as accounts
from trainings.core.errors import Refusal
from trainings.demo import queries, story
from trainings.web.responses import external_url

commands = AppGroup("demo", help="An invented course to try things with.")


@commands.command("load")
def load() -> None:
    """Load the demo and print a sign-in link for each role; a second run only prints the links."""
    try:
        story.tell()
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    _print_links()


@commands.command("links")
def links() -> None:
    """Print a one-time sign-in link for each role of the demo."""
    if not queries.is_loaded():
        raise click.ClickException("the demo is not loaded; run: flask --app wsgi demo load")
    _print_links()


def _print_links() -> None:
    for role, mail in _roles():
        # the first account is the demo's; others may have applied with its address since
        token, *_others = accounts.link_from_command_line(mail)
        click.echo(f"{role:<34} {external_url('accounts.link', token=token)}")


def _roles() -> Iterator[tuple[str, str]]:
    """Each role of the demo with the email address of somebody who has it."""
    people, nominations = queries.data("people"), queries.data("nominations")
    staff = {one["code"]: one["email"] for one in people["staff"]}
    yield "Organiser (IOM, leads)", staff["organiser-iom"]
    yield "Organiser (UNODC)", staff["organiser-unodc"]
    yield "National focal point (Bolivia)", staff["focal-bo"]
    yield "National focal point (Uruguay)", staff["focal-uy"]
    yield "Legal correspondent (Bolivia)", queries.data("laws")["correspondent"]["email"]
    yield "Trainer (IOM)", people["trainers"][0]["email"]
    graduate = next(one for one in people["past"] if one["becomes"] == "attended")
    yield "Participant with a certificate", graduate["email"]
    offered = next(one for one in nominations["nominated"] if one["becomes"] == "offered")
    yield "Candidate with an offer of a seat", offered["email"]
    yield "Analyst", staff["analyst"]
    yield "Data protection officer", staff["dpo"]
    yield "Administrator", staff["administrator"]
