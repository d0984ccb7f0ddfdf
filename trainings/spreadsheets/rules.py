"""What a file of others comes out as, its bounds, and the refusals of files that go beyond them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from msgspec import Struct, field

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l

LARGEST = 5 * 1024 * 1024  # bytes of a file
UNPACKED = 50 * 1024 * 1024  # bytes of what a file unpacks to
ROWS = 5_000
COLUMNS = 200
SHEETS = 30
LONGEST_NAME = 40  # of a hidden sheet, as it is told
LONGEST_CELL = 4_000  # characters

Cell = str | float | date | datetime | time  # an empty one is ""


class Merged(NamedTuple):
    """Cells that are one on the sheet, counted from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


class Sheet(Struct, frozen=True):
    """A table as it was written: the first row is row 1 of the file."""

    name: str
    rows: Sequence[Sequence[Cell]]
    merged: Sequence[Merged] = field(default=())

    def cell(self, row: int, column: int) -> Cell:
        """The value of a cell, counted from 0; empty beyond the end of its row."""
        values = self.rows[row]
        return values[column] if column < len(values) else ""

    def text(self, row: int, column: int) -> str:
        """The value of a cell as people would read it."""
        return as_text(self.cell(row, column))


class Sheets(list[Sheet]):
    """The visible sheets of a file; and the names of those that are hidden, which are not read."""

    hidden: tuple[str, ...] = ()


def as_text(cell: Cell) -> str:
    """A cell in words: whole numbers without a decimal point, days and times as ISO 8601."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    return str(cell).strip()


class FileRefused(Refusal):
    """A file that cannot be read as a table."""

    sentence: LazyText = _l(
        "We cannot read this file. Save it as a workbook (.xlsx or .ods) or as text (.csv), or "
        "copy the cells and paste them here."
    )
    field = "file"


class FileTooLarge(FileRefused):
    """More bytes than a table needs."""

    sentence = _l("This file is too large. The largest we read is 5 MB.")


class FileUnpacksTooLarge(FileRefused):
    """A small file that unpacks to a great deal."""

    sentence = _l(
        "This file unpacks to more than we read. Copy the table into a new workbook and send that."
    )


class FileHasMacros(FileRefused):
    """A workbook that carries a program."""

    sentence = _l("This workbook contains macros. Save it without them, as .xlsx, and try again.")


class FileRefersOut(FileRefused):
    """A workbook whose cells take values from other files, which may be out of date."""

    sentence = _l(
        "This workbook takes values from other files. Copy the table, paste it as values into a "
        "new workbook, and send that."
    )


class FileEncrypted(FileRefused):
    """A workbook that opens only with a password."""

    sentence = _l("This file is protected by a password. Save it without one and try again.")


class TooManyRows(FileRefused):
    """A sheet with more rows than a table of people or sessions has, or one cell far down."""

    sentence = _l(
        "Sheet “%(sheet)s” goes down to row %(row)s. We read the first 5,000 rows: delete what "
        "stands further down."
    )


class TooManyColumns(FileRefused):
    """A sheet with more columns than a table has, or one cell far to the right."""

    sentence = _l(
        "Sheet “%(sheet)s” goes on to column %(column)s. We read 200 columns: delete what stands "
        "further right."
    )


class TooManySheets(FileRefused):
    """A workbook with more sheets than anybody looks through."""

    sentence = _l("This workbook has more than 30 sheets. Send the sheet with the table alone.")


class NothingInIt(FileRefused):
    """A file without a single cell that says something."""

    sentence = _l("There is nothing in this file.")


class NothingGiven(FileRefused):
    """No file was chosen and nothing was pasted."""

    sentence = _l("Choose a file, or paste the cells.")


class NoFileChosen(FileRefused):
    """No file was chosen where there is no other way."""

    sentence = _l("Choose a file.")
