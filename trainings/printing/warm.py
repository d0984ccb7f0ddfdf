"""The renderers of this process: started when first needed, kept warm, ended with it."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Sequence
from pathlib import Path

from flask import current_app

from trainings.core.errors import Refusal
from trainings.printing.cage import Workers
from trainings.printing.paper_rules import Document
from trainings.printing.rules import Failure

_kept: dict[tuple[int, Path], Workers] = {}  # by process, too: a forked one starts its own
_starting = threading.Lock()


def workers() -> Workers:
    """The renderers that this process keeps for the installation's folder of fonts."""
    folder: Path = current_app.extensions["settings"].instance / "fonts"
    key = (os.getpid(), folder)
    with _starting:
        if key not in _kept:
            _kept[key] = Workers(folder)
            atexit.register(_kept[key].close)
        return _kept[key]


def draw(document: Document) -> bytes | Failure:
    """One document for a page that waits for it. Not inside a transaction."""
    return workers().render_one(document)


def picture(document: Document, width: int) -> bytes | Failure:
    """The first page of a document as a PNG of this width in pixels. Not inside a transaction."""
    return workers().picture(document, width)


def draw_all(documents: Sequence[Document]) -> list[bytes | Failure]:
    """Several documents, in their order. Not inside a transaction."""
    drawn = dict(workers().render(enumerate(documents)))
    return [drawn[number] for number in range(len(documents))]


def drawn(documents: Sequence[Document], otherwise: type[Refusal]) -> list[bytes]:
    """All of several documents, in their order, or none. Not inside a transaction.

    Raises ``otherwise``, in the words of who asked, where the renderer gives up on any.
    """
    pages = [one for one in draw_all(documents) if isinstance(one, bytes)]
    if len(pages) != len(documents):
        raise otherwise
    return pages
