"""Files of others come out as plain cells, or are refused with the reason; no file harms us."""

from __future__ import annotations

import io
import random
import re
import zipfile
from contextlib import suppress
from datetime import date, time

import pytest
from flask import Flask

from trainings.core.config import ROOT
from trainings.core.i18n import speaking
from trainings.spreadsheets import inspector, reader, rules
from trainings.spreadsheets.inspector import Refused
from trainings.spreadsheets.rules import Merged

TABLE = [["Día", "Título"], ["1", "Módulo 1, ação"], ["2", "Señal"]]
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def workbook(cells: str, more: dict[str, bytes] | None = None, after: str = "") -> bytes:
    """A workbook with one sheet of these cells, and further parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", TYPES)
        packed.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="{OFFICE}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        packed.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="Plan" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        packed.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
        )
        packed.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData>{after}</worksheet>',
        )
        for name, content in (more or {}).items():
            packed.writestr(name, content)
    return out.getvalue()


def cell(place: str, text: str) -> str:
    return f'<row r="{place[1:]}"><c r="{place}" t="inlineStr"><is><t>{text}</t></is></c></row>'


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp850", "mac_roman"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_text_in_any_usual_encoding_and_separator(encoding: str, separator: str) -> None:
    lines = [separator.join(f'"{one}"' for one in row) for row in TABLE]
    sheet = inspector.sheets("\r\n".join(lines).encode(encoding))[0]
    assert sheet["rows"] == TABLE


def test_the_caged_reader_gives_cells_days_and_merged_cells(app: Flask) -> None:
    merged = '<mergeCells count="1"><mergeCell ref="A1:A2"/></mergeCells>'
    (sheet,) = reader.read(workbook(cell("A1", "Lunes") + cell("A3", "Martes"), after=merged))
    assert (sheet.name, sheet.merged) == ("Plan", [Merged(0, 0, 1, 0)])
    assert [sheet.text(row, 0) for row in range(len(sheet.rows))] == ["Lunes", "", "Martes"]
    (sheet,) = reader.pasted("a\tb\n1\t2")
    assert sheet.rows == [["a", "b"], ["1", "2"]]


def test_a_hidden_sheet_is_said_and_not_read(app: Flask) -> None:
    found = reader.read(with_hidden("Old list"))
    assert [one.name for one in found] == ["Plan"] and found.hidden == ("Old list", "Secret")
    with speaking("en"):
        words = reader.hidden_words(found)
        assert "2 sheets of the file are hidden and were not read: “Old list” and “Secret”" in words
        assert "One sheet of the file is hidden" in reader.hidden_words(found, "Old list")
        assert reader.hidden_words(reader.pasted("a\tb\n1\t2")) == ""
    only = reader.read(with_hidden("x" * 31))
    assert only.hidden[0] == "x" * 31


def with_hidden(name: str) -> bytes:
    """A workbook with a sheet to be seen, one that is hidden, and one that is hidden well."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet("Plan").write_string(0, 0, "Lunes")
    hidden, deep = book.add_worksheet(name), book.add_worksheet("Secret")
    hidden.write_string(0, 0, "Never read")
    hidden.hide()
    deep.very_hidden()
    book.close()
    return out.getvalue()


def test_the_given_workbook_has_real_days_and_times(app: Flask) -> None:
    sheet = reader.read((ROOT / "tests/agenda_import/inputs/santiago.xlsx").read_bytes())[1]
    assert (sheet.cell(3, 0), sheet.cell(3, 1)) == (date(2027, 5, 3), time(9))


HOSTILE = {
    "far down": (workbook(cell("A1", "x") + cell("A1048576", "y")), rules.TooManyRows),
    "far right": (
        workbook('<row r="1"><c r="XFD1" t="inlineStr"><is><t>y</t></is></c></row>'),
        rules.TooManyColumns,
    ),
    "bomb": (
        workbook(cell("A1", "x"), {"xl/media/bomb.bin": b"\0" * (rules.UNPACKED + 1)}),
        rules.FileUnpacksTooLarge,
    ),
    "macros": (workbook(cell("A1", "x"), {"xl/vbaProject.bin": b"x"}), rules.FileHasMacros),
    "other files": (
        workbook(cell("A1", "x"), {"xl/externalLinks/externalLink1.xml": b"<a/>"}),
        rules.FileRefersOut,
    ),
    "password": (
        inspector.OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        rules.FileEncrypted,
    ),
    "old macros": (
        inspector.OLE + bytes(600) + "_VBA_PROJECT".encode("utf-16-le"),
        rules.FileHasMacros,
    ),
    "locked ods": (
        workbook("", {"META-INF/manifest.xml": b"<manifest:encryption-data/>"}),
        rules.FileEncrypted,
    ),
    "many rows": (b"a;b\n" * 100_000, rules.TooManyRows),
    "wide": (b";".join([b"a"] * 300) + b"\n", rules.TooManyColumns),
    "broken zip": (b"PK\x03\x04" + b"no" * 50, rules.FileRefused),
    "broken workbook": (workbook(cell("A1", "x"))[:-40], rules.FileRefused),
    "old and broken": (inspector.OLE + bytes(5000), rules.FileRefused),
    "empty": (b"", rules.NothingInIt),
    "blank": (b" ;;\n;;\n", rules.NothingInIt),
    "empty sheet": (workbook(""), rules.NothingInIt),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, rules.FileRefused),
    "large": (b"a;b\n" * 1_400_000, rules.FileTooLarge),
}


@pytest.mark.parametrize("fault", HOSTILE)
def test_a_file_beyond_the_bounds_is_refused_with_the_reason(fault: str) -> None:
    data, refusal = HOSTILE[fault]
    with pytest.raises(Refused) as refused:
        inspector.sheets(data)
    assert refused.value.kind is refusal


def test_a_refusal_comes_out_of_the_cage_as_its_sentence(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(rules.TooManyRows) as refused:
        reader.read(HOSTILE["far down"][0])
    with app.test_request_context():
        assert "goes down to row 1048576" in str(refused.value)
    with pytest.raises(rules.FileTooLarge):
        reader.read(HOSTILE["large"][0])


@pytest.mark.parametrize(("place", "value"), [(6, 242), (10, 99), (45, 127)])
def test_a_broken_directory_is_a_refusal(place: int, value: int) -> None:
    """A version that nobody can read, a way of packing unknown, a part that is elsewhere."""
    data = bytearray(workbook(cell("A1", "x")))
    for found in re.finditer(b"PK\x01\x02", bytes(data)):
        data[found.start() + place] = value
    with pytest.raises(Refused) as refused:
        inspector.sheets(bytes(data))
    assert refused.value.kind is rules.FileRefused


def test_whatever_the_file_is_there_are_cells_or_a_refusal() -> None:
    """Seeded: pieces of real files turned, cut and doubled."""
    seed = random.randrange(2**32)
    print("seed", seed)
    chance = random.Random(seed)
    good = [workbook(cell("A1", "x") + cell("B2", "y")), "a;b\n1;ñ\n".encode("cp1252")]
    for _ in range(60):
        data = bytearray(chance.choice(good))
        for _ in range(chance.randint(1, 8)):
            place = chance.randrange(len(data) + 1)
            data[place : place + chance.randint(0, 4)] = chance.randbytes(chance.randint(0, 4))
        with suppress(Refused):
            assert inspector.sheets(bytes(data))


def test_a_cell_of_nothing_but_spaces_between_two_words_costs_no_longer() -> None:
    """What looks for words in cells would try each of thousands of spaces with each other."""
    for gap in (" " * 3_000, "\t \u00a0" * 1_000):
        assert inspector._plain(f" one{gap}two ") == "one two"
        assert inspector._plain(f"Ana,{gap}\n \r\n\tLuz") == "Ana,\nLuz"
