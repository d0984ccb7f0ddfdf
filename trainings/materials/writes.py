"""Changes the rows of materials, inside the open transaction."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainings.core import clock, large_files, sealed
from trainings.core.db import afterwards, new_key
from trainings.materials.models import Material
from trainings.materials.rules import Audience, Kept


def add(
    session: Session,
    kept: Kept,
    audience: Audience,
    *,
    course_id: str | None = None,
    session_id: str | None = None,
    module_id: str | None = None,
) -> Material:
    """Put a file that was taken where it belongs."""
    key = new_key()
    row = Material(
        id=key,
        course_id=course_id,
        session_id=session_id,
        module_id=module_id,
        audience=audience,
        version=0,
    )
    set_name(row, kept.name)
    put(row, kept)
    session.add(row)
    session.flush()
    return row


def put(row: Material, kept: Kept) -> None:
    """Make a file that was taken the content, as its next version."""
    row.kind, row.size, row.file, row.scanned = kept.kind, kept.size, kept.file, kept.scanned
    row.file_key = sealed.seal_bytes(kept.key, f"material|file_key|{row.id}")
    row.version += 1
    row.changed_at = clock.now()


def set_name(row: Material, name: str) -> None:
    """Name a file, without its ending."""
    row.name = sealed.seal(name, f"material|name|{row.id}")


def drop_content(session: Session, name: str) -> None:
    """Remove a content to which no row refers any more, after the commit; a rollback keeps it."""
    afterwards(session, lambda: large_files.remove(name))


def forget_module(session: Session, module_id: str) -> None:
    """Remove the files of a module that is removed; the caller has locked it."""
    for row in session.scalars(select(Material).where(Material.module_id == module_id)):
        drop_content(session, row.file)
        session.delete(row)
    session.flush()
