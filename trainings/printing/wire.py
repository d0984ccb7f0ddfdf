"""The protocol with the caged renderer: framed JSON in, the bytes of the PDF back.

A frame is two lengths, a JSON head and a body. The parent never unpickles what a worker sends: a
compromised worker can say no more than "here are bytes" or "it failed".
"""

import json
import struct
from collections.abc import Iterable
from enum import StrEnum
from types import UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from msgspec import Struct

from trainings.printing.paper_rules import Document

LENGTHS = struct.Struct(">II")
BODY_LIMIT = 32 * 1024 * 1024
HEAD_LIMIT = 8 * 1024 * 1024
KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Document)}


def pack(head: dict[str, Any], body: bytes = b"") -> bytes:
    """One frame."""
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    return LENGTHS.pack(len(text), len(body)) + text + body


def lengths(start: bytes) -> tuple[int, int]:
    """The lengths of head and body; raises ValueError if they are unreasonably large."""
    head, body = LENGTHS.unpack(start)
    if head > HEAD_LIMIT or body > BODY_LIMIT:
        raise ValueError("frame too large")
    return head, body


class Parts(NamedTuple):
    """What is sent to a process of one answer: a head and several files."""

    head: dict[str, Any]
    files: list[bytes]


def together(head: dict[str, Any], files: Iterable[bytes]) -> bytes:
    """A head and files as one input; :func:`parted` takes them apart."""
    kept = list(files)
    text = json.dumps(head | {"lengths": [len(one) for one in kept]}).encode()
    return b"".join((LENGTHS.pack(len(text), 0), text, *kept))


def parted(given: bytes) -> Parts:
    """What :func:`together` put together."""
    length, _none = LENGTHS.unpack(given[: LENGTHS.size])
    place = LENGTHS.size + length
    head, files = json.loads(given[LENGTHS.size : place]), []
    for count in head["lengths"]:
        files.append(given[place : place + count])
        place += count
    return Parts(head, files)


def document_to_head(document: Document) -> tuple[dict[str, Any], bytes]:
    """A document as JSON values; its pictures follow one another in the body."""
    body = bytearray()
    return {"kind": type(document).__name__, "values": _plain(document, body)}, bytes(body)


def document_from_head(head: dict[str, Any], body: bytes) -> Document:
    """Rebuilds the document that :func:`document_to_head` took apart."""
    document: Document = _build(KINDS[head["kind"]], head["values"], body)
    return document


def without(document: Document, characters: str) -> Document:
    """The document with a question mark for each of these characters."""
    head, body = document_to_head(document)
    table = {ord(one): "?" for one in characters if not one.isascii()}
    text = json.dumps(head, ensure_ascii=False).translate(table)
    return document_from_head(json.loads(text), body)


def _plain(value: Any, body: bytearray) -> Any:
    if isinstance(value, Struct):
        return {name: _plain(getattr(value, name), body) for name in value.__struct_fields__}
    if isinstance(value, bytes):
        body += value
        return [len(body) - len(value), len(value)]
    if isinstance(value, dict):
        return {key: _plain(item, body) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, body) for item in value]
    return value


def _build(kind: Any, value: Any, body: bytes) -> Any:
    """``value`` as a ``kind``, by the declared types of the document's fields."""
    if get_origin(kind) in (UnionType, Union):
        if value is None:
            return None
        return _build(next(k for k in get_args(kind) if k is not type(None)), value, body)
    if isinstance(kind, type) and issubclass(kind, Struct):
        hints = get_type_hints(kind)
        return kind(**{name: _build(hints[name], item, body) for name, item in value.items()})
    if kind is bytes:
        start, length = value
        return body[start : start + length]
    if get_origin(kind) is tuple:
        return tuple(_build(get_args(kind)[0], item, body) for item in value)
    if get_origin(kind) is dict:
        return {key: _build(get_args(kind)[1], item, body) for key, item in value.items()}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(value)
    return value
