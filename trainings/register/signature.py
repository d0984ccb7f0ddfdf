"""The installation's signing keys: where they are, the signer for a job, the seal of a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from trainings.core import clock, config, sealed
from trainings.printing.rules import Inspection
from trainings.signing import signing

if TYPE_CHECKING:
    from trainings.signing.issuer import IssuerKey
    from trainings.signing.pades import Signer


def folder() -> Path:
    """The folder of the signing keys: outside the database, readable by the owner alone."""
    path: Path = config.settings().instance / "signing"
    return path


def secret() -> bytes:
    """What seals the private key: known to nobody who lacks the keys of the installation."""
    return sealed.register_mac("signing key").encode()


def signer() -> Signer | None:
    """The current signer; None while the installation has no key: then nothing is signed."""
    from trainings.signing import issuer

    if not issuer.current_key_id(folder()):
        return None
    return signing.open_signer(folder(), secret())


def create(name: str) -> IssuerKey:
    """Create a key that signs from now on; files signed with the previous key stay verifiable."""
    from trainings.signing import issuer

    return issuer.create_key(folder(), name, clock.now(), secret())


def keys() -> list[IssuerKey]:
    """All keys, the oldest first."""
    from trainings.signing import issuer

    return issuer.list_keys(folder()) if folder().exists() else []


def is_whole(pdf: bytes) -> bool:
    """Whether our signature on a file that the register knows by its digest is intact."""
    from trainings.signing import own_signature

    return own_signature.is_whole(pdf, folder())


def inspect(pdf: bytes) -> Inspection:
    """What an untrusted file claims about itself, inspected in a cage."""
    return signing.inspect(pdf, folder())
