"""A bare page to measure pages against: Flask alone and 17 statements, under the same server.

Run as a program, it is one worker of that server (``HOST``, ``PORT``, ``DATABASE_URL``).
"""

import os

import uvicorn
from flask import Flask
from sqlalchemy import create_engine, text

from trainings.serving.front import Front
from trainings.serving.worker import SETTINGS, Server, listening

STATEMENTS = 17
LARGEST = 6 * 1024 * 1024


def create() -> Flask:
    """An application with one page, which asks the database 17 times for a course by its code."""
    app = Flask("control")
    url = os.environ["DATABASE_URL"]
    engine = create_engine(url, pool_size=10)
    asked = text("SELECT id, code, city, country, zone FROM course WHERE code = :code")

    @app.get("/")
    def page() -> str:
        with engine.connect() as connection:
            rows = [
                connection.execute(asked, {"code": f"none-{number}"}).all()
                for number in range(STATEMENTS)
            ]
        return f"<!DOCTYPE html><title>Control</title><p>{len(rows)}</p>"

    @app.get("/healthz")
    def ready() -> str:
        return "ok"

    return app


if __name__ == "__main__":
    sockets = [listening(os.environ["HOST"], int(os.environ["PORT"]))]
    Server(uvicorn.Config(Front(create(), LARGEST), **SETTINGS)).run(sockets)
