"""Which files are taken from people, and what they are called when they leave.

See docs/decisions/2026-11-28-materials.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import IO, NamedTuple

from trainings.core.errors import Refusal
from trainings.core.i18n import _l

LONGEST_NAME = 120  # characters, without the ending
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{a}{n}" for a in ("com", "lpt") for n in range(1, 10))}
)


class FileKind(StrEnum):
    """A type of file that is taken; known by its content, never by its name."""

    PDF = "pdf"
    DOCX = "docx"
    PPTX = "pptx"
    XLSX = "xlsx"
    ODT = "odt"
    ODP = "odp"
    ODS = "ods"
    PNG = "png"
    JPEG = "jpeg"
    MP4 = "mp4"

    @property
    def media_type(self) -> str:
        """As it is named on the web."""
        return MEDIA_TYPES[self]

    @property
    def endings(self) -> tuple[str, ...]:
        """How the name of such a file ends; the first one when it leaves."""
        return ("jpg", "jpeg") if self is FileKind.JPEG else (self.value,)


_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
MEDIA_TYPES: Mapping[FileKind, str] = {
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: f"{_OFFICE}.wordprocessingml.document",
    FileKind.PPTX: f"{_OFFICE}.presentationml.presentation",
    FileKind.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
    FileKind.ODT: f"{_OPEN}.text",
    FileKind.ODP: f"{_OPEN}.presentation",
    FileKind.ODS: f"{_OPEN}.spreadsheet",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.MP4: "video/mp4",
}
ENDINGS = tuple(ending for kind in FileKind for ending in kind.endings)


class Upload(NamedTuple):
    """A file as somebody sent it."""

    name: str
    content: IO[bytes]


class Looked(NamedTuple):
    """What an upload turned out to be: a name without its ending, the type, and whether scanned."""

    name: str
    kind: FileKind
    size: int
    scanned: bool


class KindNotTaken(Refusal):
    """The content is of no type on the list."""

    sentence = _l(
        "We do not take files of this type. Send a PDF, a document, presentation or workbook "
        "(.docx, .pptx, .xlsx, .odt, .odp, .ods), a picture (.png, .jpg) or a video (.mp4)."
    )
    field = "file"


class ArchiveNotTaken(KindNotTaken):
    """A ZIP file, in which anything may be."""

    sentence = _l(
        "We do not take ZIP files, because nobody sees what is in them. Send the files one by one: "
        "whoever wants all of a day gets them as one ZIP file."
    )


class KindDisagrees(KindNotTaken):
    """The name says another type than the content."""

    sentence = _l(
        "The name of this file does not fit its content, which is of type .%(ending)s. Give it the "
        "right name and send it again."
    )


class HasMacros(KindNotTaken):
    """An office file with a program in it."""

    sentence = _l(
        "This file contains macros, which can harm the computers of those who open it. Save it "
        "without macros and send it again."
    )


class FileUnreadable(KindNotTaken):
    """Damaged, or made so that it cannot be looked into."""

    sentence = _l(
        "This file is damaged, so we cannot see what is in it. Save it again and send it."
    )


class FileMissing(Refusal):
    """No file was chosen, or an empty one."""

    sentence = _l("Choose a file that is not empty.")
    field = "file"


class FileTooLarge(Refusal):
    """One file beyond the bound."""

    sentence = _l("This file is too large. One file may have up to %(most)s MB.")
    field = "file"


class Infected(Refusal):
    """The virus scanner found something."""

    sentence = _l(
        "The virus scanner found something in this file (%(what)s). It was not saved. Check your "
        "computer, or ask whoever gave you the file."
    )
    field = "file"


class ScannerSilent(Refusal):
    """The virus scanner is configured and does not answer."""

    sentence = _l(
        "The virus scanner does not answer, so the file was not saved. Try again in a few minutes; "
        "if it goes on, tell the administrator."
    )
    field = "file"


class NotScannable(Refusal):
    """The virus scanner takes no file of this size."""

    sentence = _l(
        "The virus scanner takes no file that large, so it was not saved. Send a smaller file, or "
        "ask the administrator."
    )
    field = "file"


class NameMissing(Refusal):
    """A name with nothing in it that can stand in a file's name."""

    sentence = _l("Enter a name for the file.")
    field = "name"


def megabytes(size: int) -> int:
    """A bound as people are told."""
    return max(0, size) // (1024 * 1024)


def check_size(size: int, most: int) -> None:
    """Refuse an empty file and one that is too large."""
    if size <= 0:
        raise FileMissing
    if size > most:
        raise FileTooLarge(most=megabytes(most))


def check_ending(file_name: str, kind: FileKind) -> None:
    """Refuse a name that says another type than the content."""
    if ending_of(file_name) not in kind.endings:
        raise KindDisagrees(ending=kind.endings[0])


def ending_of(file_name: str) -> str:
    """The ending of a file's name, in small letters."""
    return file_name.rpartition(".")[2].lower() if "." in file_name else ""


def safe_name(given: str) -> str:
    """A name that stands in any folder and reads as what it is; without its ending.

    Raises ``NameMissing``.
    """
    name = unicodedata.normalize("NFC", given.replace("\\", "/").rpartition("/")[2])
    if ending_of(name) in ENDINGS:
        name = name.rpartition(".")[0]
    name = " ".join(_NOT_IN_NAMES.sub(" ", name).split()).strip(". ")[:LONGEST_NAME].strip(". ")
    if not name:
        raise NameMissing
    return f"{name}_" if name.partition(".")[0].lower() in _RESERVED else name


def unique(names: Iterable[str]) -> list[str]:
    """Names for one folder: the second of two that some computer takes for the same is numbered."""
    taken: set[str] = set()
    found = []
    for name in names:
        stem, dot, ending = name.rpartition(".")
        number, one = 1, name
        while unicodedata.normalize("NFKC", one).casefold() in taken:
            number += 1
            one = f"{stem} ({number}){dot}{ending}"
        taken.add(unicodedata.normalize("NFKC", one).casefold())
        found.append(one)
    return found
