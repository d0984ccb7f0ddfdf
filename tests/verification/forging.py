"""What a forger does to a certificate's file, and what the check page says of it."""

from __future__ import annotations

import io
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
from msgspec.structs import replace
from PIL import Image
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.certificates.registry import Registry
from trainings.printing.pdf import Engine
from trainings.register import document, queries, writes

GENUINE, ALTERED = "This certificate is genuine", "This file was altered"
COMPARE = "This number is ours: now compare"
FOREIGN, PRINTED = "This file is not ours", "This is a print file"
NUMBER, UNREADABLE = "This is not the file that was issued", "This file cannot be read"
SUPERSEDED, REVOKED = "This certificate was superseded", "This certificate is no longer valid"
STRANGERS = "certificate is not ours"
UNCONFIRMED = "This certificate cannot be confirmed now"
SAID = {
    GENUINE: ("genuine", 0),
    ALTERED: ("altered", 1),
    NUMBER: ("only a number", 1),
    UNREADABLE: ("unreadable", 1),
    FOREIGN: ("not ours", 1),
    PRINTED: ("print run", 1),
    SUPERSEDED: ("superseded", 1),
    REVOKED: ("revoked", 1),
    UNCONFIRMED: ("cannot be confirmed", 1),
}


def saved(pdf: bytes, change: Callable[[pikepdf.Pdf], None] = lambda _: None) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        change(opened)
        opened.save(out)
    return out.getvalue()


def scanned(pdf: bytes) -> bytes:
    """Its pages as pictures, as somebody who scans the paper would send them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "paper.pdf")
        path.write_bytes(pdf)
        command = ["pdftoppm", "-r", "150", "-gray", path, Path(folder, "page")]
        subprocess.run(command, check=True, capture_output=True)
        pages = [Image.open(picture) for picture in sorted(Path(folder).glob("page-*"))]
        out = io.BytesIO()
        pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=150)
        for page in pages:
            page.close()
    return out.getvalue()


def printed_again(pdf: bytes) -> bytes:
    """Through another program's *print to file*: the words stay, all else goes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "paper.pdf")
        path.write_bytes(pdf)
        subprocess.run(["pdftocairo", "-pdf", path, f"{path}.new"], check=True)
        return Path(f"{path}.new").read_bytes()


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
    paper = replace(document.thaw(frozen, queries.kept), holder_name=name, to_be_signed=True)
    return engine.draw(paper)
