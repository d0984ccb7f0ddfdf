"""Hashes passwords with argon2id."""

from __future__ import annotations

from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import Argon2Error

MEMORY = 64 * 1024  # KiB
_hasher = PasswordHasher(time_cost=3, memory_cost=MEMORY, parallelism=1, type=Type.ID)
# Each hash takes 64 MiB for a moment: at most two run at once, so that memory stays bounded.
_room = BoundedSemaphore(2)

# What a try is compared with if there is no account; no password matches it.
_NOBODYS = (
    "$argon2id$v=19$m=65536,t=3,p=1$bm9ib2R5J3Mgc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)


def hashed(password: str) -> str:
    """The hash to store for a password."""
    with _room:
        return _hasher.hash(password)


def matches(password: str, kept: str | None) -> bool:
    """Whether this is the password; takes as long if there is no hash to compare with."""
    with _room:
        try:
            _hasher.verify(kept or _NOBODYS, password)
        except Argon2Error:
            return False
        return kept is not None
