"""The anchor file: keeps the head of the trail outside the database, to detect a cut tail."""

from __future__ import annotations

import os
from pathlib import Path


def note(path: Path, number: int, mac: str) -> None:
    """Append the head to the file, unless it is already the last line."""
    if number == 0 or last(path) == (number, mac):
        return
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a") as file:
        file.write(f"{number} {mac}\n")
        file.flush()
        os.fsync(file.fileno())


def last(path: Path) -> tuple[int, str] | None:
    """The head that was last recorded, or None."""
    if not path.exists():
        return None
    lines = path.read_text().splitlines()
    if not lines:
        return None
    number, _, mac = lines[-1].partition(" ")
    return int(number), mac
