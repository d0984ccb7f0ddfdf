"""The one writer of lists that are taken out: workbooks (.xlsx), and text files (.csv) in a zip.

Whatever a text begins with, it stays a text: no cell is ever a formula. Nothing is written to the
disk on the way.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any

from trainings.spreadsheets.taking_rules import TakenList, Value, calculated, guarded, one_line

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
_WIDEST = 48
_LOOKED_AT = 200  # rows by which a column's width is chosen


def xlsx(taken: TakenList) -> bytes:
    """A list as a workbook: who took it and what for on the first sheet, the list on the second."""
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,  # no file in clear on the disk
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, options)
    first, second = book.add_worksheet(taken.about_name), book.add_worksheet(taken.name)
    formats = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bg_color": "#d9e6e8", "text_wrap": True}),
        "label": book.add_format({"bold": True, "valign": "top"}),
        "wrapped": book.add_format({"text_wrap": True, "quote_prefix": True}),
        "quoted": book.add_format({"quote_prefix": True}),
        "day": book.add_format({"num_format": "d mmm yyyy", "align": "left"}),
    }
    first.set_column(0, 0, 28)
    first.set_column(1, 1, 80)
    first.write_string(0, 0, one_line(taken.title), formats["title"])
    for row, (label, text) in enumerate(taken.about, 2):
        first.write_string(row, 0, one_line(label), formats["label"])
        first.write_string(row, 1, one_line(text), formats["wrapped"])
    _write_list(second, taken, formats)
    second.activate()
    book.close()
    return out.getvalue()


def _write_list(sheet: Any, taken: TakenList, formats: dict[str, Any]) -> None:
    top = 0
    if taken.mark:
        sheet.write_string(0, 0, one_line(taken.mark), formats["quoted"])
        top = 1
    for at, label in enumerate(taken.head):
        sheet.write_string(top, at, one_line(label), formats["head"])
        seen = [label, *(_shown(row[at]) for row in taken.rows[:_LOOKED_AT])]
        sheet.set_column(at, at, min(_WIDEST, max(10, *(len(one) + 2 for one in seen))))
    quoted, day, write = formats["quoted"], formats["day"], sheet.write_string
    for row, values in enumerate(taken.rows, top + 1):
        for at, value in enumerate(values):
            if isinstance(value, str):
                if value:
                    text = one_line(value)
                    write(row, at, text, quoted if calculated(text) else None)
            elif isinstance(value, date):
                sheet.write_datetime(row, at, value, day)
            elif value is not None:
                sheet.write_number(row, at, value)
    sheet.freeze_panes(top + 1, 0)
    if taken.rows:
        sheet.autofilter(top, 0, top + len(taken.rows), len(taken.head) - 1)


def zipped(taken: TakenList, separator: str = ",") -> bytes:
    """A list as a text file, with a second one that says who took it and what for, in a zip."""
    listed = [[taken.mark]] if taken.mark else []
    rows = [*listed, list(taken.head), *([_shown(one) for one in row] for row in taken.rows)]
    about = [[taken.title], *([label, text] for label, text in taken.about)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, table in ((taken.name, rows), (taken.about_name, about)):
            # an entry without a time: the list itself says when it was taken
            entry = zipfile.ZipInfo(f"{name}.csv")
            packed.writestr(entry, _csv(table, separator), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def plain_csv(head: Sequence[str], rows: Sequence[Sequence[Value]]) -> bytes:
    """A list as one text file, for programs that read it again: no mark of its encoding."""
    out = io.StringIO(newline="")
    lines = [list(head), *([_shown(one) for one in row] for row in rows)]
    csv.writer(out, lineterminator="\n").writerows([guarded(one) for one in row] for row in lines)
    return out.getvalue().encode()


def _csv(rows: list[list[str]], separator: str) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(
        [guarded(value) for value in row] for row in rows
    )
    return out.getvalue().encode("utf-8-sig")


def _shown(value: Value) -> str:
    """A value as a text: a day as ISO 8601, which every program reads."""
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
