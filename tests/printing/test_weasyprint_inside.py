"""What the printing leans on inside WeasyPrint and pydyf, each named with its reason.

None of it is promised by their makers. When an upgrade moves one, this file fails first and says
what has to be looked at, before a certificate comes out wrong or four times slower.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pydyf
import weasyprint
from cssselect2 import ElementWrapper
from weasyprint import CSS, HTML
from weasyprint.css import ColorProfile
from weasyprint.document import Document, Page
from weasyprint.formatting_structure.boxes import Box
from weasyprint.formatting_structure.build import build_formatting_structure, element_to_box
from weasyprint.images import RasterImage
from weasyprint.layout.background import layout_box_backgrounds
from weasyprint.layout.block import block_level_layout
from weasyprint.pdf.fonts import Font
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from trainings.printing.pdf import HousePage

PAGE = "<html lang='en'><body><div id='main'>x</div></body></html>"


def parameters(call: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(call).parameters)


def rendered(**options: Any) -> Document:
    with resources.files("weasyprint.pdf").joinpath("sRGB2014.icc").open("rb") as file:
        colours = ColorProfile(file, "paper", "relative-colorimetric", (["r"], ["g"], ["b"]))
    return HousePage(PAGE, URLFetcher()).render(color_profiles={"paper": colours}, **options)


def test_a_page_of_our_own_needs_no_more_than_we_set() -> None:
    """``HousePage`` skips ``HTML.__init__`` (slow parser): it must set all that it would set."""
    theirs = set(re.findall(r"self\.(\w+) = ", inspect.getsource(HTML.__init__)))
    assert theirs == set(vars(HousePage(PAGE, URLFetcher()))), (
        "HTML.__init__ sets other attributes than HousePage: set the same in HousePage."
    )
    assert len(rendered().pages) == 1


def test_the_tree_is_wrapped_as_the_library_wraps_it() -> None:
    """``HousePage`` calls ``ElementWrapper.from_html_root`` as ``HTML.__init__`` does."""
    call = "ElementWrapper.from_html_root("
    assert call in inspect.getsource(HTML.__init__), "HTML.__init__ wraps its tree another way."
    assert {"content_language"} <= set(parameters(ElementWrapper.from_html_root))


def test_a_page_shows_its_boxes() -> None:
    """``_fit`` shares out the room between the boxes of a page: ``Page._page_box``."""
    box = rendered().pages[0]._page_box
    for name in ("children", "element", "position_y"):
        assert hasattr(box, name), f"A page's box has no «{name}» any more: _fit needs it."
    for name in ("margin_height", "translate"):
        assert callable(getattr(Box, name, None)), f"Boxes have no «{name}» any more."
    assert parameters(Box.translate)[:3] == ["self", "dx", "dy"], "_fit moves boxes down by dy."


def test_a_picture_is_packed_where_we_keep_it() -> None:
    """``_keep`` puts ``KeptStream`` in the place of ``RasterImage.get_x_object``."""
    assert parameters(RasterImage.get_x_object) == ["self", "interpolate", "dpi_ratio"], (
        "get_x_object is called another way: KeptStream keeps by its two arguments."
    )


def test_a_packed_picture_can_be_put_together_again() -> None:
    """``KeptStream`` makes a fresh ``pydyf.Stream`` of the same bytes and entries."""
    assert parameters(pydyf.Stream)[:2] == ["stream", "extra"]
    stream = pydyf.Stream([b"x"], {"SMask": 1})
    assert (stream.stream, stream.extra["SMask"]) == ([b"x"], 1)


def test_pictures_of_one_page_are_found_in_the_cache_by_their_id() -> None:
    """``_forget`` drops what the cache keeps under keys that begin with ``image.id``."""
    assert "key = f'{self.id}-" in inspect.getsource(RasterImage.cache_image_data), (
        "Cached pictures have other keys: _forget would let the cache grow without end."
    )


def test_what_is_kept_between_documents_is_handed_over_by_name() -> None:
    """The engine gives fonts, colours, cache and a finisher as options."""
    assert {"font_config", "color_profiles"} <= set(parameters(HTML.render))
    assert {"stylesheets", "cache", "pdf_variant", "output_intent"} <= set(
        weasyprint.DEFAULT_OPTIONS
    ), "An option that the engine sets is not known any more, and would be ignored."
    assert "finisher" in parameters(Document.write_pdf), "completion.complete needs a finisher."
    assert {"string", "font_config", "url_fetcher"} <= set(parameters(CSS.__init__))


def test_colours_are_read_once() -> None:
    """The engine makes the ``ColorProfile`` itself, from the profile that the library ships."""
    assert parameters(ColorProfile) == ["file_object", "src", "rendering_intent", "components"]
    assert resources.files("weasyprint.pdf").joinpath("sRGB2014.icc").is_file()


def test_missing_letters_are_counted() -> None:
    """``_draw`` refuses a document one of whose fonts lacks a letter: ``Document.fonts``."""
    assert "missing" in inspect.getsource(Font), "Fonts do not say any more what they lack."
    assert isinstance(rendered().fonts, dict)


def test_no_address_is_fetched_but_by_us() -> None:
    """``HouseFetcher`` answers or ends the document; the worker must never reach the network."""
    assert parameters(URLFetcher.fetch) == ["self", "url", "headers"]
    assert parameters(URLFetcherResponse)[:3] == ["url", "body", "headers"]
    assert issubclass(FatalURLFetchingError, BaseException)


def test_the_file_is_completed_before_it_is_written(tmp_path: Path) -> None:
    """``completion`` changes pydyf's objects: their numbers, catalogue, pages and tree of tags."""
    seen: list[pydyf.PDF] = []
    options = {"pdf_variant": "pdf/a-3a", "output_intent": "paper"}
    rendered(**options).write_pdf(
        tmp_path / "x.pdf", finisher=lambda _, pdf: seen.append(pdf), **options
    )
    (pdf,) = seen
    for name in ("objects", "catalog", "page_references", "add_object"):
        assert hasattr(pdf, name), f"pydyf.PDF has no «{name}» any more: completion needs it."
    assert {"Metadata", "StructTreeRoot"} <= set(pdf.catalog)
    tree = pdf.objects[int(pdf.catalog["StructTreeRoot"].split()[0])]
    assert {"K", "ParentTree"} <= set(tree)
    maps = [
        one
        for one in pdf.objects
        if isinstance(one, pydyf.Stream) and one.stream[2:3] == [b"begincmap"]
    ]
    assert maps, "Character maps begin another way: _map_all_glyphs would find none."
    assert isinstance(pydyf.Dictionary.compressible, property), "«compressible» keeps room to sign."


def test_the_page_is_the_one_the_canary_was_written_for() -> None:
    """``Page`` is made of its box alone: what else it held would have to be kept too."""
    assert parameters(Page.__init__) == ["self", "page_box"]


def test_a_paragraph_is_set_alone_as_the_library_sets_it_in_its_page() -> None:
    """``repeating`` makes the boxes of a paragraph and lays them out: the library's own steps."""
    assert parameters(Document._render) == [
        *("html", "font_config", "counter_style", "color_profiles", "options")
    ]
    assert "cls._build_layout_context(" in inspect.getsource(Document._render)
    assert parameters(element_to_box) == [
        *("element", "style_for", "get_image_from_uri", "base_url", "target_collector"),
        *("counter_style", "footnotes", "state"),
    ]
    steps = re.findall(
        r"box\.process_\w+\(\)|create_anonymous_boxes",
        inspect.getsource(build_formatting_structure),
    )
    assert steps == ["box.process_whitespace()", "box.process_text_transform()", steps[-1]], (
        "A page's boxes are prepared in other steps: take the same in repeating._Kept._set."
    )
    assert parameters(block_level_layout)[:5] == [
        *("context", "box", "bottom_space", "skip_stack", "containing_block")
    ]
    assert parameters(layout_box_backgrounds)[:3] == ["page", "box", "get_image_from_uri"]


def test_a_file_asks_each_object_for_no_more_than_we_keep() -> None:
    """``completion._Written`` holds what ``pydyf.PDF.write`` asks of an object."""
    asked = set(re.findall(r"\bobj(?:ect)?_?\.(\w+)", inspect.getsource(pydyf.PDF.write)))
    assert asked <= {"free", "compressible", "offset", "indirect", "data", "number", "generation"}
