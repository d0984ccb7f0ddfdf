"""Files beside the database: the trail's head, to detect a cut tail; how far it was checked."""

from __future__ import annotations

import json
import os
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict


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


class Checked(Struct, frozen=True):
    """How far the trail was verified: onward as it grows, and from its first entry once more.

    Moments are in ISO 8601, empty where there was none yet; a fault is its code and its entry.
    """

    number: int = 0  # the last entry that was verified as the trail grew, with its code
    mac: str = ""
    at: str = ""
    fault: str = ""
    again: int = 0  # the same for going through all of it once more
    again_mac: str = ""
    whole_at: str = ""  # when that last came to the end
    whole_fault: str = ""

    def line(self) -> str:
        """What its code covers."""
        return json.dumps(asdict(self), sort_keys=True)


def keep(path: Path, checked: Checked, code: str) -> None:
    """Put a note in the place of the one before, in one step."""
    new = path.with_name(f"{path.name}.new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(json.dumps({"checked": asdict(checked), "code": code}))
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def kept(path: Path) -> tuple[Checked, str]:
    """The last note with its code; nothing checked, where none can be read."""
    try:
        found = json.loads(path.read_text())
        return Checked(**found["checked"]), str(found["code"])
    except (OSError, ValueError, TypeError, KeyError):
        return Checked(), ""
