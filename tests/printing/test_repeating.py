"""A page of a batch of which only paragraphs are set anew is the page that is set whole.

The same file, byte for byte: nothing of the last certificate stays on the next.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image

from tests.printing.samples import (
    CERTIFICATE,
    ENGLISH,
    LANGUAGES,
    MARKS,
    NAMES,
    SIGNATORIES,
    SPANISH,
    full,
)
from trainings.printing import repeating
from trainings.printing.pdf import Engine, Undrawable
from trainings.printing.rules import CertificateDocument, Mark, Reason, Signatory, Template

PEOPLE = (
    ("Li", "Jueza · Perú"),
    ("João Ângelo d’Ávila", "Fiscal · Bolivia"),
    ("María José Núñez de la Peña", "Oficial de policía · Argentina"),
    ("Ana Ruiz", "Fiscal · Bolivia"),
)


@pytest.fixture(scope="module")
def whole(fonts_folder: Path) -> Engine:
    """An engine that sets each page whole, warm as the other."""
    return Engine(fonts_folder)


def scan(colour: str) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((300, 90), 60).point(lambda v: v // 2).convert("RGB").save(out, "PNG")
    return out.getvalue() + colour.encode()


def batch(
    like: CertificateDocument, people: Sequence[tuple[str, str]] = PEOPLE
) -> Iterator[CertificateDocument]:
    """Certificates of one course: each with its own person, serial and code."""
    for number, (name, holder) in enumerate(people):
        first = replace(like.first, holder_line=holder)
        second = like.second and replace(like.second, holder_line=holder)
        yield replace(
            like,
            first=first,
            second=second,
            holder_name=name,
            serial=f"BUE27-{number}W7M{number}K-{number}",
            verify_url=f"https://trainings.example/c/Zk3vJx0b1cP0Qm8h5s2X{number}A",
            file_code=f"{number}" * 12,
            to_be_signed=True,
        )


def both(
    engine: Engine, whole: Engine, documents: list[CertificateDocument]
) -> Iterator[tuple[bytes, bytes]]:
    """Each document as the next of its batch, and on a page of its own.

    Both draw the first one twice: pictures are kept after the first time, in another order.
    """
    for document in [documents[0], *documents]:
        drawn = engine.draw(document)
        whole._repeated.forget()
        yield drawn, whole.draw(document)


def same(engine: Engine, whole: Engine, documents: list[CertificateDocument]) -> None:
    _first, *pairs = both(engine, whole, documents)
    assert [drawn == alone for drawn, alone in pairs] == [True] * len(documents)


@pytest.mark.parametrize("template", Template)
@pytest.mark.parametrize("words", LANGUAGES, ids=lambda words: words.language)
def test_each_design_in_each_language(engine: Engine, whole: Engine, words, template) -> None:
    same(
        engine,
        whole,
        list(batch(replace(CERTIFICATE, first=words, template=template), PEOPLE[1:3])),
    )


def test_two_languages_side_by_side(engine: Engine, whole: Engine) -> None:
    same(engine, whole, list(batch(replace(CERTIFICATE, first=ENGLISH, second=SPANISH))))


def test_names_in_several_scripts(engine: Engine, whole: Engine) -> None:
    names = [(name, "Fiscal · Bolivia") for one in NAMES[1:6:2] for name in (one, one[::-1])]
    same(engine, whole, list(batch(CERTIFICATE, names)))


def test_uploaded_logos_and_signatures_and_a_full_page(engine: Engine, whole: Engine) -> None:
    like = replace(
        CERTIFICATE,
        first=full(SPANISH),
        marks=(Mark("OIM", "#0033a0", scan("a")), *MARKS[1:4]),
        signatories=(Signatory("Dirección", "INTERPOL", "Rosa", scan("b")), *SIGNATORIES[:2]),
    )
    same(engine, whole, list(batch(like, PEOPLE[1:3])))


def test_a_line_that_needs_more_room_sets_the_page_anew(engine: Engine, whole: Engine) -> None:
    """A function too long for its column takes two lines, and everything below moves."""
    people = [
        ("Ana", "Jueza"),
        ("Ana", "Jefa de la unidad de investigación de trata de personas · " * 3),
        ("Ana", "Jueza"),
    ]
    same(engine, whole, list(batch(CERTIFICATE, people)))


def test_words_are_not_mixed_up_between_batches(engine: Engine, whole: Engine) -> None:
    """Two courses in turns: each keeps its own title, modules and signatories."""
    other = replace(CERTIFICATE, first=replace(SPANISH, course_title="Otra formación, más corta"))
    pairs = zip(batch(CERTIFICATE, PEOPLE[:3]), batch(other, PEOPLE[:3]), strict=True)
    same(engine, whole, list(itertools.chain.from_iterable(pairs)))


def test_what_cannot_be_drawn_spoils_no_other(engine: Engine, whole: Engine) -> None:
    good, bad, *rest = batch(CERTIFICATE)
    engine.draw(good)
    with pytest.raises(Undrawable) as refused:
        engine.draw(replace(bad, holder_name="Ana \U0001f44d"))
    assert refused.value.reason is Reason.NO_GLYPH
    same(engine, whole, [good, *rest])


def test_most_of_a_batch_is_not_laid_out_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would be right, but slow: sixty people are one page and three sizes of names."""
    laid_out: list[object] = []
    real = repeating.LaidOut._render.__func__

    def counted(*arguments: object) -> object:
        laid_out.append(arguments)
        return real(*arguments)

    monkeypatch.setattr(repeating.LaidOut, "_render", classmethod(counted))
    names = ("María José", "João", "Ana Lucía", "Luis Fernando")
    people = [(f"{names[n % 4]} Núñez {chr(65 + n)}", PEOPLE[n % 4][1]) for n in range(20)]
    engine._repeated.forget()
    for document in batch(CERTIFICATE, people):
        engine.draw(document)
    assert len(laid_out) == 1


def test_few_pages_are_kept(engine: Engine) -> None:
    for number in range(repeating.KEPT + 2):
        title = f"Formación {number}"
        engine.draw(replace(CERTIFICATE, first=replace(SPANISH, course_title=title)))
    assert len(engine._repeated._kept) == repeating.KEPT
