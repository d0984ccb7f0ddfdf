"""The one writer of lists that are taken out: workbooks (.xlsx), and text files (.csv) in a zip.

Whatever a text begins with, it stays a text: no cell is ever a formula. Nothing is written to the
disk on the way, and rows are written as they come: what is kept of them is packed. See
docs/decisions/2026-11-29-any-size.md.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, islice
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from trainings.core.paging import portions
from trainings.spreadsheets.taking_rules import TakenList, Value, calculated, guarded, one_line

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
_WIDEST = 48
_LOOKED_AT = 200  # rows by which a column's width is chosen
_PORTION = 200  # rows that are packed at once
_LIST = "xl/worksheets/sheet2.xml"
_FIRST_DAY = date(1899, 12, 30)  # days are counted from it
_LIKE_A_CODE = re.compile("_(?=x[0-9a-fA-F]{4}_)")  # which a workbook would take for a character


def xlsx(taken: TakenList) -> bytes:
    """A list as a workbook: who took it and what for on the first sheet, the list on the second."""
    rows = iter(taken.rows)
    first = list(islice(rows, _LOOKED_AT))
    frame = _frame(taken, first)
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(frame.content)) as around,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for part in around.infolist():
            if part.filename != _LIST:
                packed.writestr(part, around.read(part), zipfile.ZIP_DEFLATED)
                continue
            before, after = _halves(around.read(part).decode(), frame, taken)
            with packed.open(_LIST, "w") as sheet:
                sheet.write(before.encode())
                _write_rows(sheet.write, chain(first, rows), frame)
                sheet.write(after.encode())
    return out.getvalue()


class _Frame(NamedTuple):
    """A workbook without the rows of its list: where they begin, and how their cells look."""

    content: bytes
    begins: int  # the number of the first row, from 1
    quoted: int
    day: int


def _frame(taken: TakenList, first: Sequence[Sequence[Value]]) -> _Frame:
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,  # no file in clear on the disk
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, options)
    about, listed = book.add_worksheet(taken.about_name), book.add_worksheet(taken.name)
    formats = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bg_color": "#d9e6e8", "text_wrap": True}),
        "label": book.add_format({"bold": True, "valign": "top"}),
        "wrapped": book.add_format({"text_wrap": True, "quote_prefix": True}),
        "quoted": book.add_format({"quote_prefix": True}),
        "day": book.add_format({"num_format": "d mmm yyyy", "align": "left"}),
    }
    about.set_column(0, 0, 28)
    about.set_column(1, 1, 80)
    about.write_string(0, 0, one_line(taken.title), formats["title"])
    for row, (label, text) in enumerate(taken.about, 2):
        about.write_string(row, 0, one_line(label), formats["label"])
        about.write_string(row, 1, one_line(text), formats["wrapped"])
    top = _write_head(listed, taken, first, formats)
    listed.write_blank(top + 1, 0, None, formats["quoted"])  # in the place of the rows
    listed.write_blank(top + 1, 1, None, formats["day"])
    listed.activate()
    book.close()
    return _Frame(
        out.getvalue(), top + 2, formats["quoted"].xf_index or 0, formats["day"].xf_index or 0
    )


def _write_head(
    sheet: Any, taken: TakenList, first: Sequence[Sequence[Value]], formats: dict[str, Any]
) -> int:
    """The mark and the headings; gives the row of these."""
    top = 0
    if taken.mark:
        sheet.write_string(0, 0, one_line(taken.mark), formats["quoted"])
        top = 1
    for at, label in enumerate(taken.head):
        sheet.write_string(top, at, one_line(label), formats["head"])
        seen = [label, *(_shown(row[at]) for row in first)]
        sheet.set_column(at, at, min(_WIDEST, max(10, *(len(one) + 2 for one in seen))))
    sheet.freeze_panes(top + 1, 0)
    if first:
        sheet.autofilter(top, 0, top + taken.length, len(taken.head) - 1)
    return top


def _halves(sheet: str, frame: _Frame, taken: TakenList) -> tuple[str, str]:
    """What stands before and after the rows, and how far the sheet goes."""
    begins = sheet.index(f'<row r="{frame.begins}"')
    ends = sheet.index("</row>", begins) + len("</row>")
    last = f"{_letters(max(len(taken.head), 1))}{frame.begins - 1 + taken.length}"
    before = re.sub('<dimension ref="[^"]*"', f'<dimension ref="A1:{last}"', sheet[:begins])
    return before, sheet[ends:]


def _letters(number: int) -> str:
    """How a column is named, by its number from 1."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _write_rows(
    write: Callable[[bytes], object], rows: Iterable[Sequence[Value]], frame: _Frame
) -> None:
    names: list[str] = []
    number = frame.begins
    for part in portions(rows, _PORTION):
        lines = []
        for values in part:
            names += [_letters(at + 1) for at in range(len(names), len(values))]
            cells = "".join(
                _cell(f"{names[at]}{number}", value, frame) for at, value in enumerate(values)
            )
            lines.append(f'<row r="{number}">{cells}</row>')
            number += 1
        write("".join(lines).encode())


def _cell(place: str, value: Value, frame: _Frame) -> str:
    """A cell; nothing where there is nothing."""
    if isinstance(value, date) and value > _FIRST_DAY:
        return f'<c r="{place}" s="{frame.day}"><v>{(value - _FIRST_DAY).days}</v></c>'
    if value is None or value == "":
        return ""
    if isinstance(value, int):
        return f'<c r="{place}"><v>{value}</v></c>'
    text = one_line(_shown(value))
    style = f' s="{frame.quoted}"' if calculated(text) else ""
    said = escape(_LIKE_A_CODE.sub("_x005F_", text))
    return f'<c r="{place}" t="inlineStr"{style}><is><t xml:space="preserve">{said}</t></is></c>'


def zipped(taken: TakenList, separator: str = ",") -> bytes:
    """A list as a text file, with a second one that says who took it and what for, in a zip."""
    listed = [[taken.mark]] if taken.mark else []
    rows = chain(listed, [taken.head], ([_shown(one) for one in row] for row in taken.rows))
    about = [[taken.title], *([label, text] for label, text in taken.about)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, table in ((taken.name, rows), (taken.about_name, about)):
            # an entry without a time: the list itself says when it was taken
            with packed.open(f"{name}.csv", "w") as part:
                for piece in _csv(table, separator):
                    part.write(piece)
    return out.getvalue()


def plain_csv(head: Sequence[str], rows: Sequence[Sequence[Value]]) -> bytes:
    """A list as one text file, for programs that read it again: no mark of its encoding."""
    out = io.StringIO(newline="")
    lines = [list(head), *([_shown(one) for one in row] for row in rows)]
    csv.writer(out, lineterminator="\n").writerows([guarded(one) for one in row] for row in lines)
    return out.getvalue().encode()


def _csv(rows: Iterable[Sequence[str]], separator: str) -> Iterator[bytes]:
    yield "".encode("utf-8-sig")
    for part in portions(rows, _PORTION):
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(
            [guarded(value) for value in row] for row in part
        )
        yield out.getvalue().encode()


def _shown(value: Value) -> str:
    """A value as a text: a day as ISO 8601, which every program reads."""
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
