"""Finds the newest migration, as Alembic reports it.

Asking Alembic takes 0.17 of the 2.1 s of CPU in which a web worker starts (five runs each), so the
answer is stored in the instance folder under the digest of the migrations, and Alembic is asked
again only if they have changed.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from functools import cache
from pathlib import Path

from trainings.core import config
from trainings.core.config import ROOT

MIGRATIONS = ROOT / "trainings" / "migrations"
KEPT = "newest-migration"  # in the instance folder: the digest, and Alembic's answer for it


def head(migrations: Path = MIGRATIONS) -> str | None:
    """The newest migration in the program: the one that no other follows."""
    digest = _digest(migrations)
    kept = config.settings().instance / KEPT
    with suppress(OSError, UnicodeDecodeError, ValueError):
        known, newest = kept.read_text(encoding="utf-8").split()
        if known == digest:
            return newest
    found = _asked(digest, migrations)
    if found is not None:
        with suppress(OSError):  # if the folder is not writable this only costs time
            part = kept.with_suffix(f".{os.getpid()}")
            part.write_text(f"{digest} {found}\n", encoding="utf-8")
            part.rename(kept)
    return found


def _digest(migrations: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted((migrations / "versions").glob("*.py")):
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


@cache
def _asked(_digest: str, migrations: Path) -> str | None:
    """Alembic's answer; None if two migrations are the newest."""
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    try:
        return ScriptDirectory(str(migrations)).get_current_head()
    except CommandError:
        return None
