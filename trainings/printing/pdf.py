"""WeasyPrint, kept: packaged assets only, fonts and style sheets read once, PDF/A-3 and PDF/UA.

Imported by the worker process alone; the web process never loads it.
"""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from trainings.printing.fonts import Face, prepare
from trainings.printing.measures import Measure
from trainings.printing.rules import Document, Reason
from trainings.printing.typesetting import TEMPLATES, Page, Picture, Typesetter

XMP_ADDRESS = "house:xmp"
XMP = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">'
    b"<pdfuaid:part>1</pdfuaid:part></rdf:Description></rdf:RDF>"
)
SHEETS = ("certificate.css", "agenda.css")


class Undrawable(Exception):
    """A document that cannot become a page as it is."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class HouseFetcher(URLFetcher):  # type: ignore[misc]
    """Serves what was packaged for the page at hand; any other address ends the document."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures: dict[str, Picture] = {}

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The packaged asset called ``url``."""
        picture = self.pictures.get(url)
        if picture is None:
            raise FatalURLFetchingError("not packaged")
        return URLFetcherResponse(url, picture.data, {"Content-Type": picture.kind})


class FontFetcher(URLFetcher):  # type: ignore[misc]
    """Serves the cut font files while the house's own style sheets are read."""

    def __init__(self, files: dict[str, Path]) -> None:
        super().__init__()
        self._files = files

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The font file called ``url``."""
        return URLFetcherResponse(url, self._files[url].read_bytes())


class Engine:
    """Turns documents into PDF files, one after another, with everything warm."""

    def __init__(self, fonts_folder: Path) -> None:
        logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
        faces = prepare(fonts_folder)
        self._fonts = FontConfiguration()
        self._fetcher = HouseFetcher()
        self._fetcher.pictures[XMP_ADDRESS] = Picture("text/plain", XMP)
        self._images: dict[str, Any] = {}
        files = {f"house:{face.file_name}": path for face, path in faces.items()}
        font_rules = "".join(
            f"@font-face{{font-family:'{face.family}';font-weight:{face.weight};"
            f"src:url(house:{face.file_name})}}"
            for face in faces
        )
        self._read(font_rules, FontFetcher(files))
        self._sheets = {
            name: self._read((TEMPLATES / name).read_text(), self._fetcher) for name in SHEETS
        }
        self._typesetter = Typesetter(
            serif=_measure(faces, "Paper Serif", 700), sans=_measure(faces, "Paper Sans", 400)
        )

    def draw(self, document: Document) -> bytes:
        """The PDF of ``document``; raises :class:`Undrawable`."""
        for density in self._typesetter.densities(document):
            page = self._typesetter.compose(document, density)
            drawn = self._draw(page)
            if drawn is not None:
                return drawn
        raise Undrawable(Reason.DOES_NOT_FIT)

    def _draw(self, page: Page) -> bytes | None:
        """The PDF, or None where a page that must be one spills over."""
        self._fetcher.pictures.update(page.pictures)
        try:
            sheets = [self._sheets[page.sheet]] if page.sheet else []
            if page.css:
                sheets = [*sheets, self._read(page.css, self._fetcher)]
            options = {"pdf_variant": "pdf/a-3a", "xmp_metadata": [XMP_ADDRESS]}
            options["cache"] = self._images  # type: ignore[assignment]
            html = HTML(string=page.html, base_url=None, url_fetcher=self._fetcher)
            rendered = html.render(font_config=self._fonts, stylesheets=sheets, **options)
            if page.one_page and not _fits(rendered):
                return None
            written: bytes = rendered.write_pdf(**options)
            if any(font.missing for font in rendered.fonts.values()):
                raise Undrawable(Reason.NO_GLYPH)
            return written
        except FatalURLFetchingError:
            raise Undrawable(Reason.FOREIGN_ADDRESS) from None
        finally:
            self._forget(page)

    def _read(self, css: str, fetcher: URLFetcher) -> CSS:
        return CSS(string=css, font_config=self._fonts, url_fetcher=fetcher)

    def _forget(self, page: Page) -> None:
        """Let go of the pictures of this page, of the shared ones only when they grow many."""
        for address, picture in page.pictures.items():
            self._fetcher.pictures.pop(address, None)
            if not picture.lasting:
                image = self._images.pop(address, None)
                if image is not None:
                    for key in [k for k in self._images if k.startswith(image.id)]:
                        del self._images[key]
        if len(self._images) > 200:
            self._images.clear()


def _fits(rendered: Any) -> bool:
    """One page, and what stands at the foot does not touch what stands above."""
    if len(rendered.pages) != 1:
        return False
    blocks = {
        box.element.get("id"): box
        for box in _blocks(rendered.pages[0]._page_box)
        if box.element is not None and box.element.get("id")
    }
    if not {"main", "foot"} <= blocks.keys():
        return True
    main, foot = blocks["main"], blocks["foot"]
    return bool(main.position_y + main.margin_height() <= foot.position_y)


def _blocks(box: Any, depth: int = 4) -> Iterator[Any]:
    """The outer boxes of a page."""
    for child in getattr(box, "children", ()):
        yield child
        if depth:
            yield from _blocks(child, depth - 1)


def _measure(faces: dict[Face, Path], family: str, weight: int) -> Measure:
    """The widths of a face, read from its file."""
    path = next(p for face, p in faces.items() if (face.family, face.weight) == (family, weight))
    font = TTFont(path, lazy=True)
    units, metrics = font["head"].unitsPerEm, font["hmtx"].metrics
    return Measure({code: metrics[name][0] / units for code, name in font.getBestCmap().items()})
