"""Says what a file is, by its content.

puremagic knows what begins in its own way; office files, which all begin as ZIP files do, are known
by what their directory lists. Only directories and two small entries are read, within bounds:
nothing is unpacked.
"""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections.abc import Collection
from typing import IO

from flask import current_app

from trainings.core import config
from trainings.uploads import rules, scanner
from trainings.uploads.rules import (
    MEDIA_TYPES,
    ArchiveNotTaken,
    FileKind,
    FileUnreadable,
    HasMacros,
    Infected,
    KindNotTaken,
    Looked,
    Upload,
)

_HEAD = 4096
_ZIP = b"PK\x03\x04"
# Raised for a broken ZIP file, while its directory is read as well as its entries.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    struct.error,
)
_END = b"PK\x05\x06"  # of a ZIP file's directory, and of one of the large kind
_LARGE_END = b"PK\x06\x07"
_DIRECTORY = 4 * 1024 * 1024  # bytes, the most that is read of it
_ENTRIES = 20_000
_ENTRY = 1024 * 1024
_PLAIN = (FileKind.PDF, FileKind.PNG, FileKind.JPEG, FileKind.MP4)
_OPEN_DOCUMENTS = {MEDIA_TYPES[kind]: kind for kind in (FileKind.ODT, FileKind.ODP, FileKind.ODS)}
_MAIN_PARTS = {
    f"{MEDIA_TYPES[kind]}.main+xml".encode(): kind
    for kind in (FileKind.DOCX, FileKind.PPTX, FileKind.XLSX)
}


def looked_into(upload: Upload) -> Looked:
    """What somebody sent, once its content, its name and the scanner agree that it may stay.

    Raises ``KindNotTaken`` and others, ``NameMissing``, ``Infected``, ``ScannerSilent``.
    """
    size = upload.content.seek(0, os.SEEK_END)
    kind = kind_of(upload.content)
    rules.check_ending(upload.name, kind)
    name = rules.safe_name(upload.name)
    where = config.settings().scanner
    if where:
        what = scanner.found_in(upload.content, where)
        if what is not None:
            current_app.logger.warning("an infected file was refused: %s", what)
            raise Infected(what=what)
    return Looked(name, kind, size, bool(where))


def kind_of(source: IO[bytes]) -> FileKind:
    """The type of a file. Raises ``KindNotTaken`` and others; leaves it at its beginning."""
    source.seek(0)
    head = source.read(_HEAD)
    try:
        return _office(source) if head.startswith(_ZIP) else _plain(head)
    finally:
        source.seek(0)


def _plain(head: bytes) -> FileKind:
    import puremagic  # a megabyte that few web workers need

    try:
        found = {match.mime_type for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        raise KindNotTaken from None
    kind = next((kind for kind in _PLAIN if MEDIA_TYPES[kind] in found), None)
    if kind is None:
        raise KindNotTaken
    return kind


def _office(source: IO[bytes]) -> FileKind:
    _check_directory(source)
    try:
        with zipfile.ZipFile(source) as archive:
            names = [entry.filename for entry in archive.infolist()]
            if len(names) > _ENTRIES or len(names) != len(set(names)):
                raise FileUnreadable  # two entries of one name: each program opens another
            if "mimetype" in names:
                return _open_document(_entry(archive, "mimetype").decode("latin-1"), names)
            if "[Content_Types].xml" in names:
                return _microsoft(_entry(archive, "[Content_Types].xml"), names)
    except _BROKEN:
        raise FileUnreadable from None
    raise ArchiveNotTaken


def _check_directory(source: IO[bytes]) -> None:
    """Refuse a directory that would take much memory, before it is read."""
    size = source.seek(0, os.SEEK_END)
    source.seek(max(0, size - 66_000))
    tail = source.read(66_000)
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22 or tail[max(0, at - 20) : at].startswith(_LARGE_END):
        raise FileUnreadable
    if int.from_bytes(tail[at + 12 : at + 16], "little") > _DIRECTORY:
        raise FileUnreadable


def _entry(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as entry:
        found = entry.read(_ENTRY + 1)
    if len(found) > _ENTRY:
        raise FileUnreadable
    return found


def _open_document(said: str, names: Collection[str]) -> FileKind:
    kind = _OPEN_DOCUMENTS.get(said.strip())
    if kind is None:
        raise ArchiveNotTaken
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise HasMacros
    return kind


def _microsoft(types: bytes, names: Collection[str]) -> FileKind:
    if b"macroEnabled" in types or any("vbaproject" in name.lower() for name in names):
        raise HasMacros
    kind = next((kind for part, kind in _MAIN_PARTS.items() if part in types), None)
    if kind is None:
        raise ArchiveNotTaken
    return kind
