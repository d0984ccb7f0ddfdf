"""WeasyPrint, restricted: packaged assets only, fonts and style sheets read once, PDF/A-3, PDF/UA.

Imported by the worker process alone; the web process never loads it.
"""

import logging
import os
from collections.abc import Callable, Hashable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pydyf
from cssselect2 import ElementWrapper
from weasyprint import CSS, DEFAULT_OPTIONS, HTML
from weasyprint.css import ColorProfile
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from trainings.printing.assets import Page, Picture
from trainings.printing.completion import complete, copied_as_written
from trainings.printing.fonts import INSTALLED, measure, prepare
from trainings.printing.paper_rules import ONE_PAGE, Document
from trainings.printing.repeating import LaidOut, Repeated
from trainings.printing.rules import Reason
from trainings.printing.typesetting import TEMPLATES, Typesetter, next_density

LARGEST_SHARE = 2.5  # pixels for each part of a gap
COLOURS = "paper"  # the colour profile, read once; the library would read it for each page
RGB = (["r"], ["g"], ["b"])
SHEETS = {
    "formal": ("certificate.css", "formal.css"),
    "modern": ("certificate.css", "modern.css"),
    "letter": ("certificate.css", "letter.css"),
    "agenda": ("paper.css", "agenda.css"),
    "agenda_wall": ("paper.css", "agenda_wall.css"),
    "agenda_sheets": ("paper.css", "agenda.css", "agenda_sheets.css"),
    "programme": ("paper.css", "programme.css"),
    "sheet": ("paper.css", "sheet.css"),
    "table_list": ("paper.css", "table_list.css"),
    "back": ("certificate.css", "back.css"),
    "badges": ("paper.css", "badges.css"),
    "tents": ("paper.css", "tents.css"),
    "letter_page": ("paper.css", "letter_page.css"),
    "laws_matrix": ("paper.css", "laws.css", "laws_matrix.css"),
    "laws_handout": ("paper.css", "laws.css"),
    "laws_worksheet": ("paper.css", "laws.css", "laws_worksheet.css"),
}


class Undrawable(Exception):
    """A document that cannot become a page as it is."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class Spilled(Exception):
    """More text than the page holds at this density; ``room`` is the fraction that fits."""

    def __init__(self, room: float) -> None:
        super().__init__(room)
        self.room = room


class HouseFetcher(URLFetcher):  # type: ignore[misc]
    """Serves what was packaged for the current page; any other address ends the document."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures: dict[str, Picture] = {}
        self.refused = False  # some callers swallow what we raise; this they cannot

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The packaged asset called ``url``."""
        picture = self.pictures.get(url)
        if picture is None:
            self.refused = True
            raise FatalURLFetchingError("not packaged")
        return URLFetcherResponse(url, picture.data, {"Content-Type": picture.kind})


class HousePage(HTML):  # type: ignore[misc]
    """A page made by our own templates: it is well-formed, so the fast parser reads it."""

    def __init__(self, string: str, url_fetcher: URLFetcher) -> None:
        self.base_url = None
        self.url_fetcher = url_fetcher
        self.media_type = "print"
        self.etree_element = ET.fromstring(string)  # noqa: S314 (written by us)
        self.wrapper_element = ElementWrapper.from_html_root(
            self.etree_element, content_language=None
        )


class FontFetcher(URLFetcher):  # type: ignore[misc]
    """Serves the cut font files while our own style sheets are read."""

    def __init__(self, files: dict[str, Path]) -> None:
        super().__init__()
        self._files = files

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The font file called ``url``."""
        return URLFetcherResponse(url, self._files[url].read_bytes())


class KeptStream:
    """A picture as stored in a PDF: compressed once for all documents that show it.

    The library would unpack and compress it again for each one, which takes as long as all the
    rest.
    """

    def __init__(self, pack: Callable[[bool, float], Any]) -> None:
        self._pack = pack
        self._packed: dict[tuple[bool, float], Any] = {}

    def __call__(self, interpolate: bool, dpi_ratio: float) -> Any:
        """A stream that can be put into one more document."""
        wanted = interpolate, dpi_ratio
        if wanted not in self._packed:
            self._packed[wanted] = self._pack(*wanted)
        return self._again(self._packed[wanted])

    def _again(self, stream: Any) -> Any:
        extra = pydyf.Dictionary(stream.extra)
        if "SMask" in extra:
            extra["SMask"] = self._again(extra["SMask"])
        return pydyf.Stream(stream.stream, extra)


class Engine:
    """Turns documents into PDF files, one after another, with everything warm."""

    def __init__(self, fonts_folder: Path) -> None:
        logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
        os.environ["FONTCONFIG_FILE"] = str(INSTALLED)
        faces = prepare(fonts_folder)
        self._fonts = FontConfiguration()
        self._fetcher = HouseFetcher()
        self._images: dict[str, Any] = {}
        self._fitting: dict[Hashable, int] = {}
        self._repeated = Repeated()
        self._options = {"pdf_variant": "pdf/a-3a", "output_intent": COLOURS, "cache": self._images}
        with resources.files("weasyprint.pdf").joinpath("sRGB2014.icc").open("rb") as profile:
            self._colours = ColorProfile(profile, COLOURS, "relative-colorimetric", RGB)
        files = {f"house:{face.file_name}": path for face, path in faces.items()}
        self.font_rules = "".join(
            f"@font-face{{font-family:'{face.family}';font-weight:{face.weight};"
            f"src:url(house:{face.file_name})}}"
            for face in faces
        )
        self._read(self.font_rules, FontFetcher(files))
        self._sheets = {
            name: self._read("".join((TEMPLATES / f).read_text() for f in parts), self._fetcher)
            for name, parts in SHEETS.items()
        }
        self.typesetter = Typesetter(
            serif=measure(faces, "Paper Serif", 700), sans=measure(faces, "Paper Sans", 400)
        )

    def draw(self, document: Document) -> bytes:
        """The PDF of ``document``; raises :class:`Undrawable`."""
        if not isinstance(document, ONE_PAGE):
            return self._draw(self.typesetter.compose(document))
        shape = self.typesetter.shape(document)
        density: int | None = self._fitting.get(shape, 0)
        while density is not None:
            try:
                drawn = self._draw(self.typesetter.compose(document, density))
            except Spilled as spilled:
                density = next_density(density, spilled.room)
            else:
                self._remember(shape, density)
                return drawn
        raise Undrawable(Reason.DOES_NOT_FIT)

    def _remember(self, shape: Hashable, density: int) -> None:
        """Start the next document of the same batch with the density that fitted."""
        if len(self._fitting) > 500:
            self._fitting.clear()
        self._fitting[shape] = density

    def _draw(self, page: Page) -> bytes:
        """The PDF; raises :class:`Spilled` where a one-page document needs more than one."""
        self._fetcher.pictures.update(page.pictures)
        self._fetcher.refused = False
        try:
            sheets = [self._sheets[page.sheet]] if page.sheet else []
            if page.css:
                sheets = [*sheets, self._read(page.css, self._fetcher)]
            rendered = self._set(page, sheets)
            self._keep(page)
            with copied_as_written(page.html):
                written: bytes = rendered.write_pdf(
                    finisher=lambda _, pdf: complete(pdf, page), **self._options
                )
            if self._fetcher.refused:
                raise Undrawable(Reason.FOREIGN_ADDRESS)
            lacking = {code for font in rendered.fonts.values() for code in font.missing}
            if lacking:
                raise Undrawable(Reason.NO_GLYPH, "".join(map(chr, sorted(lacking))))
            return written
        except FatalURLFetchingError:
            raise Undrawable(Reason.FOREIGN_ADDRESS) from None
        finally:
            self._forget(page)

    def _set(self, page: Page, sheets: list[CSS]) -> Any:
        """The page laid out; raises :class:`Spilled`."""
        if page.foreign:
            return HTML(string=page.html, url_fetcher=self._fetcher).render(
                font_config=self._fonts,
                stylesheets=sheets,
                color_profiles={COLOURS: self._colours},
                **self._options,
            )
        html, look = HousePage(page.html, self._fetcher), (page.sheet, page.css)
        rendered = self._repeated.again(html.etree_element, look) if page.one_page else None
        if rendered is None:
            rendered = LaidOut._render(
                html,
                self._fonts,
                None,
                {COLOURS: self._colours},
                DEFAULT_OPTIONS | self._options | {"stylesheets": sheets},
            )
            if page.one_page:
                _fit(rendered)
                self._repeated.keep(html.etree_element, look, rendered)
        return rendered

    def _read(self, css: str, fetcher: URLFetcher) -> CSS:
        return CSS(string=css, font_config=self._fonts, url_fetcher=fetcher)

    def _keep(self, page: Page) -> None:
        """Compress only once the pictures that the next document shows too."""
        for address, picture in page.pictures.items():
            pack = getattr(self._images.get(address), "get_x_object", None)
            if picture.lasting and pack is not None and not isinstance(pack, KeptStream):
                self._images[address].get_x_object = KeptStream(pack)

    def _forget(self, page: Page) -> None:
        """Drop the pictures of this page; shared ones only when there are many."""
        for address, picture in page.pictures.items():
            self._fetcher.pictures.pop(address, None)
            if not picture.lasting:
                image = self._images.pop(address, None)
                if image is not None:
                    for key in [k for k in self._images if k.startswith(image.id)]:
                        del self._images[key]
        if len(self._images) > 200:
            self._images.clear()
            self._repeated.forget()  # their pictures are read when they are drawn


def _fit(rendered: Any) -> None:
    """Share the free space between the parts of the page; raises :class:`Spilled`."""
    if len(rendered.pages) != 1:
        raise Spilled(0.8 / (len(rendered.pages) - 1))
    blocks = {
        box.element.get("id"): box
        for box in _blocks(rendered.pages[0]._page_box)
        if box.element is not None and box.element.get("id")
    }
    main, foot = blocks["main"], blocks["foot"]
    room = foot.position_y - main.position_y
    free = room - main.margin_height()
    if free < 0:
        raise Spilled(max(room / main.margin_height(), 0.1))
    gaps = [float(box.element.get("data-gap", 0)) for box in main.children]
    share = min(free * 0.7 / sum(gaps), LARGEST_SHARE) if any(gaps) else 0.0
    down = 0.0
    for box, gap in zip(main.children, gaps, strict=True):
        down += gap * share
        box.translate(0, down)


def _blocks(box: Any, depth: int = 4) -> Iterator[Any]:
    """The outer boxes of a page."""
    for child in getattr(box, "children", ()):
        yield child
        if depth:
            yield from _blocks(child, depth - 1)
