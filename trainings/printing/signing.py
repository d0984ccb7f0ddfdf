"""Signatures for the rest of the house: signing in a job, looking into a stranger's file in a cage.

pyHanko is loaded only by who signs and by the caged inspector, never by the web process.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization

from trainings.printing.issuer import certificates
from trainings.printing.renderer import answer_of
from trainings.printing.rules import Inspection, Seal, SealCheck
from trainings.printing.wire import pack

if TYPE_CHECKING:
    from trainings.printing.pades import Signer

SECONDS = 10
LARGEST = 10 * 1024 * 1024  # bytes of a file that is looked into at all
UNREADABLE = Inspection(SealCheck(Seal.UNREADABLE))


def open_signer(keys_folder: Path) -> Signer:
    """The installation's signer, its key read once; raises :class:`issuer.KeyFault`.

    ``signer.sign(pdf, at)`` gives the signed file; ``signer.key_id`` names the key.
    """
    from trainings.printing.pades import Signer

    return Signer(keys_folder)


def inspect(pdf: bytes, keys_folder: Path) -> Inspection:
    """What a file that anyone dropped says of itself, and whether its signature is ours.

    It is parsed in a process of its own, with little memory, little time and no network; what
    does not come back in time, or at all, is unreadable.
    """
    if len(pdf) > LARGEST or not pdf.startswith(b"%PDF"):
        return UNREADABLE
    ours = [
        certificate.public_bytes(serialization.Encoding.PEM).decode()
        for certificate in certificates(keys_folder).values()
    ]
    said = answer_of("inspector", SECONDS, pack({"certificates": ours}, pdf))
    try:
        answer = json.loads(said or b"")
        return Inspection(
            SealCheck(Seal(answer["seal"]), str(answer["key_id"])),
            tuple(str(identifier) for identifier in answer["identifiers"]),
            str(answer["text"]),
        )
    except (ValueError, KeyError, TypeError):
        return UNREADABLE
