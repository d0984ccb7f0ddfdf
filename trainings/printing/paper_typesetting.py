"""The pages of a course's papers: sheets, badges, tents, letters, back pages."""

import re
from collections.abc import Callable
from typing import Any

from jinja2 import Environment
from msgspec import Struct
from msgspec.structs import asdict

from trainings.printing.assets import Page, Picture, address_of, code_picture, mark_values
from trainings.printing.paper_rules import (
    BackDocument,
    BadgesDocument,
    Bearer,
    LawsDocument,
    LetterDocument,
    PaperDocument,
    PaperWording,
    ProgrammeDocument,
    SheetDocument,
    TableListDocument,
    TentsDocument,
)
from trainings.printing.rules import AgendaWording

BADGE_NAMES, BADGE_ROOM = (30, 26, 23, 20, 17, 14), 88.0
TENT_NAMES, TENT_ROOM = (80, 66, 56, 46, 38, 30, 24), 178.0
PORTRAIT, LANDSCAPE = "@page { size: A4 }", "@page { size: A4 landscape }"


class Set(Struct, frozen=True):
    """A text broken into lines, and its size."""

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
        if isinstance(document, TableListDocument):
            return self._table_list(document)
        if isinstance(document, BackDocument):
            return self._back(document, density)
        if isinstance(document, BadgesDocument):
            return self._badges(document)
        if isinstance(document, TentsDocument):
            return self._tents(document)
        if isinstance(document, LawsDocument):
            return self._laws(document)
        if isinstance(document, ProgrammeDocument):
            return self._programme(document)
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

    def _table_list(self, document: TableListDocument) -> Page:
        pictures: dict[str, Picture] = {}
        context = asdict(document) | {
            "marks": [mark_values(mark, pictures) for mark in document.marks]
        }
        return Page(
            self._html("table_list.html", context),
            sheet="table_list",
            css=running(document.wording, document.course_title) + PORTRAIT,
            pictures=pictures,
            header_scope="Row",
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
        self._strokes("badges.svg", "house:cut", pictures)
        return Page(
            self._html("badges.html", context),
            sheet="badges",
            css=running(document.wording, document.course_title, first=True, note=document.note),
            pictures=pictures,
        )

    def _tents(self, document: TentsDocument) -> Page:
        pictures: dict[str, Picture] = {}
        self._strokes("tents.svg", "house:folds", pictures)
        context = asdict(document) | {
            "bearers": [self._named(one, TENT_NAMES, TENT_ROOM) for one in document.bearers]
        }
        return Page(
            self._html("tents.html", context),
            sheet="tents",
            css=at_foot(document.wording, document.course_title, document.note),
            pictures=pictures,
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

    def _laws(self, document: LawsDocument) -> Page:
        pictures: dict[str, Picture] = {}
        context = asdict(document) | {
            "marks": [mark_values(mark, pictures) for mark in document.marks]
        }
        return Page(
            self._html(f"{document.form}.html", context),
            sheet=str(document.form),
            css=running(document.wording, document.course_title),
            pictures=pictures,
        )

    def _programme(self, document: ProgrammeDocument) -> Page:
        pictures: dict[str, Picture] = {}
        context = asdict(document) | {
            "marks": [mark_values(mark, pictures) for mark in document.marks]
        }
        return Page(
            self._html("programme.html", context),
            sheet="programme",
            css=running(document.wording, document.title) + PORTRAIT,
            pictures=pictures,
        )

    def _strokes(self, name: str, address: str, pictures: dict[str, Picture]) -> None:
        """The cutting and folding lines, drawn behind the page in its margins."""
        drawing = self._templates.get_template(name).render()
        pictures[address] = Picture("image/svg+xml", drawing.encode())

    def _named(self, one: Bearer, sizes: tuple[int, ...], room: float) -> dict[str, Any]:
        return {
            "name": self._fit(one.name, sizes, room),
            "line": one.line,
            "country": one.country,
            "role": one.role,
            "table": one.table,
        }

    def _html(self, name: str, context: dict[str, Any]) -> str:
        return self._templates.get_template(name).render(context)


def running(
    words: AgendaWording | PaperWording, title: str, first: bool = False, note: str = ""
) -> str:
    """The header and footer lines of each page, as strings of a style sheet.

    The title is left out on the first page, which has it as its heading, unless ``first``.
    """
    return (
        f"@page {{ @bottom-left {{ content: {_lines(words.printed, note)} }}"
        f" @bottom-right {{ content: {_numbered(words)} }}"
        f" @top-right {{ content: {css_string(words.confidential)} }}"
        f" @top-left {{ content: {css_string(title)} }} }}"
        + ("" if first else " @page :first { @top-left { content: none } }")
    )


def at_foot(words: PaperWording, title: str, note: str) -> str:
    """The same lines, all in the footer: the top of the page is the face of a name tent."""
    return (
        f"@page {{ @bottom-left {{ content: {_lines(note, title, words.printed)} }}"
        f' @bottom-right {{ content: {css_string(words.confidential)} "\\00000a" '
        f"{_numbered(words)} }} }}"
    )


def _numbered(words: AgendaWording | PaperWording) -> str:
    counters = {"page": "counter(page)", "pages": "counter(pages)"}
    return " ".join(
        counters.get(piece[1:-1], css_string(piece)) if piece[:1] == "{" else css_string(piece)
        for piece in re.split(r"(\{pages?\})", words.page)
        if piece
    )


def _lines(*texts: str) -> str:
    return css_string("\n".join(text for text in texts if text))


def css_string(text: str) -> str:
    """``text`` as a style sheet string, every character escaped by its number."""
    return '"' + "".join(f"\\{ord(character):06x}" for character in text) + '"'
