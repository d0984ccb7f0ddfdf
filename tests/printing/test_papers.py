"""Sheets, badges, tents, letters, back pages: for eyes, ears and archives, whatever the name."""

import io
import re
from pathlib import Path

import pikepdf
import pytest
from msgspec.structs import replace

from tests.printing.checkers import outloud_says, pdfua_says, text_of
from tests.printing.paper_samples import (
    BACK,
    BADGES,
    LETTER,
    NAMES,
    PAPERS,
    SHEET,
    TABLE_LIST,
    TENTS,
)
from trainings.printing.paper_rules import BadgesDocument, SheetDocument, Table
from trainings.printing.pdf import Engine
from trainings.printing.rules import ModuleLine, PageDocument
from trainings.printing.wire import document_from_head, document_to_head


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_can_be_read_aloud_and_kept(engine: Engine, name: str, tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(engine.draw(PAPERS[name]))
    told = outloud_says(path)
    assert " 0 error(s)" in told, told
    # printed addresses are no links; lines to cut along are no table; footers are WeasyPrint's
    assert set(re.findall(r"WARNING ([A-Z]+-\d+)", told)) <= {"LNK-010", "TBL-014", "PAG-001"}, told
    assert "errors=0 warnings=0" in (told := pdfua_says(path)), told
    with pikepdf.open(path) as pdf:
        assert str(pdf.Root.Lang) == "es"
        told = repr(dict(pdf.docinfo)) + pdf.Root.Metadata.read_bytes().decode()
    assert not any(part in told for one in NAMES for part in one.split() if len(part) > 4)


@pytest.mark.parametrize(("name", "pages"), [("badges", 3), ("tents", 6), ("letter", 1)])
def test_each_has_its_pages_and_says_which(
    engine: Engine, name: str, pages: int, tmp_path: Path
) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(engine.draw(PAPERS[name]))
    texts = text_of(path, "-layout").split("\f")[:-1]
    assert len(texts) == pages
    for number, text in enumerate(texts, 1):
        assert f"Página {number} de {pages}" in text
        assert "Impreso el 30 ene 2027, 18:40 por María Rojas" in text
        assert "Confidencial" in text


def test_a_day_begins_its_own_page_and_the_head_of_the_table_is_on_each(
    engine: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "sheet.pdf"
    path.write_bytes(engine.draw(SHEET))
    texts = text_of(path, "-layout").split("\f")[:-1]
    days = [number for number, text in enumerate(texts) if "de febrero de 2027" in text]
    assert len(days) == 2
    assert days[0] == 0
    assert all("Mañana: firma" in text for text in texts)
    for place in ("Lunes 1", "Martes 2"):
        assert sum(place in text for text in texts) == 1


def test_a_room_of_sixty_hangs_at_the_door_on_one_page(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "tables.pdf"
    rows = tuple((str(place), NAMES[(place * 3) % 6], "Bolivia · Fiscalía") for place in range(8))
    sixty = tuple(Table(f"Mesa {table}", rows) for table in range(1, 9))
    names = tuple(replace(one, rows=rows[:7]) if one.title > "Mesa 4" else one for one in sixty)
    path.write_bytes(engine.draw(replace(TABLE_LIST, tables=names)))
    texts = text_of(path, "-layout").split("\f")[:-1]
    assert len(texts) == 1
    assert all(f"Mesa {table}" in texts[0] for table in range(1, 9))


def test_a_badge_and_a_tent_say_the_table(engine: Engine, tmp_path: Path) -> None:
    for paper in (BADGES, TENTS):
        path = tmp_path / "paper.pdf"
        path.write_bytes(engine.draw(paper))
        assert "Mesa 5, asiento 12" in text_of(path)


def test_a_badge_is_a6_and_its_back_stands_on_its_head(engine: Engine) -> None:
    with pikepdf.open(io.BytesIO(engine.draw(BADGES))) as pdf:
        box = [float(edge) / 72 * 25.4 for edge in pdf.pages[0].MediaBox]
        turned = [
            matrix.operands
            for matrix in pikepdf.parse_content_stream(pdf.pages[0], "cm")
            if float(matrix.operands[0]) == -1 and float(matrix.operands[3]) == -1
        ]
    assert [round(edge) for edge in box] == [0, 0, 297, 210]
    assert len(turned) == 2


def test_a_badge_without_a_code_has_none(engine: Engine) -> None:
    assert isinstance(BADGES, BadgesDocument)
    plain = replace(BADGES, code_url="", marks=())
    with pikepdf.open(io.BytesIO(engine.draw(plain))) as pdf:
        assert not any(page.get_images() for page in pdf.pages)


@pytest.mark.parametrize("modules", [1, 8, 16])
def test_a_back_is_one_page(engine: Engine, modules: int) -> None:
    taught = tuple(ModuleLine("Técnicas de entrevista " * 4, "3,5 h") for _ in range(modules))
    for portrait in (False, True):
        paper = replace(BACK, modules=taught, portrait=portrait)
        with pikepdf.open(io.BytesIO(engine.draw(paper))) as pdf:
            assert len(pdf.pages) == 1
            box = pdf.pages[0].MediaBox
            assert (float(box[3]) > float(box[2])) is portrait


def test_what_is_written_in_a_field_stays_text(engine: Engine, tmp_path: Path) -> None:
    hostile = "<img src='file:///etc/passwd'/>{{ 7*7 }}"
    path = tmp_path / "letter.pdf"
    path.write_bytes(
        engine.draw(replace(LETTER, addressee=(hostile,), subject=hostile, closing=hostile))
    )
    text = text_of(path)
    assert "{{ 7*7 }}" in text
    assert "49" not in text


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_reaches_the_cage_whole(name: str) -> None:
    head, body = document_to_head(PAPERS[name])
    assert document_from_head(head, body) == PAPERS[name]


def test_the_heads_of_a_sheets_columns_stand_on_one_line(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    path.write_bytes(engine.draw(SHEET))
    words = text_of(path, "-bbox", "-l", "1")
    heads = ("Nombre", "País", "Mañana:", "Entregado")
    ends = [
        float(low) for low, word in re.findall(r'yMax="([0-9.]+)">([^ <]*)', words) if word in heads
    ]
    assert len(ends) == len(heads)
    assert max(ends) - min(ends) < 0.1, "in points"


def test_an_empty_sheet_is_a_sheet(engine: Engine) -> None:
    assert isinstance(SHEET, SheetDocument)
    assert engine.draw(replace(SHEET, tables=())).startswith(b"%PDF")


@pytest.mark.parametrize("name", [NAMES[1], "شمس الضحى ششسسصص", "عبد الله العربي"])
def test_a_name_is_as_wide_as_it_was_measured(engine: Engine, name: str, tmp_path: Path) -> None:
    """Joined Arabic letters run narrower than alone, but never wider than the house reckons."""
    path = tmp_path / "line.pdf"
    style = "font:700 20pt Paper Serif,Paper Arabic;white-space:nowrap"
    path.write_bytes(
        engine.draw(PageDocument(f'<p style="{style}">{name}', "@page{size:600mm 50mm;margin:9mm}"))
    )
    found = re.findall(r'xMin="([0-9.]+)".* xMax="([0-9.]+)"', text_of(path, "-bbox"))
    drawn = max(float(right) for _, right in found) - min(float(left) for left, _ in found)
    assert 1.0 <= engine.typesetter._serif.width(name) * 20 / drawn <= 1.35
