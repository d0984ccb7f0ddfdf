"""What people do with materials: add, replace, rename, give to others, remove; and what is swept.

A content is looked into, scanned and sealed before the transaction, so that nobody waits for a
large file; whether there is room is decided under the lock of the course or module.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from trainings.audit.writes import record
from trainings.core import clock, config, large_files, versions
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Viewer
from trainings.materials import queries, rules, writes
from trainings.materials.rules import Audience, Kept
from trainings.uploads import content_inspector
from trainings.uploads.rules import Upload, check_size, safe_name

LEFT_FOR = timedelta(hours=1)  # after which a content without a row was left by a crash


@contextmanager
def _taken(
    upload: Upload, course_id: str | None, module_id: str | None, gone: int = 0
) -> Iterator[Kept]:
    """Look into a file, scan and seal it; if the block fails, nothing is left of it.

    ``gone``: the size of what it replaces.

    Raises ``FileMissing``, ``FileTooLarge``, ``NoRoomLeft``, ``KindNotTaken``, ``Infected`` …
    """
    settings = config.settings()
    size = upload.content.seek(0, os.SEEK_END)
    check_size(size, settings.material_bytes)
    used = queries.used(course_id, module_id) - gone
    rules.check_room(size, used, settings.materials_bytes)
    looked = content_inspector.looked_into(upload)
    key = secrets.token_bytes(32)
    file = large_files.store(upload.content, size, key)
    try:
        yield Kept(looked.name, looked.kind, size, file, key, looked.scanned)
    except BaseException:
        large_files.remove(file)
        raise


def _check_room(size: int, course_id: str | None, module_id: str | None, gone: int = 0) -> None:
    """The same under the lock. Raises ``NoRoomLeft``."""
    used = queries.used(course_id, module_id) - gone
    rules.check_room(size, used, config.settings().materials_bytes)


def add_to_session(
    course_id: str, session_id: str, upload: Upload, audience: Audience, by: Viewer
) -> str:
    """Add a file to a session of a course; returns its id. Raises ``NotFound`` and refusals."""
    if not queries.has_session(course_id, session_id):
        raise NotFound
    with _taken(upload, course_id, None) as kept, transaction() as session:
        queries.lock_place(by, course_id, None)
        if not queries.has_session(course_id, session_id):
            raise NotFound
        _check_room(kept.size, course_id, None)
        row = writes.add(session, kept, audience, course_id=course_id, session_id=session_id)
        record(session, "material.add", "material", row.id, by=by.account_id, course_id=course_id)
        return row.id


def add_to_module(module_id: str, upload: Upload, audience: Audience, by: Viewer) -> str:
    """Add a file to a module; returns its id. Raises ``NotFound`` and refusals."""
    with _taken(upload, None, module_id) as kept, transaction() as session:
        queries.lock_place(by, None, module_id)
        _check_room(kept.size, None, module_id)
        row = writes.add(session, kept, audience, module_id=module_id)
        record(session, "material.add", "material", row.id, by=by.account_id, module=module_id)
        return row.id


def replace(material_id: str, upload: Upload, by: Viewer) -> None:
    """Put another file in the place of one: its next version. Raises ``NotFound``, refusals."""
    row = queries.material_for(by, material_id)
    course_id, module_id = row.course_id, row.module_id
    with _taken(upload, course_id, module_id, row.size) as kept, transaction() as session:
        row = queries.material_for_update(by, material_id)
        versions.check()
        _check_room(kept.size, course_id, module_id, gone=row.size)
        writes.drop_content(session, row.file)
        writes.put(row, kept)
        record(
            session,
            "material.replace",
            "material",
            row.id,
            by=by.account_id,
            course_id=course_id,
            version=row.version,
        )


def change(material_id: str, name: str, audience: Audience, by: Viewer) -> None:
    """Rename a file, or change who may have it. Raises ``NotFound``, ``NameMissing``."""
    name = safe_name(name)
    with transaction() as session:
        row = queries.material_for_update(by, material_id)
        versions.check()
        writes.set_name(row, name)
        row.audience = audience
        record(
            session,
            "material.change",
            "material",
            row.id,
            by=by.account_id,
            course_id=row.course_id,
            audience=str(audience),
        )


def remove(material_id: str, by: Viewer) -> None:
    """Remove a file for good. Raises ``NotFound``."""
    with transaction() as session:
        row = queries.material_for_update(by, material_id)
        writes.drop_content(session, row.file)
        session.delete(row)
        record(
            session,
            "material.remove",
            "material",
            material_id,
            by=by.account_id,
            course_id=row.course_id,
        )


def sweep() -> None:
    """Remove the contents that a crash left without a row; a round of the worker."""
    before = (clock.now() - LEFT_FOR).timestamp()
    for name in large_files.left_behind(queries.files(), before):
        large_files.remove(name)
