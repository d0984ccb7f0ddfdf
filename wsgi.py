"""What a server or the ``flask`` command loads."""

from trainings.app import create_app

app = create_app()
