"""What a page may show: pictures that were put beside it, found by their own digest."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from trainings.printing.rules import Mark

COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
INK = "#14202b"

SIGN = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 44 44" width="44" height="44">'
    '<g fill="none" stroke="{colour}" stroke-width="2">'
    '<circle cx="22" cy="22" r="20" stroke-width="2.4"/><ellipse cx="22" cy="22" rx="9" ry="20"/>'
    '<path d="M2 22h40M5 12h34M5 32h34" stroke-width="1.6"/></g></svg>'
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a page may show, and no other."""

    kind: str
    data: bytes
    lasting: bool = True  # the next document of the batch will show it too


@dataclass(frozen=True, slots=True)
class Page:
    """HTML, the sheets that dress it, the pictures it may show, what its tags shall say.

    Cells that head a row or a column are marked so (``header_scope``); what is in a second
    language stands in ``section`` and is marked with it (``section_language``).
    """

    html: str
    sheet: str = ""
    css: str = ""
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    one_page: bool = False
    header_scope: str = "Column"
    section_language: str = ""
    identifiers: tuple[str, ...] = ()  # how machines may know the file again: token and serial
    signature_text: str = ""  # where it is to be signed: what the signature is called
    foreign: bool = False  # not made by our templates: read as browsers read, faults and all


def mark_values(mark: Mark, pictures: dict[str, Picture]) -> dict[str, str]:
    """What the template shows of an agency's mark: its own picture, or the neutral sign."""
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
    """The name under which the page asks for a picture; only what is here is ever served."""
    address = f"house:{hashlib.sha256(data).hexdigest()[:32]}"
    kind = "image/jpeg" if data.startswith(b"\xff\xd8") else "image/png"
    pictures[address] = Picture(kind, data, lasting)
    return address
