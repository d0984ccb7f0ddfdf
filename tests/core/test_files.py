"""Sealed files: nothing readable on the disk, nothing opens under another key or name."""

from __future__ import annotations

import secrets

import pytest
from flask import Flask

from trainings.core import files
from trainings.core.sealed import SealBroken


def test_stored_and_read_back(app: Flask) -> None:
    key = secrets.token_bytes(32)
    name = files.store(b"%PDF Ana Ejemplo", key)
    assert files.read(name, key) == b"%PDF Ana Ejemplo"
    (path,) = [p for p in app.extensions["settings"].files.rglob("*") if p.is_file()]
    assert b"Ana Ejemplo" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_neither_another_key_nor_another_name_opens(app: Flask) -> None:
    key = secrets.token_bytes(32)
    first, second = files.store(b"one", key), files.store(b"two", key)
    with pytest.raises(SealBroken):
        files.read(first, secrets.token_bytes(32))
    paths = {p.name: p for p in app.extensions["settings"].files.rglob("*") if p.is_file()}
    paths[first].write_bytes(paths[second].read_bytes())
    with pytest.raises(SealBroken):
        files.read(first, key)


def test_gone_is_gone(app: Flask) -> None:
    name = files.store(b"one", secrets.token_bytes(32))
    files.remove(name)
    files.remove(name)
    with pytest.raises(FileNotFoundError):
        files.read(name, secrets.token_bytes(32))


def test_done_again_under_the_same_name_leaves_one_file(app: Flask) -> None:
    """A process was killed while it wrote; the next one writes the same file."""
    key, name = secrets.token_bytes(32), secrets.token_hex(16)
    folder = app.extensions["settings"].files
    files.store(b"one", key, name)
    (folder / name[:2] / f"{name}.part").write_bytes(b"half")
    assert files.store(b"two", key, name) == name
    assert files.read(name, key) == b"two"
    assert [p.name for p in folder.rglob("*") if p.is_file()] == [name]
