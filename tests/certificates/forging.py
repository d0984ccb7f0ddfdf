"""What a forger does to a certificate's file, and what the check page says of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pikepdf
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.certificates.registry import Registry
from trainings.certificates import document, picture_queries, writes
from trainings.printing.pdf import Engine

GENUINE, ALTERED = "This certificate is genuine", "This file was altered"
FOREIGN, PRINTED = "This file is not ours", "This is a print run"
SUPERSEDED, REVOKED = "This certificate was superseded", "This certificate is no longer valid"
STRANGERS = "certificate is not ours"
SAID = {
    GENUINE: ("genuine", 0), ALTERED: ("altered", 1), FOREIGN: ("not ours", 1),
    PRINTED: ("print run", 1), SUPERSEDED: ("superseded", 1), REVOKED: ("revoked", 1),
}  # fmt: skip


def saved(pdf: bytes, change: Callable[[pikepdf.Pdf], None] = lambda _: None) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        change(opened)
        opened.save(out)
    return out.getvalue()


def updated(pdf: bytes) -> bytes:
    """Another name's worth of change, appended so that every byte that was signed stays."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(pdf)
    return out.getvalue()


def drawn_for(issued: Registry, engine: Engine, name: str) -> bytes:
    """The same certificate with another name: what a forger with our templates could make."""
    with issued.app.app_context():
        frozen = writes.content(issued.row)
    assert frozen is not None
    paper = replace(
        document.thaw(frozen, picture_queries.kept), holder_name=name, to_be_signed=True
    )
    return engine.draw(paper)
