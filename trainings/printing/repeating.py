"""A page of a batch, of which only some paragraphs differ from the last: those alone are set anew.

Certificates of one course differ in a name, a function, a number and a code. Laying out the rest
again takes most of the time. The same page set whole gives the same bytes
(``tests/printing/test_repeating.py``).

See docs/decisions/printing.md.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterator
from math import inf
from typing import Any
from xml.etree import ElementTree as ET

from weasyprint.document import Document
from weasyprint.formatting_structure import boxes, build
from weasyprint.layout.background import layout_box_backgrounds
from weasyprint.layout.block import block_level_layout

PARAGRAPH = "p"
TINY = 1e-6  # of a pixel, for heights added up from another place
KEPT = 4  # pages, of the batches drawn last


class Differs(Exception):
    """A paragraph that takes another room than the last one: the page has to be set whole."""


class LaidOut(Document):  # type: ignore[misc]
    """A document that keeps with what it was laid out."""

    @classmethod
    def _build_layout_context(cls, html: Any, *rest: Any) -> Any:
        html.context = super()._build_layout_context(html, *rest)
        return html.context


class Repeated:
    """The laid-out pages of the batches drawn last, by all that their pages have in common."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()

    def keep(self, tree: ET.Element, look: Hashable, drawn: LaidOut) -> None:
        """Keep the page that was set from ``tree`` in this look; only pages of our templates."""
        self._kept[look, _frame(tree)] = _Kept(drawn)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def forget(self) -> None:
        """Set the next page whole, whatever it is."""
        self._kept.clear()

    def again(self, tree: ET.Element, look: Hashable) -> LaidOut | None:
        """The page of ``tree``, where one like it was kept; None: it has to be set whole."""
        key = look, _frame(tree)
        kept = self._kept.pop(key, None)  # one that fails halfway is not used again
        if kept is None:
            return None
        try:
            page = kept.with_words_of(tree)
        except Differs:
            return None
        self._kept[key] = kept
        return page


class _Kept:
    """One laid-out page, and where on it each paragraph stands."""

    def __init__(self, drawn: LaidOut) -> None:
        self._drawn = drawn
        self._context = drawn._html.context
        self._root = drawn._html.etree_element
        self._page = drawn.pages[0]._page_box
        self._places = {
            box.element: (box, parent)
            for parent, box in _within(self._page)
            if isinstance(box, boxes.BlockBox) and box.element_tag == PARAGRAPH
        }

    def with_words_of(self, tree: ET.Element) -> LaidOut:
        """The page with the words and pictures of another one; raises :class:`Differs`."""
        for mine, theirs in zip(self._root.iter(PARAGRAPH), tree.iter(PARAGRAPH), strict=True):
            if _take_over(mine, theirs):
                self._set(mine)
        return self._drawn.copy()  # type: ignore[no-any-return]

    def _set(self, paragraph: ET.Element) -> None:
        """Set a paragraph where it stands; nothing around it may have to move."""
        place, around = self._places[paragraph]
        context = self._context
        (box,) = build.element_to_box(
            paragraph,
            context.style_for,
            context.get_image_from_uri,
            None,
            context.target_collector,
            context.counter_style,
            context.footnotes,
        )
        box.process_whitespace()
        box.process_text_transform()
        box = build.create_anonymous_boxes(box)
        box.position_x, box.position_y = place.position_x, place.position_y
        context.create_block_formatting_context()
        laid = block_level_layout(context, box, -inf, None, around)[0]
        context.finish_block_formatting_context()
        room = abs(laid.width - place.width) + abs(laid.height - place.height)
        if room > TINY:
            raise Differs
        laid.translate(
            place.content_box_x() - laid.content_box_x(),
            place.content_box_y() - laid.content_box_y(),
        )
        for line in laid.children:
            layout_box_backgrounds(self._page, line, context.get_image_from_uri)
        place.children = laid.children


def _within(box: Any) -> Iterator[tuple[Any, Any]]:
    """Each box inside, after the one that holds it."""
    for child in getattr(box, "children", ()):
        found = getattr(child, "_box", child)  # out of the flow, it stands behind a placeholder
        yield box, found
        yield from _within(found)


def _frame(tree: ET.Element) -> Hashable:
    """All of a page but the words of its paragraphs and the pictures in them."""
    parts: list[Hashable] = []
    _add_frame(tree, parts, inside=False)
    return tuple(parts)


def _add_frame(element: ET.Element, parts: list[Hashable], *, inside: bool) -> None:
    inside = inside or element.tag == PARAGRAPH
    kept = [item for item in element.items() if not (inside and item[0] == "src")]
    parts.append((element.tag, *kept, None if inside else element.text, len(element)))
    for child in element:
        _add_frame(child, parts, inside=inside)
        parts.append(None if inside else child.tail)


def _take_over(mine: ET.Element, theirs: ET.Element) -> bool:
    """Give a paragraph the words and pictures of another; whether anything may differ.

    Pictures always do: what was read of the same one for another page is gone.
    """
    differed = mine.text != theirs.text or "src" in mine.attrib
    mine.text = theirs.text
    if "src" in mine.attrib:
        mine.set("src", theirs.attrib["src"])
    for one, other in zip(mine, theirs, strict=True):
        differed = _take_over(one, other) or one.tail != other.tail or differed
        one.tail = other.tail
    return differed
