"""The square codes on a paper, read as a phone would: by another program than the one that drew."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import zxingcpp
from PIL import Image

DOTS = 150  # an inch: a modest printer, or a phone held a little away


def codes_on(
    pdf: bytes, seen: Callable[[Image.Image], Image.Image] = lambda page: page
) -> list[list[str]]:
    """What the codes on each page say; ``seen`` may make the page worse first."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "paper.pdf")
        path.write_bytes(pdf)
        command = ["pdftoppm", "-r", str(DOTS), "-gray", path, Path(folder, "page")]
        subprocess.run(command, check=True, capture_output=True)
        found = []
        for picture in sorted(Path(folder).glob("page-*")):
            with Image.open(picture) as page:
                found.append([code.text for code in zxingcpp.read_barcodes(seen(page))])
        return found
