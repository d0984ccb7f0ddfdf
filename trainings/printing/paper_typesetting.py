"""The pages of what is handed out around a course: sheets, badges, tents, letters, back pages."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from jinja2 import Environment

from trainings.printing.assets import Page, Picture, address_of, mark_values
from trainings.printing.paper_rules import (
    BackDocument,
    BadgesDocument,
    Bearer,
    LetterDocument,
    PaperDocument,
    PaperWording,
    SheetDocument,
    TentsDocument,
)
from trainings.printing.qr import code_picture
from trainings.printing.rules import AgendaWording

BADGE_NAMES, BADGE_ROOM = (26, 23, 20, 17, 14), 89.0
TENT_NAMES, TENT_ROOM = (64, 54, 46, 38, 30, 24), 178.0
PORTRAIT, LANDSCAPE = "@page { size: A4 }", "@page { size: A4 landscape }"


@dataclass(frozen=True, slots=True)
class Set:
    """A text broken into lines at a size."""

    size: int
    lines: list[str]
    direction: str = "ltr"


Fit = Callable[[str, tuple[int, ...], float], Set]


class PaperSetter:
    """Makes the pages of papers from their templates; ``fit`` chooses the sizes of names."""

    def __init__(self, templates: Environment, fit: Fit) -> None:
        self._templates = templates
        self._fit = fit

    def compose(self, document: PaperDocument, density: int = 0) -> Page:
        """The page of ``document``."""
        if isinstance(document, SheetDocument):
            return self._sheet(document)
        if isinstance(document, BackDocument):
            return self._back(document, density)
        if isinstance(document, BadgesDocument):
            return self._badges(document)
        if isinstance(document, TentsDocument):
            return self._tents(document)
        return self._letter(document)

    def _sheet(self, document: SheetDocument) -> Page:
        pictures: dict[str, Picture] = {}
        context = asdict(document) | {
            "marks": [mark_values(mark, pictures) for mark in document.marks]
        }
        return Page(
            self._html("sheet.html", context),
            sheet="sheet",
            css=running(document.wording, document.course_title)
            + (LANDSCAPE if document.landscape else PORTRAIT),
            pictures=pictures,
        )

    def _back(self, document: BackDocument, density: int) -> Page:
        return Page(
            self._html("back.html", asdict(document) | {"density": density}),
            sheet="back",
            css=PORTRAIT if document.portrait else LANDSCAPE,
            one_page=True,
        )

    def _badges(self, document: BadgesDocument) -> Page:
        pictures: dict[str, Picture] = {}
        context = asdict(document) | {
            "marks": [mark_values(mark, pictures) for mark in document.marks],
            "bearers": [self._named(one, BADGE_NAMES, BADGE_ROOM) for one in document.bearers],
            "code": address_of(code_picture(document.code_url), pictures)
            if document.code_url
            else "",
        }
        return Page(
            self._html("badges.html", context),
            sheet="badges",
            css=running(document.wording, document.course_title, first=True),
            pictures=pictures,
        )

    def _tents(self, document: TentsDocument) -> Page:
        context = asdict(document) | {
            "bearers": [self._named(one, TENT_NAMES, TENT_ROOM) for one in document.bearers]
        }
        return Page(
            self._html("tents.html", context),
            sheet="tents",
            css=running(document.wording, document.course_title, first=True),
        )

    def _letter(self, document: LetterDocument) -> Page:
        pictures: dict[str, Picture] = {}
        context = asdict(document) | {
            "marks": [mark_values(mark, pictures) for mark in document.marks],
            "signatories": [
                {
                    "name": who.name,
                    "title": who.title,
                    "agency": who.agency,
                    "address": address_of(who.picture, pictures) if who.picture else "",
                }
                for who in document.signatories
            ],
        }
        return Page(
            self._html("letter_page.html", context),
            sheet="letter_page",
            css=running(document.wording, document.reference),
            pictures=pictures,
            header_scope="Row",
        )

    def _named(self, one: Bearer, sizes: tuple[int, ...], room: float) -> dict[str, Any]:
        return {
            "name": self._fit(one.name, sizes, room),
            "line": one.line,
            "country": one.country,
            "role": one.role,
        }

    def _html(self, name: str, context: dict[str, Any]) -> str:
        return self._templates.get_template(name).render(context)


def running(words: AgendaWording | PaperWording, title: str, first: bool = False) -> str:
    """The lines at the foot and head of each page, as strings of a style sheet.

    The title is left out on the first page, which bears it as its heading, unless ``first``.
    """
    counters = {"page": "counter(page)", "pages": "counter(pages)"}
    numbered = " ".join(
        counters.get(piece[1:-1], css_string(piece)) if piece[:1] == "{" else css_string(piece)
        for piece in re.split(r"(\{pages?\})", words.page)
        if piece
    )
    return (
        f"@page {{ @bottom-left {{ content: {css_string(words.printed)} }}"
        f" @bottom-right {{ content: {numbered} }}"
        f" @top-right {{ content: {css_string(words.confidential)} }}"
        f" @top-left {{ content: {css_string(title)} }} }}"
        + ("" if first else " @page :first { @top-left { content: none } }")
    )


def css_string(text: str) -> str:
    """``text`` as a string of a style sheet: every character by its number."""
    return '"' + "".join(f"\\{ord(character):06x}" for character in text) + '"'
