"""The keys of an installation: made once, kept outside the database, never shown.

``python -m trainings.core.keys FILE`` writes a new key file (mode 600) and never overwrites one.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import sys
from pathlib import Path
from typing import Any

from msgspec import Struct


class KeyFault(Exception):
    """The key file is missing, readable by others, or incomplete; the message says which."""


class Secret(Struct, frozen=True):
    """Values that are never printed, because some of them are secret."""

    def __repr__(self) -> str:
        return type(self).__name__

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Nor by a traceback of rich."""
        return []


class Keys(Secret, frozen=True):
    """Every secret of the installation, each for one purpose.

    ``seal`` holds 256-bit keys by their id, ``seal_id`` names the one that seals new values;
    ``cookie`` signs cookies of visitors, ``index`` makes blind indexes, ``audit`` chains the
    trail, ``register`` authenticates rows of the certificate register.
    """

    cookie: str
    index: bytes
    audit: bytes
    register: bytes
    seal: dict[str, bytes]
    seal_id: str


def create(path: Path) -> None:
    """Write new keys to a file that only its owner may read; an existing file is not changed."""

    def fresh() -> str:
        return base64.b64encode(secrets.token_bytes(32)).decode()

    content = {
        "cookie": secrets.token_urlsafe(48),
        "index": fresh(),
        "audit": fresh(),
        "register": fresh(),
        "seal": {"k1": fresh()},
        "seal_id": "k1",
    }
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(content, file, indent=1)


def load(path: Path) -> Keys:
    """Read the key file. Raises ``KeyFault`` if it is missing, readable by others or broken."""
    try:
        mode = path.stat().st_mode
        content = json.loads(path.read_text())
    except FileNotFoundError:
        raise KeyFault(f"there is no key file at {path}") from None
    except ValueError:
        raise KeyFault(f"the key file {path} is not valid JSON") from None
    if mode & 0o077:
        raise KeyFault(f"the key file {path} can be read by others: chmod 600 it")
    try:
        keys = Keys(
            cookie=content["cookie"],
            index=base64.b64decode(content["index"]),
            audit=base64.b64decode(content["audit"]),
            register=base64.b64decode(content["register"]),
            seal={name: base64.b64decode(value) for name, value in content["seal"].items()},
            seal_id=content["seal_id"],
        )
        short = [
            k for k in (keys.index, keys.audit, keys.register, *keys.seal.values()) if len(k) < 32
        ]
        if short or len(keys.cookie) < 32 or keys.seal_id not in keys.seal:
            raise KeyFault(f"a key in {path} is too short or missing")
    except (KeyError, ValueError, TypeError, AttributeError):
        raise KeyFault(f"the key file {path} is not whole") from None
    return keys


if __name__ == "__main__":
    create(Path(sys.argv[1]))
