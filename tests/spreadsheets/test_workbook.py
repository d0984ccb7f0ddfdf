"""What is taken out of the house: never a formula, with a page that says who took it."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date

import pytest
from msgspec.structs import replace

from trainings.spreadsheets import inspector, workbook
from trainings.spreadsheets.taking_rules import TakenList, calculated, guarded

DANGEROUS = [
    "=1+1",
    "+591 2 123",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "'=1",
    '"=1',
    "\u00a0=1",
    "−1",
]
TAKEN = TakenList(
    title="Candidates",
    about_name="About",
    about=[("Taken by", "=Ada"), ("What for", "Hotel")],
    name="List",
    head=["Name", "Born", "Rank"],
    rows=[["=cmd|' /C calc'!A0", date(1980, 2, 3), 7], ["Ñandú", None, None]],
)


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula(text: str) -> None:
    taken = replace(TAKEN, rows=[[text, None, None]], mark=text, head=[text, "Born", "Rank"])
    with zipfile.ZipFile(io.BytesIO(workbook.xlsx(taken))) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    assert not any(b"<f>" in part or b"<f " in part for part in parts.values())
    assert not any("externalLink" in name or "vba" in name for name in parts)
    for table in _csv(workbook.zipped(taken)).values():
        for cell in (cell for row in table for cell in row):
            assert not cell.lstrip().startswith(tuple("=+-@＝＋－＠")), cell
            assert "\t" not in cell and "\r" not in cell and "\n" not in cell


@pytest.mark.parametrize("text", ["Ana", "7-3", "a=b", "O'Higgins", "", "ana@unit.example"])
def test_usual_texts_stay_as_they_are(text: str) -> None:
    assert not calculated(text) and guarded(text) == text


def test_a_workbook_says_first_who_took_it_and_holds_the_list() -> None:
    about, listed = inspector.sheets(workbook.xlsx(TAKEN))
    assert (about["name"], listed["name"]) == ("About", "List")
    assert about["rows"][2:] == [["Taken by", "=Ada"], ["What for", "Hotel"]]
    assert listed["rows"] == [
        ["Name", "Born", "Rank"],
        ["=cmd|' /C calc'!A0", ["day", "1980-02-03"], 7.0],
        ["Ñandú"],
    ]


def test_the_mark_stands_above_the_list() -> None:
    _about, listed = inspector.sheets(workbook.xlsx(replace(TAKEN, mark="L-23: Ada")))
    assert listed["rows"][0] == ["L-23: Ada"] and listed["rows"][1][0] == "Name"
    assert _csv(workbook.zipped(replace(TAKEN, mark="L-23: Ada")))["List.csv"][0] == ["L-23: Ada"]


def test_a_text_file_has_a_companion_in_the_same_download() -> None:
    found = _csv(workbook.zipped(TAKEN, ";"), ";")
    assert found["List.csv"] == [
        ["Name", "Born", "Rank"],
        ["'=cmd|' /C calc'!A0", "1980-02-03", "7"],
        ["Ñandú", "", ""],
    ]
    assert found["About.csv"] == [["Candidates"], ["Taken by", "'=Ada"], ["What for", "Hotel"]]


def test_a_very_long_text_and_one_that_no_file_can_carry_are_written() -> None:
    long = replace(TAKEN, rows=[["x" * 40_000, None, None], ["a\x00b\x0bc\ud800", None, None]])
    _about, listed = inspector.sheets(workbook.xlsx(long))
    assert listed["rows"][1][0].startswith("xxxx") and listed["rows"][2] == ["ab c"]


def _csv(data: bytes, separator: str = ",") -> dict[str, list[list[str]]]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {
            name: list(
                csv.reader(
                    io.StringIO(packed.read(name).decode("utf-8-sig"), newline=""),
                    delimiter=separator,
                )
            )
            for name in packed.namelist()
        }
