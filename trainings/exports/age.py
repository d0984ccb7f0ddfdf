"""Encrypts a file for whoever has its passphrase, in the format of age (age-encryption.org).

The work is done in a process of its own: making the key from a passphrase takes half a gigabyte of
memory and two seconds, by design.
"""

from __future__ import annotations

import secrets
import threading

from trainings.exports.request_rules import NotEncrypted
from trainings.printing.renderer import OutOfTime, answer_of

# Letters and digits that nobody mistakes for others on the telephone: 24 of them are 117 bits.
_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
_GROUPS, _LETTERS = 6, 4
SUFFIX = ".age"
SECONDS = 10  # of processor time
_HEAD = b"age-encryption.org/v1\n"
_one_at_a_time = threading.Lock()  # for its memory


def new_passphrase() -> str:
    """A passphrase to be said apart: *k7mp-2xw9-…*."""
    return "-".join(
        "".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS)) for _ in range(_GROUPS)
    )


def locked(content: bytes, passphrase: str) -> bytes:
    """The content, encrypted: only the passphrase opens it, and any change to it shows.

    Raises ``NotEncrypted`` where it could not be done. Not inside a transaction.
    """
    if not _one_at_a_time.acquire(timeout=SECONDS):
        raise NotEncrypted
    try:
        found = answer_of("trainings.exports.worker", SECONDS, f"{passphrase}\n".encode() + content)
    except OutOfTime:
        raise NotEncrypted from None
    finally:
        _one_at_a_time.release()
    if not found or not found.startswith(_HEAD):
        raise NotEncrypted
    return found
