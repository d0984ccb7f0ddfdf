"""Turns a document into the HTML of its page: sizes chosen by measuring, every value escaped."""

from collections.abc import Hashable, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from msgspec import Struct
from msgspec.structs import asdict, replace

from trainings.printing.assets import Page, Picture, address_of, code_picture, mark_values
from trainings.printing.fonts import Measure, runs_rightward
from trainings.printing.paper_rules import BackDocument, Document
from trainings.printing.paper_typesetting import PaperSetter, Set, running
from trainings.printing.rules import (
    AgendaDocument,
    CertificateDocument,
    ModuleLine,
    PageDocument,
    Template,
    Wording,
)

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "printing"
# The factors that classes d0 to d7 of certificate.css apply to a size.
SCALE = (1.0, 0.936, 0.873, 0.809, 0.745, 0.682, 0.618, 0.555)
POINT = 0.352778  # millimetres
DOT = " · "
WALL_SIZES = (("large", 7), ("middle", 10))  # of letters, by the sessions of the fullest day
ONE_LINE_SIZES = 3  # smaller than the third size, two lines read better than one


class Widths(Struct, frozen=True):
    """The column widths of a template in millimetres, and its starting sizes."""

    page: float
    half: float
    names: tuple[int, ...]
    titles: tuple[int, ...]
    half_titles: tuple[int, ...] = (15, 13)
    tables: int = 2


WIDTHS = {
    Template.FORMAL: Widths(240, 112, (32, 28, 24, 20, 17), (19, 17, 15)),
    Template.MODERN: Widths(225, 225, (34, 32, 28, 24, 20), (22, 19, 17)),
    Template.LETTER: Widths(160, 160, (24, 20, 17), (17, 15, 13), tables=1),
}


class Typesetter:
    """Makes pages; knows the letter widths of the fonts."""

    def __init__(self, serif: Measure, sans: Measure) -> None:
        self._serif = serif
        self._sans = sans
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {"broken": broken, "unbroken": unbroken}
        self._papers = PaperSetter(self._templates, self._fit)

    def shape(self, document: CertificateDocument | BackDocument) -> Hashable:
        """What decides how full the page is: equal for names of about the same length."""
        if isinstance(document, BackDocument):
            return replace(document, serial="")
        look = WIDTHS[document.template]
        name = self._fit(document.holder_name, look.names, look.page)
        return (
            document.template,
            document.first,
            document.second,
            document.signatories,
            len(document.marks),
            name.size,
            len(name.lines),
        )

    def compose(self, document: Document, density: int = 0) -> Page:
        """The page of ``document``, set with ``density``."""
        if isinstance(document, CertificateDocument):
            return self._certificate(document, density)
        if isinstance(document, AgendaDocument):
            return self._agenda(document)
        if isinstance(document, PageDocument):
            return _page_as_it_is(document)
        return self._papers.compose(document, density)

    def _certificate(self, document: CertificateDocument, density: int) -> Page:
        pictures: dict[str, Picture] = {}
        words = [document.first, *([document.second] if document.second else [])]
        look, scale = WIDTHS[document.template], SCALE[density]
        column = look.page if len(words) == 1 else look.half
        titles = look.titles if len(words) == 1 else look.half_titles
        tables = 1 if len(words) > 1 else look.tables
        context = {
            "density": density,
            "look": document.template.value,
            "version": document.template.version,
            "first": document.first,
            "second": document.second,
            "name": self._fit(document.holder_name, look.names, look.page, scale),
            "holders": self._facts([w.holder_line for w in words], column, 12 * scale),
            "titles": self._alike([w.course_title for w in words], titles, column * 0.9, scale),
            "whens": self._facts([w.when_and_where for w in words], column, 11.6 * scale),
            "hours_width": self._widest([module.hours for w in words for module in w.modules]),
            "modules": [_columns(w.modules, tables) for w in words],
            "marks": [mark_values(mark, pictures) for mark in document.marks],
            "signatories": [
                {
                    "name": who.name,
                    "title": who.title,
                    "agency": who.agency,
                    "alt": _signature_text(document.first, who.name or who.title),
                    "address": address_of(who.picture, pictures) if who.picture else "",
                }
                for who in document.signatories
            ],
            "code": address_of(code_picture(document.verify_url), pictures, lasting=False),
            "serial": document.serial,
            "short_url": document.short_url,
        }
        html = self._templates.get_template("certificate.html").render(context)
        return Page(
            html,
            sheet=document.template.value,
            pictures=pictures,
            one_page=True,
            header_scope="Row",
            section_language=document.second.language if document.second else "",
            identifiers=tuple(
                filter(None, (document.verify_url, document.serial, document.file_code))
            ),
            signature_text=document.first.seal_text if document.to_be_signed else "",
        )

    def _agenda(self, document: AgendaDocument) -> Page:
        pictures: dict[str, Picture] = {}
        context = asdict(document) | {
            "marks": [mark_values(mark, pictures) for mark in document.marks]
        }
        most = max((len(day.sessions) for day in document.days), default=0)
        context["size"] = next((size for size, rows in WALL_SIZES if most <= rows), "small")
        html = self._templates.get_template(f"{document.form}.html").render(context)
        return Page(
            html,
            sheet=str(document.form),
            css=running(document.wording, document.course_title),
            pictures=pictures,
        )

    def _fit(self, text: str, sizes: Sequence[int], room: float, scale: float = 1.0) -> Set:
        """``text`` at the largest size that keeps it on one line, else on the fewest lines."""
        direction = "ltr" if runs_rightward(text) else "rtl"
        width = self._serif.width(text)
        for size in sizes[:ONE_LINE_SIZES]:
            if width * size * scale * POINT <= room:
                return Set(size, [text], direction)
        for lines_allowed in (2, 3):
            for size in sizes[1:] or sizes:
                lines = self._serif.lines(text, room / (size * scale * POINT))
                if len(lines) <= lines_allowed:
                    return Set(size, lines, direction)
        lines = self._serif.lines(text, room / (sizes[-1] * scale * POINT))
        return Set(sizes[-1], lines, direction)

    def _alike(
        self, texts: Sequence[str], sizes: Sequence[int], room: float, scale: float
    ) -> list[Set]:
        """Each text fitted, all at the size of the one that needs the smallest."""
        smallest = min(self._fit(text, sizes, room, scale).size for text in texts)
        return [self._fit(text, (smallest,), room, scale) for text in texts]

    def _widest(self, texts: Sequence[str]) -> str:
        """The width in ems of a column that holds each of ``texts``."""
        return f"{max(map(self._sans.width, texts), default=0) + 0.1:.2f}"

    def _facts(self, texts: Sequence[str], room: float, size: float) -> list[list[str]]:
        """Facts separated by dots; if one is too long for its column, all are broken."""
        ems = room / (size * POINT)
        if all(self._sans.width(text) <= ems for text in texts):
            return [[text] for text in texts]
        return [self._broken_facts(text, ems) for text in texts]

    def _broken_facts(self, text: str, ems: float) -> list[str]:
        """``text`` broken at a dot if that is enough, else between any words."""
        facts = text.split(DOT)
        splits = [
            [DOT.join(facts[:number]), DOT.join(facts[number:])] for number in range(1, len(facts))
        ]
        widest = [max(map(self._sans.width, lines)) for lines in splits]
        if splits and min(widest) <= ems:
            return splits[widest.index(min(widest))]
        return self._sans.lines(text, ems)


def broken(lines: Sequence[str]) -> Markup:
    """Lines with a break between them; a space stays for copying and screen readers.

    In right-to-left text the space would indent the lines, so there it is made as thin as possible.
    """
    leftward = bool(lines) and not runs_rightward(lines[0])
    space = Markup('<span style="font-size:.1pt"> </span>') if leftward else Markup(" ")
    return (space + Markup("<br/>")).join(escape(line) for line in lines)


def next_density(density: int, room: float) -> int | None:
    """The density to try where one left room for only the part ``room``; None after the last."""
    wanted = SCALE[density] * room**0.6  # smaller letters also make fewer lines
    closer = [number for number in range(density + 1, len(SCALE)) if SCALE[number] <= wanted]
    if closer:
        return closer[0]
    return len(SCALE) - 1 if density < len(SCALE) - 1 else None


def unbroken(names: Sequence[str]) -> str:
    """Names separated by commas; a short name stays on one line."""
    return ", ".join(n.replace(" ", "\u00a0") if len(n) <= 24 else n for n in names)


def _columns(modules: Sequence[ModuleLine], tables: int) -> list[Sequence[ModuleLine]]:
    """One table, or two side by side if they fit."""
    if tables < 2 or len(modules) < 2:
        return [modules]
    half = (len(modules) + 1) // 2
    return [modules[:half], modules[half:]]


def _signature_text(words: Wording, who: str) -> str:
    return f"{words.signature_text} {who}".strip()


def _page_as_it_is(document: PageDocument) -> Page:
    pictures = {name: Picture("image/png", data) for name, data in document.pictures.items()}
    return Page(document.html, css=document.css, pictures=pictures, foreign=True)
