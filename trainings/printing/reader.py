"""pikepdf, reading: what a PDF says of itself in its metadata and on its first pages."""

import io
import re
from typing import Any

import pikepdf

PAGES = 3
LONGEST_TEXT = 20_000
IDENTIFIERS = 20
CODES = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")


def identifiers(pdf: bytes) -> list[str]:
    """The identifiers in the file's metadata; none where it cannot be read."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_metadata() as metadata:
            found = [metadata.get("xmp:Identifier", []), metadata.get("dc:identifier", "")]
    except Exception:  # whatever a parser may say to a stranger's bytes
        return []
    flat = [*(found[0] if isinstance(found[0], list | set | tuple) else [found[0]]), found[1]]
    return [str(item)[:500] for item in flat if item][:IDENTIFIERS]


def page_text(pdf: bytes) -> str:
    """The text on the first pages, run together; as much of it as can be read."""
    pieces: list[str] = []
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            for page in opened.pages[:PAGES]:
                _read_page(page, pieces)
    except Exception:  # whatever a parser may say to a stranger's bytes
        return "".join(pieces)[:LONGEST_TEXT]
    return "".join(pieces)[:LONGEST_TEXT]


def _read_page(page: pikepdf.Page, pieces: list[str]) -> None:
    resources: Any = page.obj.get("/Resources")
    named = resources["/Font"].items() if resources and "/Font" in resources else ()
    fonts = {str(name): _letters(font) for name, font in named}
    letters: dict[int, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        kind = str(instruction.operator)
        if kind == "Tf":
            letters = fonts.get(str(operands[0]), {})
        elif kind == "BT":
            pieces.append(" ")
        elif kind in ("Tj", "'", '"'):
            pieces.append(_decoded(operands[-1], letters))
        elif kind == "TJ":
            pieces.extend(
                _decoded(item, letters) for item in operands[0] if isinstance(item, pikepdf.String)
            )


def _letters(font: Any) -> dict[int, str]:
    """What each code of a font stands for; empty where the font does not say."""
    if "/ToUnicode" not in font:
        return {}
    table = font["/ToUnicode"].read_bytes()
    return {
        int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
        for code, text in CODES.findall(table)
    }


def _decoded(string: Any, letters: dict[int, str]) -> str:
    data = bytes(string)
    if not letters:
        return data.decode("latin-1")
    return "".join(
        letters.get(int.from_bytes(data[at : at + 2], "big"), "") for at in range(0, len(data), 2)
    )
