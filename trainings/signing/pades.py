"""pyHanko: signing a file so that any change shows (PAdES), and checking a signature.

The renderer leaves room for the signature, so that the signed file has one revision and
nothing after it: whatever is appended later is not covered, and that alone is refused.

See docs/decisions/printing.md.
"""

import asyncio
import hashlib
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from asn1crypto import cms
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from trainings.printing.completion import BYTE_RANGE, CONTENTS_DIGITS, SIGNED_AT
from trainings.printing.rules import Seal, SealCheck
from trainings.signing.issuer import key_id_of, load_private

_SEQUENCE, _SET, _FIELD = b"\x30", b"\x31", b"\xa0"  # tags of ASN.1
_SHORT = 0x80  # shorter lengths take one byte
_SIGNER = ("version", "sid", "digest_algorithm")  # before what is signed
ROOM = b"/Contents <" + b"0" * CONTENTS_DIGITS + b">"


class NoRoom(Exception):
    """The file was not rendered to be signed, or is signed already."""


class _Frame:
    """The message around a signature, made once: of each file only digest and signature differ.

    The library takes a few thousand steps to write it, and does so twice for each file.
    """

    def __init__(self, message: bytes, digest: bytes) -> None:
        """``message`` is one that the library made for ``digest``."""
        whole = cms.ContentInfo.load(message)
        signed = whole["content"]
        (signer,) = signed["signer_infos"]
        attributes = signer["signed_attrs"].dump()
        before, after = attributes.split(digest)
        self._before: bytes
        self._after: bytes
        self._before, self._after = _SET + before[1:], after  # RFC 5652, 5.4
        outer = ("version", "digest_algorithms", "encap_content_info", "certificates")
        self._around = [
            (_SEQUENCE, whole["content_type"].dump()),
            (_FIELD, b""),
            (_SEQUENCE, b"".join(signed[name].dump() for name in outer)),
            (_SET, b""),
            (_SEQUENCE, b"".join(signer[name].dump() for name in _SIGNER)),
        ]
        self._with: bytes = signer["signature_algorithm"].dump()

    def attributes(self, digest: bytes) -> bytes:
        """What is signed: the digest, and whose certificate it is."""
        return self._before + digest + self._after

    def message(self, attributes: bytes, signature: bytes) -> bytes:
        """The whole message: the signature stands at the end of each part of it."""
        end = _FIELD + attributes[1:] + self._with + _part(b"\x04", signature)
        for tag, begins in reversed(self._around):
            end = _part(tag, begins + end)
        return end


def _part(tag: bytes, content: bytes) -> bytes:
    """Content with its tag and length (X.690, 8.1)."""
    count = len(content)
    if count < _SHORT:
        return tag + bytes([count]) + content
    length = count.to_bytes((count.bit_length() + 7) // 8, "big")
    return tag + bytes([_SHORT + len(length)]) + length + content


class Signer:
    """The installation's current key, read once: signs files one after another."""

    def __init__(self, folder: Path, secret: bytes = b"") -> None:
        """Read the key; raises :class:`trainings.printing.issuer.KeyFault`."""
        certificate, self._private = load_private(folder, secret)
        self.key_id = key_id_of(certificate)
        signer = SimpleSigner(
            signing_cert=_asn1(certificate),
            signing_key=asn1_keys.PrivateKeyInfo.load(
                self._private.private_bytes(
                    serialization.Encoding.DER,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            ),
            cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
        )
        digest = hashlib.sha256().digest()
        made = asyncio.run(signer.async_sign(digest, "sha256", use_pades=True))
        self._frame = _Frame(made.dump(), digest)

    def sign(self, pdf: bytes, at: datetime) -> bytes:
        """``pdf`` certified with no changes allowed, at ``at``; raises :class:`NoRoom`.

        The document must have been rendered with ``to_be_signed``.
        """
        start = pdf.find(ROOM)
        if start < 0:
            raise NoRoom
        opens, closes = start + len(b"/Contents "), start + len(ROOM)
        moment = at.astimezone(UTC).strftime("(D:%Y%m%d%H%M%SZ)").encode()
        ranges = f"[0 {opens} {closes} {len(pdf) - closes}]".encode().ljust(len(BYTE_RANGE))
        head = pdf[:opens].replace(BYTE_RANGE.encode(), ranges).replace(SIGNED_AT.encode(), moment)
        tail = pdf[closes:]
        digest = hashlib.sha256(head)
        digest.update(tail)
        attributes = self._frame.attributes(digest.digest())
        signature = self._private.sign(attributes, ec.ECDSA(hashes.SHA256()))
        message = self._frame.message(attributes, signature)
        contents = b"<" + message.hex().encode().ljust(CONTENTS_DIGITS, b"0") + b">"
        if len(contents) != closes - opens:
            raise SigningError("the signature is larger than its room")
        signed: bytes = head + contents + tail
        return signed


def check(pdf: bytes, ours: Mapping[str, x509.Certificate]) -> SealCheck:
    """The state of the signature of ``pdf``, checked against our own keys alone.

    Whole means: one signature, ours, intact, over every byte of the file. A valid signature with
    something appended after it is broken. Untrusted files are passed to it only inside the cage
    (``signing.inspect``).
    """
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=True)
        signatures = reader.embedded_signatures
        if not signatures:
            return SealCheck(Seal.NONE)
        for signature in signatures:
            certificate = x509.load_der_x509_certificate(signature.signer_cert.dump())
            key_id = key_id_of(certificate)
            if key_id in ours:
                context = ValidationContext(trust_roots=[_asn1(ours[key_id])], allow_fetching=False)
                status = validate_pdf_signature(signature, context)
                whole = (
                    len(signatures) == 1
                    and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
                    and status.intact
                    and status.valid
                    and status.trusted
                    and status.docmdp_ok is not False
                )
                return SealCheck(Seal.WHOLE if whole else Seal.BROKEN, key_id)
    except Exception:  # whatever a parser may raise on untrusted bytes
        return SealCheck(Seal.UNREADABLE)
    return SealCheck(Seal.FOREIGN)


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
