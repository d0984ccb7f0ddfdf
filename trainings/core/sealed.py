"""Sealing: what names people is encrypted before it reaches the database or a file.

It is padded first, so that its length does not tell how long a name is. AES-256-GCM; the associated
data is the place (``table|column|row``), so a value moved to another row does not open; the key's
id is put in front. A blind index (HMAC-SHA-256 under a key of its own) finds equal values.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Callable, Mapping
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trainings.core import config
from trainings.core.config import Settings

Unsealer = Callable[[bytes, str], str]

_NONCE = 12
_LEAST, _MOST = 512, 64 * 1024
_END = b"\xff"  # in front of the padding; it occurs in no text


class SealBroken(Exception):
    """A sealed value does not open: it was altered or moved, or the key is a different one."""


def _settings() -> Settings:
    settings: Settings = config.settings()
    return settings


@lru_cache(maxsize=8)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def seal_bytes(value: bytes, place: str) -> bytes:
    """Seal bytes for one place (``table|column|row``)."""
    keys = _settings().keys
    nonce = os.urandom(_NONCE)
    head = keys.seal_id.encode() + b":"
    return head + nonce + _cipher(keys.seal[keys.seal_id]).encrypt(nonce, value, place.encode())


def open_bytes(sealed: bytes, place: str) -> bytes:
    """Open what ``seal_bytes`` sealed. Raises ``SealBroken``."""
    return _opened(sealed, place, _ciphers())


def _ciphers() -> Mapping[bytes, AESGCM]:
    """What opens values, by the key's id."""
    return {name.encode(): _cipher(key) for name, key in _settings().keys.seal.items()}


def _opened(sealed: bytes, place: str, ciphers: Mapping[bytes, AESGCM]) -> bytes:
    name, _, rest = sealed.partition(b":")
    cipher = ciphers.get(name)
    if cipher is None:
        raise SealBroken(place.split("|")[0])
    try:
        return cipher.decrypt(rest[:_NONCE], rest[_NONCE:], place.encode())
    except InvalidTag:
        raise SealBroken(place.split("|")[0]) from None


def seal(text: str, place: str) -> bytes:
    """Seal a text for one place, padded."""
    return seal_bytes(padded(text.encode()), place)


def unseal(sealed: bytes, place: str) -> str:
    """The text that was sealed for this place. Raises ``SealBroken``."""
    return _text(open_bytes(sealed, place))


def unsealer() -> Unsealer:
    """``unseal`` for a whole list: the keys are looked up once, which saves about two fifths."""
    ciphers = _ciphers()
    return lambda sealed, place: _text(_opened(sealed, place, ciphers))


def _text(value: bytes) -> str:
    # what was sealed before padding has no such byte: no text has
    return (unpadded(value) if _END in value else value).decode()


def seal_with(key: bytes, value: bytes, place: str) -> bytes:
    """Seal bytes under a data key of their own (one certificate, one file), padded."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, padded(value), _padded_place(place))


def open_with(key: bytes, sealed: bytes, place: str) -> bytes:
    """Open what ``seal_with`` sealed. Raises ``SealBroken``."""
    try:
        value = AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], _padded_place(place))
    except (InvalidTag, ValueError):  # the latter: cut off before its first bytes
        raise SealBroken(place.split("|")[0]) from None
    return unpadded(value)


def _padded_place(place: str) -> bytes:
    """Where padded bytes belong; any bytes may end like padding, so the place says it."""
    return f"{place}|padded".encode()


def padded(value: bytes) -> bytes:
    """A value filled up to a size that very different values share.

    The least size holds each name, address, number, date and unit that people can enter. Above it
    sizes double, and above ``_MOST`` they are its multiples.
    """
    needed = len(value) + len(_END)
    size = max(_LEAST, 1 << (needed - 1).bit_length())
    if size > _MOST:
        size = -(-needed // _MOST) * _MOST
    return (value + _END).ljust(size, b"\0")


def unpadded(value: bytes) -> bytes:
    """The value that was ``padded``."""
    return value.rstrip(b"\0").removesuffix(_END)


def blind_index(kind: str, value: str) -> str:
    """A value's fingerprint for finding equal values (32 hex digits); reveals nothing else."""
    return hmac.new(
        _settings().keys.index, f"{kind}\0{value}".encode(), hashlib.sha256
    ).hexdigest()[:32]


def fingerprint() -> str:
    """Identifies the keys without revealing them; stored in the database to refuse wrong keys."""
    keys = _settings().keys
    parts = (keys.index, keys.audit, keys.register)
    return hmac.new(keys.seal[min(keys.seal)], b"".join(parts), hashlib.sha256).hexdigest()


def register_mac(*parts: object) -> str:
    """The code that authenticates a row of the certificate register (64 hex digits)."""
    message = "\x1f".join("" if part is None else str(part) for part in parts)
    return hmac.new(_settings().keys.register, message.encode(), hashlib.sha256).hexdigest()


def row_mac(table: str, *said: object) -> str:
    """The code that authenticates what a row of a table says (64 hex digits); plain values only.

    Who writes to the database without the keys of the installation cannot make it.
    """
    message = json.dumps([table, *said], sort_keys=True)
    return hmac.new(_settings().keys.register, message.encode(), hashlib.sha256).hexdigest()


def audit_mac(previous: str, message: str) -> str:
    """The next link of the trail's chain (64 hex digits)."""
    return hmac.new(
        _settings().keys.audit, f"{previous}\x1f{message}".encode(), hashlib.sha256
    ).hexdigest()
