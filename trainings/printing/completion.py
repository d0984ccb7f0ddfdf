"""What the page engine leaves out of a file: marks for readers' aids, one XMP packet, room to sign.

Called with pydyf's objects just before they are written.
"""

from typing import Any
from xml.sax.saxutils import escape

import pydyf

from trainings.printing.assets import Page

CONTENTS_DIGITS = 8192  # hexadecimal digits kept for the signature itself
BYTE_RANGE = "[0 9999999999 9999999999 9999999999]"
SIGNED_AT = "(D:00000000000000Z)"
RDF_END = b"</rdf:RDF>"
# PDF/A asks that a property it does not know, as PDF/UA's, be described in the file.
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


class _Uncompressed(pydyf.Dictionary):  # type: ignore[misc]
    """A dictionary that is written as it is, so that bytes of it can be filled in later."""

    @property
    def compressible(self) -> bool:
        return False


def complete(pdf: Any, page: Page) -> None:
    """Finish the file of ``page``."""
    _map_all_glyphs(pdf)
    _mark_tags(pdf, page)
    _merge_metadata(pdf, page)
    if page.signature_text:
        _leave_room(pdf, page.signature_text)


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
    """Let every glyph that is shown stand for a character.

    Of several glyphs that draw one letter (an Arabic base and its dots) one bears the letter; the
    others get the joiner that nobody sees or hears, and that comparing names leaves out.
    """
    for item in pdf.objects:
        if isinstance(item, pydyf.Stream) and item.stream[2:3] == [b"begincmap"]:
            item.stream = [
                part[: -len(b"<>")] + b"<034f>" if part.endswith(b"> <>") else part
                for part in item.stream
            ]


def _merge_metadata(pdf: Any, page: Page) -> None:
    """Say PDF/UA and whose file it is, by token and serial, in the packet's one RDF element."""
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
    stream.stream = [part.replace(RDF_END, more + RDF_END) for part in stream.stream]


def _leave_room(pdf: Any, text: str) -> None:
    """An empty signature that certifies the file and allows no change; ``signing`` fills it."""
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
            "F": 132,  # printed, locked; and with no extent, so nothing is seen
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
    """The signature in the tree that readers' aids walk: a form element at its end."""
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    document = _object(pdf, root["K"][0])
    element = pydyf.Dictionary(
        {
            "Type": "/StructElem",
            "S": "/Form",
            "P": document.reference,
            "Alt": pydyf.String(text),
        }
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
