"""pikepdf: what a PDF still bears of ours when its bytes are no longer those we issued."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

_CODE = r"/verify/([A-Za-z0-9_-]{22})"
_PRINT_RUN = "trainings print run"


@dataclass(frozen=True)
class Traces:
    """Tokens of ours that stand in the file's links and metadata; whether it is a print run."""

    tokens: tuple[str, ...] = ()
    print_run: bool = False


def read(pdf: bytes, base_url: str) -> Traces:
    """Look for our traces; a file that cannot be read bears none."""
    import pikepdf

    pattern = re.compile(re.escape(base_url) + _CODE)
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            texts = [str(value) for value in opened.docinfo.values()]
            metadata = opened.Root.get("/Metadata")
            if isinstance(metadata, pikepdf.Stream):
                texts.append(metadata.read_bytes().decode("utf-8", "replace"))
            for page in opened.pages[:4]:
                for annotation in page.get("/Annots", []):
                    action = annotation.get("/A")
                    if action is not None and "/URI" in action:
                        texts.append(str(action["/URI"]))
    except (pikepdf.PdfError, ValueError, RecursionError, KeyError, TypeError):
        return Traces()
    tokens = dict.fromkeys(token for text in texts for token in pattern.findall(text))
    return Traces(tuple(tokens), any(_PRINT_RUN in text.casefold() for text in texts))
