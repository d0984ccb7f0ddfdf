"""Each template is counted: what is drawn otherwise bears another version."""

import hashlib

import pytest
from msgspec.structs import replace

from tests.printing.samples import CERTIFICATE
from tests.printing.test_certificate import opened
from trainings.printing.pdf import SHEETS, Engine
from trainings.printing.rules import Template
from trainings.printing.typesetting import TEMPLATES

PARTS = ("certificate.html", "_course.html", "_foot.html", "_marks.html")
# The files of each template, as its version draws them.
DRAWN = {
    Template.FORMAL: (1, "f31b34fffbcec380"),
    Template.MODERN: (1, "5cc78e99261ecc49"),
    Template.LETTER: (1, "e8f2ee62284285fd"),
}


@pytest.mark.parametrize("template", Template)
def test_a_template_is_not_changed_under_its_version(template: Template) -> None:
    """Fails with each change of a file: raise the version, and keep it here with the digest."""
    whole = hashlib.sha256()
    for name in (*PARTS, *SHEETS[template]):
        whole.update((TEMPLATES / name).read_bytes())
    assert (template.version, whole.hexdigest()[:16]) == DRAWN[template]


@pytest.mark.parametrize("template", Template)
def test_the_file_says_which_template_drew_it(engine: Engine, template: Template) -> None:
    said = f"Trainings: {template} {template.version}"
    with opened(engine.draw(replace(CERTIFICATE, template=template))) as pdf:
        assert str(pdf.docinfo["/Creator"]) == said
        assert f"<xmp:CreatorTool>{said}</xmp:CreatorTool>".encode() in (
            pdf.Root.Metadata.read_bytes()
        )


def test_no_part_is_forgotten() -> None:
    """What the page includes stands among the parts whose change is noticed."""
    text = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in PARTS)
    assert {piece.split('"')[0] for piece in text.split('include "')[1:]} == set(PARTS[1:])
