"""Whether our signature on a file that we wrote ourselves is intact, without a process of its own.

Only for bytes that the register knows by their digest: they are not hostile, so they need no cage,
and the check costs as little as a page. What anybody else sends goes to ``signing.inspect``.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from trainings.signing.issuer import certificates, key_id_of

_RANGE = re.compile(rb"/ByteRange ?\[0 (\d{1,10}) (\d{1,10}) (\d{1,10}) *\]")
_SET = b"\x31"  # what is signed begins with the tag of a set, where the file has that of a field


def is_whole(pdf: bytes, keys_folder: Path) -> bool:
    """Whether one of our keys signed the whole of ``pdf``, all but the room for the signature."""
    ranges = _RANGE.findall(pdf)
    if len(ranges) != 1:
        return False
    opens, closes, rest = map(int, ranges[0])
    room = pdf[opens:closes]
    if closes + rest != len(pdf) or (room[:1], room[-1:]) != (b"<", b">"):
        return False
    digest = hashlib.sha256(pdf[:opens] + pdf[closes:]).digest()
    try:
        signed = cms.ContentInfo.load(bytes.fromhex(room[1:-1].decode("ascii")))["content"]
        return _signed_by_us(signed, digest, certificates(keys_folder))
    except (ValueError, TypeError, KeyError, InvalidSignature):
        return False


def _signed_by_us(signed: cms.SignedData, digest: bytes, ours: dict[str, x509.Certificate]) -> bool:
    (signer,) = signed["signer_infos"]
    attributes = {one["type"].native: one["values"].native for one in signer["signed_attrs"]}
    named = [x509.load_der_x509_certificate(one.dump()) for one in signed["certificates"]]
    keys = [ours[key_id].public_key() for key_id in map(key_id_of, named) if key_id in ours]
    if attributes["message_digest"] != [digest] or len(keys) != 1:
        return False
    (key,) = keys
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    plain = _SET + signer["signed_attrs"].dump()[1:]  # RFC 5652, 5.4
    key.verify(signer["signature"].native, plain, ec.ECDSA(hashes.SHA256()))
    return True
