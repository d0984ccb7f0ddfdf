"""Sealed files, stored outside the database, each under a data key of its own."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app
from sqlalchemy.orm import Session

from trainings.core import config, sealed
from trainings.core.config import Settings
from trainings.core.db import afterwards


def _path(name: str) -> Path:
    settings: Settings = config.settings()
    return settings.files / name[:2] / name


def store(content: bytes, key: bytes, name: str | None = None) -> str:
    """Seal content under its data key and store it durably; returns the name to find it by.

    With a ``name`` from the caller (32 hex digits) it replaces the file of that name: work that was
    killed half-way and is done again leaves nothing behind. The caller must make sure, by a lock,
    that nobody else writes under that name at the same time.
    """
    name = name or secrets.token_hex(16)
    replace(name, sealed.seal_with(key, content, f"file|{name}"))
    return name


def replace(name: str, sealed_content: bytes) -> None:
    """Put a file in its place durably, whole or not at all."""
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(sealed_content)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    _fix(path.parent)


@contextmanager
def stored(content: bytes, key: bytes) -> Iterator[str]:
    """Store content while a block refers to it by name; if the block fails, the file is removed."""
    name = store(content, key)
    try:
        yield name
    except BaseException:
        remove(name)
        raise


def _fix(folder: Path) -> None:
    """Make the names in a folder durable too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(name: str, key: bytes) -> bytes:
    """The content of a sealed file. Raises ``SealBroken``, ``FileNotFoundError``."""
    return sealed.open_with(key, _path(name).read_bytes(), f"file|{name}")


def content_of(name: str | None, key: bytes | None, place: str) -> bytes:
    """The content of a file whose data key is sealed for a place (``table|column|row``).

    Empty if there is none; if it is missing from the disk this is logged, and it is empty too.
    """
    if name is None or key is None:
        return b""
    try:
        return read(name, sealed.open_bytes(key, place))
    except FileNotFoundError:
        current_app.logger.error("the file under %s is gone", place)
        return b""


def remove(name: str) -> None:
    """Remove a file; does nothing if it is already gone."""
    _path(name).unlink(missing_ok=True)


def remove_with(session: Session, name: str) -> None:
    """Remove a file after the open transaction has committed; a rollback keeps it."""
    afterwards(session, lambda: remove(name))
