"""Pages look as they were approved: each is compared with its reference picture.

Tolerance: at 40 dpi, at most one pixel in a thousand may differ by more than a fifth of the
grey scale. After a wanted change run this file as a program: it draws the references anew; look at
each before you keep it.
"""

import io
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tests.printing.samples import (
    AGENDA,
    CERTIFICATE,
    ENGLISH,
    FRENCH,
    LONG_NAME,
    MARKS,
    NAMES,
    SIGNATORIES,
    SPANISH,
    full,
)
from trainings.printing.paper_rules import Document
from trainings.printing.pdf import Engine
from trainings.printing.rules import Template

REFERENCES = Path(__file__).parent / "references"
DIFFERENT = 51  # of 255
TOLERATED = 0.001

PAGES: dict[str, Document] = {
    "formal": CERTIFICATE,
    "formal-two-languages": replace(CERTIFICATE, second=ENGLISH),
    "formal-arabic": replace(CERTIFICATE, holder_name=NAMES[5], first=FRENCH),
    "formal-full": replace(
        CERTIFICATE,
        first=full(SPANISH),
        holder_name=LONG_NAME,
        signatories=SIGNATORIES,
        marks=MARKS,
    ),
    "modern": replace(CERTIFICATE, template=Template.MODERN, holder_name=NAMES[4]),
    "letter": replace(CERTIFICATE, template=Template.LETTER),
    "agenda": AGENDA,
}


def picture_of(data: bytes) -> Image.Image:
    """The first page in grey at 40 dpi."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "page.pdf")
        path.write_bytes(data)
        run = subprocess.run(
            ["pdftoppm", "-r", "40", "-gray", "-f", "1", "-l", "1", "-singlefile", path],
            capture_output=True,
            check=True,
        )
    return Image.open(io.BytesIO(run.stdout)).convert("L")


def difference(one: Image.Image, other: Image.Image) -> float:
    """The part of the pixels that differ."""
    if one.size != other.size:
        return 1.0
    histogram = ImageChops.difference(one, other).histogram()
    return sum(histogram[DIFFERENT:]) / sum(histogram)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_looks_as_approved(engine: Engine, name: str) -> None:
    with Image.open(REFERENCES / f"{name}.png") as reference:
        assert difference(picture_of(engine.draw(PAGES[name])), reference) <= TOLERATED


def test_another_page_is_told_apart(engine: Engine) -> None:
    """The tolerance is small enough to see a name that moved or a module that is gone."""
    approved = picture_of(engine.draw(PAGES["formal"]))
    shorter = replace(SPANISH, modules=SPANISH.modules[:3])
    assert difference(picture_of(engine.draw(replace(CERTIFICATE, first=shorter))), approved) > (
        TOLERATED
    )


if __name__ == "__main__":
    REFERENCES.mkdir(exist_ok=True)
    drawing = Engine(Path(sys.argv[1]))
    for page, document in PAGES.items():
        picture_of(drawing.draw(document)).save(REFERENCES / f"{page}.png", optimize=True)
