"""The code on a paper leads where the paper says, whatever else is printed around it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PIL import Image, ImageFilter

from tests.codes import codes_on
from tests.printing.paper_samples import BACK, BADGES, BEARERS
from tests.printing.samples import (
    CERTIFICATE,
    ENGLISH,
    LONG_NAME,
    MARKS,
    SIGNATORIES,
    SPANISH,
    full,
)
from trainings.printing.joining import join
from trainings.printing.paper_rules import BadgesDocument
from trainings.printing.pdf import Engine
from trainings.printing.rules import CertificateDocument, Template

LONG = "https://formacion-contra-la-trata.example.org/verify/"  # a house with a long name
TOKENS = [letter * 22 for letter in "AZ9"]
FULL = replace(
    CERTIFICATE,
    first=full(SPANISH),
    holder_name=LONG_NAME,
    signatories=SIGNATORIES,
    marks=MARKS,
    verify_url=LONG + TOKENS[0],
)


@pytest.mark.parametrize(
    "document",
    [
        *(replace(CERTIFICATE, template=template) for template in Template),
        *(replace(FULL, template=template) for template in Template),
        replace(FULL, second=full(ENGLISH)),
    ],
    ids=lambda one: f"{one.template}{'-two' if one.second else ''}{'-full' * (one.marks == MARKS)}",
)
def test_the_code_on_a_certificate_is_the_address_of_its_check_page(
    engine: Engine, document: CertificateDocument
) -> None:
    assert codes_on(engine.draw(document)) == [[document.verify_url]]


def test_a_crooked_blurred_photo_of_it_is_enough(engine: Engine) -> None:
    def photo(page: Image.Image) -> Image.Image:
        grey = page.point(lambda value: 60 + value * 0.6)  # a dim room
        return grey.rotate(7, expand=True, fillcolor=150).filter(ImageFilter.GaussianBlur(1.2))

    assert codes_on(engine.draw(CERTIFICATE), photo) == [[CERTIFICATE.verify_url]]


def test_the_code_on_every_badge_is_the_address_of_the_agenda(engine: Engine) -> None:
    assert isinstance(BADGES, BadgesDocument)
    pages = codes_on(engine.draw(replace(BADGES, bearers=BEARERS[:3])))
    assert pages == [[BADGES.code_url] * 2, [BADGES.code_url]]
    assert codes_on(engine.draw(replace(BADGES, bearers=BEARERS[:1], code_url=""))) == [[]]


def test_each_page_of_a_print_run_bears_its_own_code(engine: Engine) -> None:
    papers = [
        replace(CERTIFICATE, template=template, verify_url=LONG + token)
        for template, token in zip(Template, TOKENS, strict=True)
    ]
    drawn = [page for paper in papers for page in (engine.draw(paper), engine.draw(BACK))]
    expected = [[[paper.verify_url], []] for paper in papers]
    assert codes_on(join(drawn, "Print run", "es")) == [page for pair in expected for page in pair]
