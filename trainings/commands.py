"""What the ``flask`` command can do: the commands of all parts, and migrations of the database.

``wsgi.py`` adds them; the web server loads none of this.
"""

from flask import Flask
from flask_migrate import Migrate

from trainings.accounts import cli as accounts_cli
from trainings.agenda_import import cli as agenda_cli
from trainings.audit import cli as audit_cli
from trainings.certificates import cli as certificates_cli
from trainings.core import db
from trainings.core.config import ROOT
from trainings.demo import cli as demo_cli
from trainings.home import cli as home_cli
from trainings.jobs import cli as jobs_cli
from trainings.legislation import cli as legislation_cli
from trainings.nominations_import import cli as nominations_cli
from trainings.print_room import cli as print_room_cli
from trainings.proposals import cli as proposals_cli
from trainings.register import operations as register
from trainings.selection_proposals import cli as selection_cli
from trainings.verification import cli as verification_cli

COMMANDS = (
    accounts_cli.commands,
    agenda_cli.commands,
    audit_cli.commands,
    certificates_cli.commands,
    demo_cli.commands,
    home_cli.commands,
    jobs_cli.commands,
    legislation_cli.commands,
    nominations_cli.commands,
    selection_cli.commands,
)

audit_cli.witness.give(register.verify)  # a hook, for which ``wiring`` looks before the start


def add(app: Flask) -> None:
    """Add them to an application."""
    Migrate(app, db.db, directory=str(ROOT / "trainings" / "migrations"), render_as_batch=True)
    for group in COMMANDS:
        app.cli.add_command(group)
    agenda_cli.commands.add_command(proposals_cli.propose)
    certificates_cli.commands.add_command(print_room_cli.export)
    certificates_cli.commands.add_command(verification_cli.verify)
