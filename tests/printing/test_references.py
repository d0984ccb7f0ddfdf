"""Pages look as they were approved: each is compared with its reference picture.

Every look in every language of the house, alone and two side by side; names in each script; one
to four who sign under one to five marks; eight modules under a long title; and each other paper.

Tolerance: at 40 dpi, at most one pixel in a thousand may differ by more than a fifth of the
grey scale. After a wanted change run this file as a program: it draws the references anew (all,
or those named after the folder of fonts); look at each before you keep it.
"""

import io
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image, ImageChops, ImageDraw

from tests.printing.paper_samples import BADGES, PAPERS
from tests.printing.paper_samples import LETTER as LETTER_PAGE
from tests.printing.samples import (
    AGENDA,
    CERTIFICATE,
    ENGLISH,
    FRENCH,
    LONG_NAME,
    MARKS,
    NAMES,
    PORTUGUESE,
    SIGNATORIES,
    SPANISH,
    full,
)
from trainings.printing.paper_rules import Bearer, Document
from trainings.printing.pdf import Engine
from trainings.printing.rules import AgendaForm, AgendaSheet, CertificateDocument, Template, Wording

REFERENCES = Path(__file__).parent / "references"
DIFFERENT = 51  # of 255
TOLERATED = 0.001

RUSSIAN, ARABIC, LONG_ARABIC, CHINESE = NAMES[4], NAMES[5], NAMES[6], NAMES[7]


def scan(size: tuple[int, int]) -> bytes:
    """An agency's own mark or a scanned signature, as dark as they are."""
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    pen.ellipse((4, 4, size[0] - 4, size[1] - 4), outline="black", width=8)
    pen.line((0, size[1], size[0], 0), fill="black", width=8)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def certificate(
    words: Wording,
    template: Template = Template.FORMAL,
    hands: int = 3,
    marks: int = 3,
    name: str = CERTIFICATE.holder_name,
    second: Wording | None = None,
    scanned: bool = False,
) -> CertificateDocument:
    """A certificate with so many who sign and so many marks; ``scanned``: all as pictures."""
    document = replace(
        CERTIFICATE,
        first=words,
        second=second,
        template=template,
        holder_name=name,
        signatories=SIGNATORIES[:hands],
        marks=MARKS[:marks],
    )
    if not scanned:
        return document
    return replace(
        document,
        signatories=tuple(replace(who, picture=scan((400, 120))) for who in document.signatories),
        marks=tuple(replace(mark, picture=scan((160, 120))) for mark in document.marks),
    )


FORMAL, MODERN, LETTER = Template.FORMAL, Template.MODERN, Template.LETTER
PAGES: dict[str, Document] = {
    "formal": CERTIFICATE,
    "formal-en": certificate(ENGLISH, hands=1, marks=1, name=RUSSIAN),
    "formal-fr": certificate(FRENCH, hands=2, marks=2, name=ARABIC),
    "formal-pt": certificate(PORTUGUESE, hands=4, marks=4, name=CHINESE),
    "formal-full": certificate(full(SPANISH), hands=4, marks=5, name=LONG_NAME),
    "formal-two": certificate(SPANISH, second=ENGLISH),
    "formal-two-fr-pt": certificate(FRENCH, second=PORTUGUESE, hands=4, marks=4, name=ARABIC),
    "formal-two-full": certificate(
        full(SPANISH), second=full(ENGLISH), hands=4, marks=5, name=LONG_NAME, scanned=True
    ),
    "modern": certificate(SPANISH, MODERN, name=RUSSIAN),
    "modern-en": certificate(ENGLISH, MODERN, hands=1, marks=1, name=ARABIC),
    "modern-fr": certificate(FRENCH, MODERN, hands=2, marks=4, name=CHINESE, scanned=True),
    "modern-pt-full": certificate(full(PORTUGUESE), MODERN, hands=4, marks=5, name=LONG_NAME),
    "letter": certificate(SPANISH, LETTER),
    "letter-en": certificate(ENGLISH, LETTER, hands=1, marks=1, name=LONG_ARABIC),
    "letter-fr": certificate(FRENCH, LETTER, hands=2, marks=2, name=RUSSIAN, scanned=True),
    "letter-pt-full": certificate(full(PORTUGUESE), LETTER, hands=4, marks=5, name=LONG_NAME),
    "agenda": AGENDA,
    "agenda-wall": replace(AGENDA, form=AgendaForm.WALL),
    "agenda-sheets": replace(
        AGENDA,
        days=(),
        form=AgendaForm.SHEETS,
        sheets=(AgendaSheet("Sala San Martín", AGENDA.days), AgendaSheet("Aula 2", AGENDA.days)),
    ),
    **{f"paper-{name}": paper for name, paper in PAPERS.items()},
    "paper-badges-full": replace(
        BADGES,
        marks=MARKS,
        course_title=full(SPANISH).course_title,
        bearers=tuple(
            Bearer(
                name, "Policía de investigaciones especializadas en trata", "Venezuela", "Docente"
            )
            for name in (LONG_NAME, LONG_ARABIC)
        ),
    ),
    "paper-letter-full": replace(
        LETTER_PAGE,
        marks=MARKS,
        signatories=SIGNATORIES,
        subject=full(SPANISH).course_title,
        addressee=(LONG_NAME, "Fiscal"),
    ),
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


def test_no_reference_is_of_nothing() -> None:
    assert {path.stem for path in REFERENCES.glob("*.png")} == set(PAGES)


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
    for page in sys.argv[2:] or PAGES:
        picture_of(drawing.draw(PAGES[page])).save(REFERENCES / f"{page}.png", optimize=True)
