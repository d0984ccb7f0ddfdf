"""Writes the blank workbook of a course with XlsxWriter: columns, drop-down lists, no formula."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from trainings.nominations_import.layout_rules import MOST

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LISTS = "Lists"
_FIRST = 5  # rows above the first person
_WIDE = {"unit": 32, "mail": 32, "needs": 32, "document": 24, "function": 20}


class Blank(Struct, frozen=True):
    """What stands in a blank workbook: all texts in its language.

    ``columns``: their names by what they hold; ``choices``: what may be chosen, by the same.
    """

    title: str
    lines: Sequence[str]  # below the title
    sheet: str
    columns: Mapping[str, str]
    choices: Mapping[str, Sequence[str]]
    born: tuple[date, date]  # the earliest and the latest date of birth
    date_hint: str


def written(blank: Blank) -> bytes:
    """The workbook as an .xlsx file.

    Whatever a text begins with, it is written as text: no cell of it is ever a formula.
    """
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    sheet, lists = book.add_worksheet(blank.sheet), book.add_worksheet(LISTS)
    lists.hide()
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bg_color": "#d9e6e8", "text_wrap": True, "border": 1})
    as_text = book.add_format({"num_format": "@"})
    as_day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_string(0, 0, blank.title, bold)
    for row, line in enumerate(blank.lines, 1):
        sheet.write_string(row, 0, line)
    for at, (meaning, name) in enumerate(blank.columns.items()):
        sheet.set_column(at, at, _WIDE.get(meaning, 16), as_day if meaning == "born" else as_text)
        sheet.write_string(_FIRST - 1, at, name, head)
        rule: dict[str, object] = {}
        if meaning in blank.choices:
            chosen = blank.choices[meaning]
            for row, choice in enumerate(chosen):
                lists.write_string(row, at, choice)
            letter = chr(65 + at)
            source = f"={LISTS}!${letter}$1:${letter}${len(chosen)}"
            rule = {"validate": "list", "source": source}
        elif meaning == "born":
            first, last = blank.born
            rule = {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}
            rule |= {"error_message": blank.date_hint, "error_type": "warning"}
        if rule:
            sheet.data_validation(_FIRST, at, _FIRST + MOST - 1, at, rule)
    sheet.freeze_panes(_FIRST, 0)
    book.close()
    return out.getvalue()
