"""What the page engine leaves out: text to copy, marks for screen readers, XMP, space to sign.

A PDF holds shapes, each with the letters it stands for. Where shapes are shared between letters,
joined, or put in another order (Thai, Khmer, a letter with two accents), these letters do not add
up to the text. There each piece of the page carries its text besides (``ActualText``), which
readers take instead. It goes in while the page is drawn: afterwards nobody knows any more which
shapes were which text. The rest is done to pydyf's objects just before they are written.

See docs/decisions/printing.md.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.sax.saxutils import escape

import pydyf
import weasyprint.pdf
from weasyprint.pdf.stream import Stream

from trainings.printing.assets import Page

CONTENTS_DIGITS = 8192  # hexadecimal digits kept for the signature itself
BYTE_RANGE = "[0 9999999999 9999999999 9999999999]"
SIGNED_AT = "(D:00000000000000Z)"
RDF_END = b"</rdf:RDF>"
PRODUCER = b"Trainings"
# PDF/A requires a description in the file for properties it does not know, such as PDF/UA's.
DESCRIPTION = (
    b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">'
    b"<pdfuaid:part>1</pdfuaid:part></rdf:Description>"
    b'<rdf:Description rdf:about=""'
    b' xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    b' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
    b' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>'
    b'<rdf:li rdf:parseType="Resource">'
    b"<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>"
    b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
    b'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    b"<pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    b"<pdfaProperty:category>internal</pdfaProperty:category>"
    b"<pdfaProperty:description>The part of ISO 14289 that is followed</pdfaProperty:description>"
    b"</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>"
    b"</rdf:Description>"
)

# Latin, Greek, Cyrillic, Chinese, Japanese and Korean letters have a shape each.
_SHAPED = re.compile(
    "[^\u0000-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u209f\u20a0-\u2bff\u2e80-\ua4cf\uac00-\ud7a3\uff00-\uffef]"
)


class _Uncompressed(pydyf.Dictionary):  # type: ignore[misc]
    """A dictionary written uncompressed, so that bytes of it can be filled in later."""

    @property
    def compressible(self) -> bool:
        return False


class _Written(pydyf.Object):  # type: ignore[misc]
    """An object as it stands in the file: the library asks for that twice, compressing each time.

    Once it hashes the whole file into its identifier, once it writes it.
    """

    data = b""
    compressible = False

    def __init__(self, item: pydyf.Object) -> None:
        super().__init__()
        self.number = item.number
        self.data = item.data
        self.compressible = item.compressible


class TextStream(Stream):  # type: ignore[misc]
    """The drawing of a page, in which each piece of text may carry what it says."""

    with_text = False

    @contextmanager
    def marked(self, box: Any, tag: str) -> Iterator[None]:
        """One piece of the page as it is tagged; inside the tag, its text."""
        with super().marked(box, tag):
            text = getattr(box, "text", "") if self.with_text else ""
            said = bool(text.strip()) and not _read_by_shape(text)
            if said:
                name = pydyf.Dictionary({"ActualText": pydyf.String(text)})
                self.begin_marked_content("Span", name)
            yield
            if said:
                self.end_marked_content()


def _read_by_shape(text: str) -> bool:
    """Whether a text runs leftward in letters of one shape each: readers turn such shapes around.

    They do not turn around what a piece says, as some also should.
    """
    kinds = {unicodedata.bidirectional(character) for character in text}
    return bool(kinds & {"R", "AL"}) and "NSM" not in kinds


weasyprint.pdf.Stream = TextStream


@contextmanager
def copied_as_written(html: str) -> Iterator[None]:
    """Inside, what is drawn carries its text, if the page has letters that need it.

    If one piece needs it, all have it: the shape of a plain letter may be known by the accent that
    it had first.
    """
    TextStream.with_text = _SHAPED.search(html) is not None
    try:
        yield
    finally:
        TextStream.with_text = False


def complete(pdf: Any, page: Page) -> None:
    """Finish the file of ``page``."""
    _map_all_glyphs(pdf)
    _mark_tags(pdf, page)
    _merge_metadata(pdf, page)
    if page.signature_text:
        _leave_room(pdf, page.signature_text)
    pdf.objects[1:] = [_Written(item) for item in pdf.objects[1:]]


def _mark_tags(pdf: Any, page: Page) -> None:
    """The scope of header cells, the language of a second column."""
    for item in pdf.objects:
        if not isinstance(item, dict) or item.get("Type") != "/StructElem":
            continue
        if item["S"] == "/TH":
            item["A"]["Scope"] = f"/{page.header_scope}"
        elif item["S"] == "/Sect" and page.section_language:
            item["Lang"] = f"({page.section_language})"


def _map_all_glyphs(pdf: Any) -> None:
    """Map every glyph that is shown to a character.

    Where several glyphs draw one letter (an Arabic base and its dots), one carries the letter; the
    others get an invisible joiner, which is not read aloud and is ignored when names are compared.
    """
    for item in pdf.objects:
        if isinstance(item, pydyf.Stream) and item.stream[2:3] == [b"begincmap"]:
            item.stream = [
                part[: -len(b"<>")] + b"<034f>" if part.endswith(b"> <>") else part
                for part in item.stream
            ]


def _merge_metadata(pdf: Any, page: Page) -> None:
    """Declare PDF/UA and the file's identifiers (token, serial) in the packet's one RDF element."""
    stream = _object(pdf, pdf.catalog["Metadata"])
    identifiers = b"".join(
        b"<rdf:li>" + escape(identifier).encode() + b"</rdf:li>" for identifier in page.identifiers
    )
    more = DESCRIPTION
    if identifiers:
        more += (
            b'<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">'
            b"<xmp:Identifier><rdf:Bag>" + identifiers + b"</rdf:Bag></xmp:Identifier>"
            b"</rdf:Description>"
        )
    stream.stream = [
        part.replace(RDF_END, more + RDF_END).replace(_engine(), PRODUCER) for part in stream.stream
    ]
    pdf.info["Producer"] = pydyf.String(PRODUCER.decode())  # both say the same, as PDF/A requires


def _engine() -> bytes:
    """How the page engine calls itself: its version would tell whoever holds a file what we run."""
    return f"WeasyPrint {weasyprint.__version__}".encode()


def _leave_room(pdf: Any, text: str) -> None:
    """Add an empty signature that certifies the file and allows no change; ``signing`` fills it."""
    first_page = pdf.page_references[0]
    signature = _Uncompressed(
        {
            "Type": "/Sig",
            "Filter": "/Adobe.PPKLite",
            "SubFilter": "/ETSI.CAdES.detached",
            "M": SIGNED_AT,
            "ByteRange": BYTE_RANGE,
            "Contents": "<" + "0" * CONTENTS_DIGITS + ">",
            "Reference": "[<</Type/SigRef/TransformMethod/DocMDP"
            "/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]",
        }
    )
    pdf.add_object(signature)
    widget = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": "(Signature1)",
            "TU": pydyf.String(text),
            "V": signature.reference,
            "F": 132,  # printed, locked, and with no extent, so nothing is visible
            "Rect": "[0 0 0 0]",
            "P": first_page,
        }
    )
    pdf.add_object(widget)
    page = _object(pdf, first_page)
    page["Annots"] = pydyf.Array([*page.get("Annots", ()), widget.reference])
    pdf.catalog["AcroForm"] = f"<</Fields[{widget.reference.decode()}]/SigFlags 3>>"
    pdf.catalog["Perms"] = f"<</DocMDP {signature.reference.decode()}>>"
    _tag_widget(pdf, widget, text)


def _tag_widget(pdf: Any, widget: Any, text: str) -> None:
    """Add the signature to the tree that screen readers follow: a form element at its end."""
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    document = _object(pdf, root["K"][0])
    element = pydyf.Dictionary(
        {"Type": "/StructElem", "S": "/Form", "P": document.reference, "Alt": pydyf.String(text)}
    )
    pdf.add_object(element)
    element["K"] = f"<</Type/OBJR/Obj {widget.reference.decode()}>>"
    element["Pg"] = widget["P"]
    document["K"].append(element.reference)
    numbers = _object(pdf, root["ParentTree"])["Nums"]
    key = max(numbers[::2]) + 1
    numbers.extend([key, element.reference])
    widget["StructParent"] = key


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]
