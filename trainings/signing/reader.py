"""Reads what an untrusted PDF says of itself: identifiers, the text and the codes on its pages."""

import io

import pikepdf
import pypdfium2
import zxingcpp

PAGES = 3
LONGEST_TEXT = 20_000
IDENTIFIERS = 20
CODES = 10
PIXELS = 1754  # the longer side of a page as it is looked at: A4 at 150 dots an inch
ENLARGED = 4  # at most


def identifiers(pdf: bytes) -> list[str]:
    """The identifiers in the file's metadata; none if it cannot be read."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_metadata() as metadata:
            found = [metadata.get("xmp:Identifier", []), metadata.get("dc:identifier", "")]
    except Exception:  # whatever a parser may raise on untrusted bytes
        return []
    flat = [*(found[0] if isinstance(found[0], list | set | tuple) else [found[0]]), found[1]]
    return [str(item)[:500] for item in flat if item][:IDENTIFIERS]


def readable(pdf: bytes) -> tuple[str, list[str], bool]:
    """The text and the square codes on the first pages, and whether all of them could be read."""
    text: list[str] = []
    codes: list[str] = []
    whole = False
    try:
        with pypdfium2.PdfDocument(pdf) as opened:
            for number in range(min(len(opened), PAGES)):
                page = opened[number]
                text.append(page.get_textpage().get_text_bounded())
                codes += _codes(page)
            whole = len(opened) > 0
    except Exception:  # noqa: S110 (whatever a parser may raise on untrusted bytes)
        pass
    return " ".join(text)[:LONGEST_TEXT], [code[:500] for code in codes][:CODES], whole


def _codes(page: pypdfium2.PdfPage) -> list[str]:
    scale = min(PIXELS / max(page.get_width(), page.get_height(), 1), ENLARGED)
    picture = page.render(scale=scale, grayscale=True).to_pil()
    square = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    return [code.text for code in zxingcpp.read_barcodes(picture, square)]
