"""Bare pages to measure pages against: Flask alone under the same server.

``GET /`` asks the database 17 times, ``POST /insert`` stores one row durably. Run as a program, it
is that server with its two workers (``HOST``, ``PORT``, ``DATABASE_URL``).
"""

import os
import tempfile
import threading
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import uvicorn
from flask import Flask, redirect, request
from sqlalchemy import Engine, create_engine, event, text
from werkzeug import Response

from trainings.serving import forking
from trainings.serving.front import Front
from trainings.serving.server import SETTINGS, Server, listening

STATEMENTS = 17
LARGEST = 6 * 1024 * 1024


def create(engine: Engine) -> Flask:
    """An application with a page to read and a form to send."""
    app = Flask("control")
    asked = text("SELECT id, code, city, country, zone FROM course WHERE code = :code")
    insert = text("INSERT INTO control (words, at) VALUES (:words, CURRENT_TIMESTAMP)")
    # SQLite has one writer: threads that wait for their turn here are faster than those that poll.
    turn = threading.Lock() if engine.dialect.name == "sqlite" else nullcontext()

    @app.get("/")
    def page() -> str:
        with engine.connect() as connection:
            rows = [
                connection.execute(asked, {"code": f"none-{number}"}).all()
                for number in range(STATEMENTS)
            ]
        return f"<!DOCTYPE html><title>Control</title><p>{len(rows)}</p>"

    @app.post("/insert")
    def store() -> Response:
        words = request.form["words"]
        with turn, engine.begin() as connection:
            connection.execute(insert, {"words": words})
        return redirect("/", 303)

    @app.get("/healthz")
    def ready() -> str:
        return "ok"

    return app


def connected(url: str) -> Engine:
    """The database, with the table of the form; SQLite stores as durably as it does for us."""
    engine = create_engine(url, pool_size=10)
    number = "INTEGER PRIMARY KEY"
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure)
        event.listen(engine, "begin", lambda one: one.exec_driver_sql("BEGIN"))
    else:
        number = "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
    with engine.begin() as connection:
        columns = f"id {number}, words VARCHAR(200) NOT NULL, at TIMESTAMP NOT NULL"
        connection.execute(text(f"CREATE TABLE IF NOT EXISTS control ({columns})"))
    engine.dispose()  # no connection is shared
    return engine


def _configure(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def answer(app: Flask) -> None:
    """Run as one of the workers, until told to stop."""
    sockets = [listening(os.environ["HOST"], int(os.environ["PORT"]))]
    Server(uvicorn.Config(Front(app, LARGEST), **SETTINGS)).run(sockets)


if __name__ == "__main__":
    control = create(connected(os.environ["DATABASE_URL"]))
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        forking.keep(lambda: answer(control), Path(folder))
