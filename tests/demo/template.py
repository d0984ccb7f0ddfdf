"""The demo, loaded once for all processes of a test run and copied by whoever needs it."""

from __future__ import annotations

import fcntl
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from msgspec.structs import replace

from tests import typefaces
from trainings import commands
from trainings.app import create_app
from trainings.core import config, keys
from trainings.core.db import db

KEYS, INSTANCE, SAID, LOG = "keys.json", "instance", "said.txt", "all.log"


def of_this_run(base: Path) -> Path:
    """The folder with the loaded demo: its data, its keys, what the command said, the log."""
    folder = base / "demo-template"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / SAID).exists():
            _load(folder)
    return folder


def _load(folder: Path) -> None:
    shutil.rmtree(folder / INSTANCE, ignore_errors=True)
    (folder / KEYS).unlink(missing_ok=True)
    keys.create(folder / KEYS)
    app = app_on(folder / INSTANCE, folder / KEYS, "http://trainings.example")
    with kept_log(app, folder / LOG), app.app_context():
        app.logger.info("the log is kept")
        upgrade()
        result = app.test_cli_runner().invoke(args=["demo", "load"])
        assert result.exit_code == 0, result.output
        db.session.remove()
        db.engine.dispose()
    (folder / SAID).write_text(result.output, encoding="utf-8")


@contextmanager
def kept_log(app: Flask, path: Path) -> Iterator[None]:
    """Within this block all that is logged is kept in a file, too."""
    handler = logging.FileHandler(path, encoding="utf-8")
    loggers = (logging.getLogger(), app.logger)
    for logger in loggers:
        logger.addHandler(handler)
    yield
    for logger in loggers:
        logger.removeHandler(handler)
    handler.close()


def app_on(instance: Path, key_file: Path, base_url: str) -> Flask:
    """An app on a folder that holds the demo or will hold it, ready for commands and pages."""
    instance.mkdir(exist_ok=True)
    typefaces.lend(instance)
    environ = {"TRAININGS_INSTANCE": str(instance), "TRAININGS_KEYS": str(key_file)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLASK_RUN_FROM_CLI", "true")
        app = create_app(replace(config.load(environ), base_url=base_url))
    commands.add(app)
    return app


def copied(template: Path, to: Path, base_url: str) -> Flask:
    """An app on a copy of the loaded demo in the folder ``to``."""
    shutil.copytree(template / INSTANCE, to / INSTANCE, symlinks=True)
    return app_on(to / INSTANCE, template / KEYS, base_url)
