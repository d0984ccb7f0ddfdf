"""What takes its time in real use and need not in tests."""

from __future__ import annotations

import gc
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher, Type
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from tests import typefaces, warm_cage
from trainings.core import connections, password_hash
from trainings.core.db import db
from trainings.printing import cage, renderer
from trainings.web import compiled

configured = connections._configure_sqlite  # as in real use


@contextmanager
def quick(compiled_templates: Path) -> Iterator[None]:
    """Passwords are hashed with less work, files that people send read by a process that is warm.

    Templates are compiled once for all apps and kept in a folder, for the next run too; how a
    statement is said to the database stays known, of the whole house and not of one page after the
    other. And nobody waits for the disk: a test may be killed, but nobody cuts its power. What is
    started as a process of its own does all of this as in real use.
    """
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, type=Type.ID)
    readers, drawers = warm_cage.Warm(), _Drawers()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(password_hash, "_hasher", hasher)
        nobodys = password_hash._NOBODYS.replace("m=65536,t=3", "m=8,t=1")
        patch.setattr(password_hash, "_NOBODYS", nobodys)
        patch.setattr(renderer, "_said", readers.said)
        patch.setattr(cage, "_kept", drawers)
        patch.setattr(connections, "_configure_sqlite", _for_tests)
        kept = FileSystemBytecodeCache(str(compiled_templates))
        patch.setattr(compiled, "CompiledTemplates", lambda _folder, _key: kept)
        patch.setitem(Flask.jinja_options, "cache_size", -1)
        patch.setitem(db._engine_options, "query_cache_size", 10_000)
        patch.setattr(os, "fsync", lambda _file: None)
        yield
    readers.close()
    drawers.close()


class _Drawers(dict[tuple[int, Path], cage.Workers]):
    """The renderers of this process, for all installations: they know only typefaces, all lent.

    Each installation would start two of its own, and keep them to the end of the process.
    """

    def __init__(self) -> None:
        super().__init__()
        self._instance = Path()
        self._made: dict[int, cage.Workers] = {}

    def __contains__(self, _key: object) -> bool:
        return True

    def __getitem__(self, key: tuple[int, Path]) -> cage.Workers:
        process, self._instance = key
        if process not in self._made:
            self._made[process] = cage.Workers(typefaces.folder, died=self._note)
        return self._made[process]

    def _note(self, status: int) -> None:
        cage._note(self._instance, status)

    def close(self) -> None:
        """End those of this process."""
        if mine := self._made.pop(os.getpid(), None):
            mine.close()


def _for_tests(connection: sqlite3.Connection, record: Any) -> None:
    """Nothing waits for the disk; rows that nobody asked an order for come last first.

    PostgreSQL may give these in any order.
    """
    configured(connection, record)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA reverse_unordered_selects=ON")


def keep_what_is_loaded() -> None:
    """Look no more for rubbish among what stays to the end: modules, and thousands of tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)  # as the server does
