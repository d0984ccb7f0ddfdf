"""The installation's signing keys: P-256, in files of their own, never in the database.

A folder holds one file per key, ``<id>.pem`` with its certificate and, until it is retired, its
private key; ``current`` names the key that signs. A retired key stays as a certificate, so that
what it signed can always be checked. The private key is sealed under a secret of the installation:
whoever has the folder alone signs nothing.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from msgspec import Struct

NO_END = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)  # RFC 5280: no well-defined end


class KeyFault(Exception):
    """A key file is missing, readable by others or broken; the message says which."""


class IssuerKey(Struct, frozen=True):
    """A signing key as shown to people: its id, its name, since when, whether it signs."""

    key_id: str
    name: str
    since: datetime
    current: bool


def create_key(folder: Path, name: str, now: datetime, secret: bytes = b"") -> IssuerKey:
    """Make a new key that signs from now on; the previous one is retired, its private half deleted.

    ``name`` is the signer's name in signatures: the installation or its lead agency. ``secret``
    seals the private half; without one it is stored as it is.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now.replace(microsecond=0))
        .not_valid_after(NO_END)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_SIGNS_ONLY, critical=True)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False
        )
        .sign(private, hashes.SHA256())
    )
    key_id = key_id_of(certificate)
    _write(folder / f"{key_id}.pem", _file_of(certificate, private, secret))
    before = current_key_id(folder)
    _write(folder / "current", key_id.encode())
    if before:
        _retire(folder, before)
    return IssuerKey(key_id, name, certificate.not_valid_before_utc, current=True)


def list_keys(folder: Path) -> list[IssuerKey]:
    """All keys, the oldest first."""
    current = current_key_id(folder)
    keys = [
        IssuerKey(
            key_id,
            _name_of(certificate),
            certificate.not_valid_before_utc,
            current=key_id == current,
        )
        for key_id, certificate in certificates(folder).items()
    ]
    return sorted(keys, key=lambda key: (key.since, key.current))


def current_key_id(folder: Path) -> str:
    """The id of the current key; empty if there is none yet."""
    try:
        return (folder / "current").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def certificates(folder: Path) -> dict[str, x509.Certificate]:
    """The certificates of all keys, retired ones too, by their ids."""
    found = {}
    for path in sorted(folder.glob("*.pem")):
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        found[key_id_of(certificate)] = certificate
    return found


def load_private(
    folder: Path, secret: bytes = b""
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """The current certificate and private key. Raises :class:`KeyFault`.

    A key that was stored as it is gets sealed under the ``secret``.
    """
    path = folder / f"{current_key_id(folder)}.pem"
    if not path.exists():
        raise KeyFault(f"there is no signing key in {folder}")
    if path.stat().st_mode & 0o077:
        raise KeyFault(f"the signing key {path} can be read by others: chmod 600 it")
    content = path.read_bytes()
    plain = _PLAIN in content
    try:
        certificate = x509.load_pem_x509_certificate(content)
        private = serialization.load_pem_private_key(content, None if plain else secret or b"-")
    except ValueError:
        if _SEALED in content:
            why = "does not open with the keys of this installation"
            raise KeyFault(f"the signing key {path} {why}") from None
        raise KeyFault(f"the signing key {path} is broken") from None
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise KeyFault(f"the signing key {path} is not of the kind used here")
    if plain and secret:
        _write(path, _file_of(certificate, private, secret))
    return certificate, private


_PLAIN, _SEALED = b"-----BEGIN PRIVATE KEY-----", b"-----BEGIN ENCRYPTED PRIVATE KEY-----"


def _file_of(
    certificate: x509.Certificate, private: ec.EllipticCurvePrivateKey, secret: bytes
) -> bytes:
    pem = serialization.Encoding.PEM
    sealing: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if secret:
        sealing = serialization.BestAvailableEncryption(secret)
    key = private.private_bytes(pem, serialization.PrivateFormat.PKCS8, sealing)
    return certificate.public_bytes(pem) + key


def key_id_of(certificate: x509.Certificate) -> str:
    """A key's id: the first half of its certificate's SHA-256."""
    return certificate.fingerprint(hashes.SHA256()).hex()[:32]


_SIGNS_ONLY = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


def _name_of(certificate: x509.Certificate) -> str:
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def _retire(folder: Path, key_id: str) -> None:
    path = folder / f"{key_id}.pem"
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    _write(path, certificate.public_bytes(serialization.Encoding.PEM))


def _write(path: Path, content: bytes) -> None:
    """Write a file in one step, readable by its owner only."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
