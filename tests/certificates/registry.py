"""A course whose certificates were truly drawn and signed, kept for all tests of a module."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask, current_app
from sqlalchemy import select, text

from tests import factories
from tests.certificates import graduates
from tests.conftest import _begin_afresh, make_settings
from trainings import commands
from trainings.app import create_app
from trainings.certificates import operations, rendering_operations
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.print_room import operations as print_operations
from trainings.printing import cage
from trainings.printing.cage import Workers
from trainings.register.models import Certificate


@dataclass
class Registry:
    """An installation: one course certified before there was a key, one after, signed."""

    app: Flask
    lead: Viewer
    database: Path
    kept: Path
    before: Certificate
    before_file: bytes
    row: Certificate
    file: bytes
    other: Certificate
    other_file: bytes

    @property
    def keys(self) -> Path:
        return self.database.parent / "signing"

    def put_back(self) -> None:
        """Undo what a test did to register and keys."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        for rest in ("-wal", "-shm"):
            Path(f"{self.database}{rest}").unlink(missing_ok=True)
        shutil.copy(self.kept / "trainings.sqlite", self.database)
        (self.database.parent / "certificates.endings").unlink(missing_ok=True)
        shutil.rmtree(self.keys)
        shutil.copytree(self.kept / "signing", self.keys)

    def sql(self, statement: str, **values: object) -> None:
        """Change the database as somebody who got hold of it would."""
        with self.app.app_context():
            with transaction() as session:
                session.execute(text(statement), values)
            db.session.remove()

    def drop(self, pdf: bytes) -> str:
        """The check page's answer to a dropped file."""
        page = self.app.test_client().post(
            "/verify/file", data={"file": (io.BytesIO(pdf), "c.pdf")}
        )
        assert page.status_code == 200
        return page.get_data(as_text=True)

    def verify(self, pdf: bytes, folder: Path) -> tuple[str, int]:
        """What ``certificates verify FILE`` says of it, and its exit status."""
        path = folder / "dropped.pdf"
        path.write_bytes(pdf)
        done = self.app.test_cli_runner().invoke(args=["certificates", "verify", str(path)])
        return done.output.strip(), done.exit_code


@contextmanager
def opened(instance: Path, template: Path, key_file: Path, fonts: Path) -> Iterator[Registry]:
    """The installation, made anew: some seconds, so once a module."""
    database = instance / "trainings.sqlite"
    shutil.copy(template, database)
    app = create_app(make_settings(instance, key_file))
    commands.add(app)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.before_request_funcs.setdefault(None, []).insert(0, _begin_afresh)
    with Workers(fonts, processes=1) as workers, pytest.MonkeyPatch.context() as patch:
        patch.setattr(rendering_operations, "workers", lambda: workers)
        patch.setattr(cage, "workers", lambda: workers)
        with app.app_context():
            lead = factories.account(Role.ORGANISER, agency="IOM")
            before = _certified("OLD26", graduates.NAMES[:1], lead)
        done = app.test_cli_runner().invoke(args=["certificates", "key", "create"])
        assert done.exit_code == 0, done.output
        with app.app_context():
            signed = _certified("BUE26", graduates.NAMES[:2], lead)
            db.session.remove()
            db.engine.dispose()
        kept = instance / "kept"
        kept.mkdir()
        shutil.copy(database, kept / "trainings.sqlite")
        shutil.copytree(instance / "signing", kept / "signing")
        yield Registry(app, lead, database, kept, *before[0], *signed[0], *signed[1])
        with app.app_context():
            db.engine.dispose()


def _render(app: Flask, course_id: str) -> None:
    """As the worker does: in a thread with no loop of a browser's driver running in it."""

    def render() -> None:
        with app.app_context():
            rendering_operations.render(course_id)
            db.session.remove()

    with ThreadPoolExecutor(1) as apart:
        apart.submit(render).result()


def _certified(
    code: str, names: tuple[tuple[str, str], ...], lead: Viewer
) -> list[tuple[Certificate, bytes]]:
    course_id = graduates.course_of(names, code=code)
    operations.issue_for_course(course_id, lead)
    db.session.remove()
    _render(current_app._get_current_object(), course_id)
    rows = db.session.scalars(
        select(Certificate)
        .where(Certificate.course_id == course_id)
        .order_by(Certificate.serial)
        .execution_options(scope="operation")
    ).all()
    return [(row, print_operations.content(row)) for row in rows]
