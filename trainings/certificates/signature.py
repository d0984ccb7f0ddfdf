"""The installation's signing keys: where they lie, the signer of a job, what a file's seal says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app

from trainings.core import clock
from trainings.printing import issuer, signing
from trainings.printing.issuer import IssuerKey
from trainings.printing.rules import Inspection

if TYPE_CHECKING:
    from trainings.printing.pades import Signer


def folder() -> Path:
    """Where the signing keys are kept: outside the database, readable by the owner alone."""
    path: Path = current_app.extensions["settings"].instance / "signing"
    return path


def signer() -> Signer | None:
    """Who signs now; None while the installation has no key: then nothing is signed."""
    return signing.open_signer(folder()) if issuer.current_key_id(folder()) else None


def create(name: str) -> IssuerKey:
    """Make a key that signs from now on; what the key before it signed stays verifiable."""
    return issuer.create_key(folder(), name, clock.now())


def keys() -> list[IssuerKey]:
    """All keys, the oldest first."""
    return issuer.list_keys(folder()) if folder().exists() else []


def inspect(pdf: bytes) -> Inspection:
    """What a stranger's file says of itself, looked into in a cage."""
    return signing.inspect(pdf, folder())
