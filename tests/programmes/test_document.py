"""A programme as a PDF: two pages whatever it holds, tagged, in four languages, naming nobody."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from flask import Flask

from tests import factories
from tests.programmes import keeping
from tests.programmes.keeping import CODE
from trainings.core.i18n import speaking
from trainings.core.permissions import Role, Viewer
from trainings.courses import programme_queries
from trainings.programmes import document, operations
from trainings.programmes.document import cut
from trainings.programmes.rules import Span

LONG = {
    "Latin": "Teach evidence that stands without the victim and follow the money. " * 60,
    "one word": "x" * 4000,
    "Chinese": "无需受害者证词也能成立的证据" * 250,
    "Arabic": "تعليم الأدلة التي تصمد دون الضحية " * 100,
    "wide": "W" * 3999,
}


@pytest.fixture
def by(app: Flask) -> Viewer:
    return keeping.organiser(name=("Inés", "Dueña"))


def drawn(by: Viewer, tmp_path: Path, language: str = "en") -> tuple[int, str]:
    """How many pages it has, and what stands on them."""
    pdf, _note = operations.print_programme(programme_queries.programme(CODE), language, by)
    path = tmp_path / "programme.pdf"
    path.write_bytes(pdf)
    with pikepdf.open(path) as opened:
        assert opened.Root.MarkInfo.Marked
        pages = len(opened.pages)
    said = ["pdftotext", "-layout", str(path), "-"]
    return pages, subprocess.run(said, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("language", ["en", "es", "fr", "pt_BR"])
def test_it_is_two_pages_in_each_language(by: Viewer, tmp_path: Path, language: str) -> None:
    programme = keeping.programme(by)
    keeping.fill(programme, 3, 4)
    pages, text = drawn(by, tmp_path, language)
    assert pages == 2
    heading = {
        "en": "Findings and lessons",
        "es": "Hallazgos y lecciones",
        "fr": "Constats et enseignements",
        "pt_BR": "Constatações e lições",
    }[language]
    assert heading in text and "Phase 3" in text and "Lesson 2" in text


def test_forty_phases_and_two_hundred_long_lessons_are_two_pages(
    by: Viewer, tmp_path: Path
) -> None:
    """In all scripts in turn; a draw for each of them would be slow."""
    programme = keeping.programme(by)
    for _round in range(8):
        for text in LONG.values():
            keeping.fill(programme, 5, 1, text)
    pages, text = drawn(by, tmp_path)
    assert pages == 2
    assert text.count("are on the page of the programme.") == 2


def test_nothing_in_it_is_two_pages(by: Viewer, tmp_path: Path) -> None:
    keeping.programme(by)
    pages, text = drawn(by, tmp_path)
    assert pages == 2 and "No findings or lessons yet." in text


def test_it_names_agencies_and_no_owner(by: Viewer, tmp_path: Path) -> None:
    keeping.programme(by)
    other = keeping.organiser(name=("Gil", "Firmante"))
    lesson = keeping.lesson(other)
    keeping.drop(other, lesson, "Слишком долго")
    _pages, text = drawn(by, tmp_path)
    assert "Owner: IOM" in text and "Слишком долго" in text
    assert "Firmante" not in text


def test_days_are_months_for_who_does_not_organise(by: Viewer) -> None:
    keeping.programme(by)
    analyst = factories.account(Role.ANALYST)
    with speaking("en"):
        for viewer, when in ((by, "Mon 1 – Thu 4 Feb 2027"), (analyst, "February 2027")):
            write = document.when_for(viewer is by)
            assert write(Span(date(2027, 2, 1), date(2027, 2, 4))) == when
            assert write(Span(None, None)) == "no dates set yet"
        assert document.when_for(False)(Span(date(2027, 2, 1), None)) == "from February 2027"
        assert document.when_for(False)(Span(None, date(2027, 2, 9))) == "until February 2027"
        assert document.when_for(True)(Span(date(2027, 2, 1), None)) == "from Mon 1 Feb 2027"


def test_a_long_text_is_cut_between_words() -> None:
    assert cut("one  two\nthree", 40) == "one two three"
    assert cut("one two three four", 16) == "one two three…"
    assert len(cut("x" * 300, 100)) <= 101
    assert len(cut("证" * 300, 100)) <= 51
