"""The pictures a page may show: each is packaged with the document and found by its digest."""

import hashlib
import io
import re
import struct
import zlib
from collections.abc import Mapping

import segno
from msgspec import Struct, field

from trainings.printing.rules import Mark

COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
INK = "#14202b"

SIGN = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 44 44" width="44" height="44">'
    '<g fill="none" stroke="{colour}" stroke-width="2">'
    '<circle cx="22" cy="22" r="20" stroke-width="2.4"/><ellipse cx="22" cy="22" rx="9" ry="20"/>'
    '<path d="M2 22h40M5 12h34M5 32h34" stroke-width="1.6"/></g></svg>'
)


class Picture(Struct, frozen=True):
    """A picture that this page may show; it may show no other."""

    kind: str
    data: bytes
    lasting: bool = True  # the next document of the batch will show it too


class Page(Struct, frozen=True):
    """HTML, its style sheets, the pictures it may show, and how its tags are completed.

    Header cells of rows and columns are marked as such (``header_scope``); text in a second
    language is inside ``section`` and marked with ``section_language``.
    """

    html: str
    sheet: str = ""
    css: str = ""
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    one_page: bool = False
    header_scope: str = "Column"
    section_language: str = ""
    identifiers: tuple[str, ...] = ()  # for machines to identify the file: token and serial
    signature_text: str = ""  # where the file is to be signed: the name of the signature
    foreign: bool = False  # not from our own templates: parsed leniently, as browsers do


def mark_values(mark: Mark, pictures: dict[str, Picture]) -> dict[str, str]:
    """The template's values for an agency's mark: its own picture, or the neutral sign."""
    colour = mark.colour.lower() if COLOUR.fullmatch(mark.colour) else INK
    sign = f"house:sign-{colour[1:]}"
    if not mark.picture:
        pictures[sign] = Picture("image/svg+xml", SIGN.format(colour=colour).encode())
    return {
        "short_name": mark.short_name,
        "colour": colour,
        "sign": sign,
        "address": address_of(mark.picture, pictures) if mark.picture else "",
    }


def address_of(data: bytes, pictures: dict[str, Picture], lasting: bool = True) -> str:
    """The name by which the page asks for a picture; only packaged pictures are served."""
    address = f"house:{hashlib.sha256(data).hexdigest()[:32]}"
    kind = "image/jpeg" if data.startswith(b"\xff\xd8") else "image/png"
    pictures[address] = Picture(kind, data, lasting)
    return address


SCALE = 8


# Any of the eight masks can be read. Trying all of them for the best-looking takes seven times as
# long; our payloads are random, so one fixed mask is good enough for all.
MASK = 2


BORDER = 4  # the quiet zone that the standard asks for


def code_picture(payload: str) -> bytes:
    """A PNG of the QR code for ``payload``, quiet zone included, eight pixels a module."""
    code = segno.make_qr(payload, error="m", boost_error=False, mask=MASK)
    rows = []
    for line in code.matrix_iter(scale=1, border=BORDER):
        row = b"".join(b"\x00" * SCALE if dark else b"\xff" * SCALE for dark in line)
        rows.append((b"\x00" + row) * SCALE)
    side = len(rows) * SCALE
    picture = io.BytesIO()
    picture.write(b"\x89PNG\r\n\x1a\n")
    _chunk(picture, b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
    _chunk(picture, b"IDAT", zlib.compress(b"".join(rows), 6))
    _chunk(picture, b"IEND", b"")
    return picture.getvalue()


def _chunk(picture: io.BytesIO, kind: bytes, data: bytes) -> None:
    picture.write(struct.pack(">I", len(data)) + kind + data)
    picture.write(struct.pack(">I", zlib.crc32(kind + data)))
