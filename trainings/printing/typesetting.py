"""From a document to the HTML of its page: sizes chosen by measure, every value escaped."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from trainings.printing.measures import Measure, runs_rightward
from trainings.printing.qr import code_picture
from trainings.printing.rules import (
    AgendaDocument,
    CertificateDocument,
    Document,
    Mark,
    ModuleLine,
    PageDocument,
    Wording,
)

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "printing"
DENSITIES = ("roomy", "snug", "tight", "dense")
COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
INK = "#14202b"
POINT = 0.352778  # millimetres

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
    """HTML, the sheets that dress it, the pictures it may show."""

    html: str
    sheet: str = ""
    css: str = ""
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    one_page: bool = False


@dataclass(frozen=True, slots=True)
class Set:
    """A text broken into lines at a size."""

    size: int
    lines: list[str]
    direction: str = "ltr"


class Typesetter:
    """Makes pages; knows how wide the faces run."""

    def __init__(self, serif: Measure, sans: Measure) -> None:
        self._serif = serif
        self._sans = sans
        self._signs: dict[str, Picture] = {}
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["broken"] = broken

    def densities(self, document: Document) -> Sequence[str]:
        """The ways to set ``document``, the most open first; the first that fits is taken."""
        if not isinstance(document, CertificateDocument):
            return DENSITIES[:1]
        words = [document.first, *([document.second] if document.second else [])]
        modules = max(len(wording.modules) for wording in words)
        start = 0 if modules <= 4 else 1
        if document.second:
            start += 1 if modules > 2 else 0
        return DENSITIES[start:]

    def compose(self, document: Document, density: str = "roomy") -> Page:
        """The page of ``document``, set with ``density``."""
        if isinstance(document, CertificateDocument):
            return self._certificate(document, density)
        if isinstance(document, AgendaDocument):
            return self._agenda(document)
        return _page_as_it_is(document)

    def _certificate(self, document: CertificateDocument, density: str) -> Page:
        pictures: dict[str, Picture] = {}
        words = [document.first, *([document.second] if document.second else [])]
        column = 250.0 if len(words) == 1 else 112.0
        name_sizes = {"roomy": (32, 28, 24), "snug": (28, 24, 20), "tight": (24, 20, 17)}
        title_sizes: dict[str, tuple[int, ...]] = {
            "roomy": (19, 17, 15),
            "snug": (17, 15, 13),
            "tight": (15, 13, 11),
        }
        if len(words) == 2:
            title_sizes = {"roomy": (15, 13), "snug": (13, 11), "tight": (13, 11)}
        context = {
            "density": density,
            "first": document.first,
            "second": document.second,
            "name": self._fit(document.holder_name, name_sizes.get(density, (17, 14)), 240.0),
            "titles": [
                self._fit(wording.course_title, title_sizes.get(density, (13, 11)), column * 0.8)
                for wording in words
            ],
            "modules": [_columns(wording.modules, len(words)) for wording in words],
            "marks": [self._mark(mark, pictures) for mark in document.marks],
            "signatories": [
                {
                    "name": who.name,
                    "title": who.title,
                    "agency": who.agency,
                    "alt": _signature_text(document.first, who.name or who.title),
                    "address": _address(who.picture, pictures) if who.picture else "",
                }
                for who in document.signatories
            ],
            "code": _address(code_picture(document.verify_url), pictures, lasting=False),
            "serial": document.serial,
            "short_url": document.short_url,
        }
        html = self._templates.get_template("certificate.html").render(context)
        return Page(html, sheet="certificate.css", pictures=pictures, one_page=True)

    def _agenda(self, document: AgendaDocument) -> Page:
        pictures: dict[str, Picture] = {}
        context = asdict(document) | {
            "marks": [self._mark(mark, pictures) for mark in document.marks],
        }
        html = self._templates.get_template("agenda.html").render(context)
        return Page(
            html,
            sheet="agenda.css",
            css=_running(document),
            pictures=pictures,
        )

    def _fit(self, text: str, sizes: Sequence[int], room: float) -> Set:
        """``text`` at the largest size that keeps it on one line, else on the fewest lines."""
        direction = "ltr" if runs_rightward(text) else "rtl"
        for size in sizes:
            if self._serif.width(text) * size * POINT <= room:
                return Set(size, [text], direction)
        for lines_allowed in (2, 3):
            for size in sizes[1:]:
                lines = self._serif.lines(text, room / (size * POINT))
                if len(lines) <= lines_allowed:
                    return Set(size, lines, direction)
        return Set(sizes[-1], self._serif.lines(text, room / (sizes[-1] * POINT)), direction)

    def _mark(self, mark: Mark, pictures: dict[str, Picture]) -> dict[str, Any]:
        colour = mark.colour.lower() if COLOUR.fullmatch(mark.colour) else INK
        sign = f"house:sign-{colour[1:]}"
        if not mark.picture:
            pictures[sign] = self._signs.setdefault(
                colour, Picture("image/svg+xml", SIGN.format(colour=colour).encode())
            )
        return {
            "short_name": mark.short_name,
            "colour": colour,
            "sign": sign,
            "address": _address(mark.picture, pictures) if mark.picture else "",
        }


def broken(lines: Sequence[str]) -> Markup:
    """Lines with a break between them; the space stays for who copies or listens."""
    return Markup(" <br>").join(escape(line) for line in lines)


def _columns(modules: Sequence[ModuleLine], languages: int) -> list[Sequence[ModuleLine]]:
    """One table, or two side by side where one language has the width of the page."""
    if languages > 1 or len(modules) < 2:
        return [modules]
    half = (len(modules) + 1) // 2
    return [modules[:half], modules[half:]]


def _signature_text(words: Wording, who: str) -> str:
    return f"{words.signature_text} {who}".strip()


def _address(data: bytes, pictures: dict[str, Picture], lasting: bool = True) -> str:
    """The name under which the page asks for a picture; only what is here is ever served."""
    address = f"house:{hashlib.sha256(data).hexdigest()[:32]}"
    kind = "image/jpeg" if data.startswith(b"\xff\xd8") else "image/png"
    pictures[address] = Picture(kind, data, lasting)
    return address


def _page_as_it_is(document: PageDocument) -> Page:
    pictures = {name: Picture("image/png", data) for name, data in document.pictures.items()}
    return Page(document.html, css=document.css, pictures=pictures)


def _running(document: AgendaDocument) -> str:
    """The lines at the foot and head of each page, as strings of a style sheet."""
    words = document.wording
    counters = {"page": "counter(page)", "pages": "counter(pages)"}
    numbered = " ".join(
        counters.get(piece[1:-1], _css_string(piece)) if piece[:1] == "{" else _css_string(piece)
        for piece in re.split(r"(\{pages?\})", words.page)
        if piece
    )
    return (
        f"@page {{ @bottom-left {{ content: {_css_string(words.printed)} }}"
        f" @bottom-right {{ content: {numbered} }}"
        f" @top-right {{ content: {_css_string(words.confidential)} }}"
        f" @top-left {{ content: {_css_string(document.course_title)} }} }}"
        " @page :first { @top-left { content: none } }"
    )


def _css_string(text: str) -> str:
    """``text`` as a string of a style sheet: every character by its number."""
    return '"' + "".join(f"\\{ord(character):06x}" for character in text) + '"'
