"""The web server: the application behind its front, at an address that its workers share.

``serving.start`` starts it, ``serving.forking`` forks its workers.
"""

from __future__ import annotations

import os
from functools import partial
from typing import BinaryIO, cast

import uvicorn
from flask import Flask

from trainings.app import create_app
from trainings.core.db import db
from trainings.serving import forking
from trainings.serving.connections import Connection
from trainings.serving.front import Front
from trainings.serving.server import SETTINGS, Server, listening
from trainings.web import bodies
from trainings.web.spool import Spool


def answer(app: Flask) -> None:
    """Run as one of the workers, until told to stop."""
    if app.extensions["settings"].proxies:  # all come from the proxy, which counts networks itself
        Connection.crowd.per_network = Connection.crowd.in_all
    front = Front(
        app,
        largest=app.config["MAX_CONTENT_LENGTH"],
        allowed=lambda environ: bodies.asked_before(app, environ),
        spool=lambda: cast("BinaryIO", Spool(app.extensions["settings"].instance)),
    )
    config = uvicorn.Config(front, **SETTINGS)
    Server(config).run([listening(os.environ["HOST"], int(os.environ["PORT"]))])


def serve() -> int:
    """Load the application, then keep workers answering until told to stop; the exit status."""
    app = create_app()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()  # no connection is shared
    return forking.keep(partial(answer, app), app.extensions["settings"].instance)
