"""Signatures for the other packages: signing in a job, inspecting an untrusted file in a cage.

pyHanko is loaded only by the signing job and the caged inspector, never by the web process; what
reads certificates of keys, by the first file that is looked at.
"""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from trainings.printing.renderer import answer_of
from trainings.printing.rules import Inspection, Seal, SealCheck
from trainings.printing.wire import pack

if TYPE_CHECKING:
    from trainings.signing.pades import Signer

SECONDS = 10
LARGEST = 10 * 1024 * 1024  # most bytes of a file that is inspected
UNREADABLE = Inspection(SealCheck(Seal.UNREADABLE))


def warm() -> threading.Thread:
    """Load what signs, beside the worker's other work, for the first click; gives the thread."""
    loading = threading.Thread(target=_load, daemon=True)
    loading.start()
    return loading


def _load() -> None:
    import trainings.signing.pades  # noqa: F401


def open_signer(keys_folder: Path, secret: bytes = b"") -> Signer:
    """The installation's signer, its key read once; raises :class:`issuer.KeyFault`.

    ``secret``: under which the private key is sealed.

    ``signer.sign(pdf, at)`` gives the signed file; ``signer.key_id`` names the key.
    """
    from trainings.signing.pades import Signer

    return Signer(keys_folder, secret)


def inspect(pdf: bytes, keys_folder: Path) -> Inspection:
    """An untrusted file's claims about itself, and whether its signature is ours.

    It is parsed in a process of its own, with little memory, little time and no network. Raises
    ``OutOfTime`` if there is no result in time.
    """
    if len(pdf) > LARGEST or not pdf.startswith(b"%PDF"):
        return UNREADABLE
    from cryptography.hazmat.primitives import serialization

    from trainings.signing.issuer import certificates

    ours = [
        certificate.public_bytes(serialization.Encoding.PEM).decode()
        for certificate in certificates(keys_folder).values()
    ]
    said = answer_of("trainings.signing.inspector", SECONDS, pack({"certificates": ours}, pdf))
    try:
        answer = json.loads(said or b"")
        return Inspection(
            SealCheck(Seal(answer["seal"]), str(answer["key_id"])),
            tuple(str(identifier) for identifier in answer["identifiers"]),
            str(answer["text"]),
            tuple(str(code) for code in answer["codes"]),
            opened=bool(answer["opened"]),
        )
    except (ValueError, KeyError, TypeError):
        return UNREADABLE
