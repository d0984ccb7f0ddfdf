"""The caged reader: one untrusted file on its input, its cells as JSON on its output.

Bounds are looked at before a library unpacks anything: one cell far down makes a file of 5 kB
claim 17 billion cells.
"""

import csv
import io
import json
import re
import struct
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine as calamine
from charset_normalizer import from_bytes

from trainings.printing.limits import allow_seconds, cut_network, refuse_calls_out, take_limits
from trainings.spreadsheets import rules

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCODINGS = ["utf_8", "utf_16", "utf_16_le", "utf_16_be", "cp1252", "cp850", "mac_roman"]
_SEPARATORS = "\t;,|"
_PLACE = re.compile(rb'<(?:\w+:)?c [^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')
_REPEATED = re.compile(rb'table:number-(rows|columns)-repeated="([0-9]+)"')


class Refused(Exception):
    """The name of the refusal, and its values."""

    def __init__(self, kind: type[rules.FileRefused], **values: object) -> None:
        super().__init__(kind.__name__)
        self.kind = kind
        self.values = values


def main() -> None:
    """Read the file, and print what stands in it."""
    cut_network()
    take_limits()
    allow_seconds(int(sys.argv[1]))
    data = sys.stdin.buffer.read()
    refuse_calls_out()
    try:
        answer: dict[str, Any] = {"sheets": sheets(data)}
    except Refused as refused:
        answer = {"refused": refused.kind.__name__, "values": refused.values}
    sys.stdout.write(json.dumps(answer))


def sheets(data: bytes) -> list[dict[str, Any]]:
    """The sheets of a file, each with its name, rows and merged cells; or :class:`Refused`.

    Of hidden ones only the name.
    """
    if len(data) > rules.LARGEST:
        raise Refused(rules.FileTooLarge)
    if data.startswith((ZIP, OLE)):
        (_look_into_zip if data.startswith(ZIP) else _look_into_ole)(data)
        found = list(_workbook(data))
    else:
        found = [_text(data)]
    if not any(cell != "" for sheet in found for row in sheet["rows"] for cell in row):
        raise Refused(rules.NothingInIt)
    return found


# Raised for a broken zip file, while its directory is read as well as its parts.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    struct.error,
)


def _look_into_zip(data: bytes) -> None:
    try:
        packed = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN:
        raise Refused(rules.FileRefused) from None
    parts = packed.infolist()
    names = [part.filename.lower() for part in parts]
    if sum(part.file_size for part in parts) > rules.UNPACKED:
        raise Refused(rules.FileUnpacksTooLarge)
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(rules.FileEncrypted)
    if any(name.endswith("vbaproject.bin") or name.startswith("basic/") for name in names):
        raise Refused(rules.FileHasMacros)
    if any(name.startswith("xl/externallinks/") for name in names):
        raise Refused(rules.FileRefersOut)
    if "meta-inf/manifest.xml" in names and b"encryption-data" in _part(
        packed, parts[names.index("meta-inf/manifest.xml")].filename
    ):
        raise Refused(rules.FileEncrypted)
    for part in parts:
        if part.filename.lower().startswith("xl/worksheets/") and part.filename.endswith(".xml"):
            _bound_cells(part.filename.rsplit("/", 1)[-1], _part(packed, part.filename))


def _part(packed: zipfile.ZipFile, name: str) -> bytes:
    """A part of a packed file, never more of it than its directory says."""
    try:
        with packed.open(name) as part:
            content = part.read(rules.UNPACKED + 1)
    except _BROKEN:
        raise Refused(rules.FileRefused) from None
    if len(content) > rules.UNPACKED:
        raise Refused(rules.FileUnpacksTooLarge)
    return content


def _bound_cells(sheet: str, content: bytes) -> None:
    for found in _PLACE.finditer(content):
        if int(found[2]) > rules.ROWS:
            raise Refused(rules.TooManyRows, sheet=sheet, row=int(found[2]))
        if _column(found[1].decode()) > rules.COLUMNS:
            raise Refused(rules.TooManyColumns, sheet=sheet, column=found[1].decode())


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _look_into_ole(data: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Refused(rules.FileEncrypted)
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        raise Refused(rules.FileHasMacros)


def _workbook(data: bytes) -> Iterator[dict[str, Any]]:
    try:
        book = calamine.load_workbook(io.BytesIO(data))
    except calamine.PasswordError:
        raise Refused(rules.FileEncrypted) from None
    except calamine.CalamineError:
        raise Refused(rules.FileRefused) from None
    shown = [
        one.name
        for one in book.sheets_metadata
        if one.typ == calamine.SheetTypeEnum.WorkSheet
        and one.visible == calamine.SheetVisibleEnum.Visible
    ]
    if len(shown) > rules.SHEETS:
        raise Refused(rules.TooManySheets)
    hidden = [
        one.name
        for one in book.sheets_metadata
        if one.typ == calamine.SheetTypeEnum.WorkSheet
        and one.visible != calamine.SheetVisibleEnum.Visible
    ]
    for name in hidden[: rules.SHEETS]:  # said, not read
        yield {"name": name[: rules.LONGEST_NAME], "hidden": True, "rows": [], "merged": []}
    for name in shown:
        try:
            sheet = book.get_sheet_by_name(name)
        except calamine.CalamineError:
            raise Refused(rules.FileRefused) from None
        last_row, last_column = sheet.end or (0, 0)
        if last_row >= rules.ROWS:
            raise Refused(rules.TooManyRows, sheet=name, row=last_row + 1)
        if last_column >= rules.COLUMNS:
            raise Refused(rules.TooManyColumns, sheet=name, column=str(last_column + 1))
        rows = sheet.to_python(skip_empty_area=False)
        merged = [
            [top, left, min(bottom, last_row), min(right, last_column)]
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        ]
        yield {"name": name, "rows": [_plain_row(row) for row in rows], "merged": merged}


def _plain_row(row: Sequence[Any]) -> list[Any]:
    """The cells of a row as JSON values, without the empty ones at its end."""
    cells = [_plain(cell) for cell in row]
    while cells and cells[-1] == "":
        cells.pop()
    return cells


def _plain(cell: Any) -> Any:
    """A cell as a JSON value: text, a number, or a list of a kind and an ISO 8601 string."""
    match cell:
        case bool():
            return str(cell).upper()
        case int() | float():
            return float(cell)
        case datetime():
            return ["moment", cell.isoformat()]
        case date():
            return ["day", cell.isoformat()]
        case time():
            return ["time", cell.isoformat()]
        case timedelta():
            return cell / timedelta(days=1)
    return _closed_up(str(cell).strip()[: rules.LONGEST_CELL])


def _closed_up(text: str) -> str:
    """A text without runs of spaces or empty lines: what is read out of it costs no longer."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _text(data: bytes) -> dict[str, Any]:
    found = from_bytes(data, cp_isolation=ENCODINGS).best() if data.strip() else None
    if found is None:
        raise Refused(rules.NothingInIt if not data.strip() else rules.FileRefused)
    text = str(found).removeprefix("\ufeff")
    if "\0" in text:
        raise Refused(rules.FileRefused)
    rows = table_of(text)
    if len(rows) > rules.ROWS:
        raise Refused(rules.TooManyRows, sheet="1", row=len(rows))
    widest = max(map(len, rows), default=0)
    if widest > rules.COLUMNS:
        raise Refused(rules.TooManyColumns, sheet="1", column=str(widest))
    return {"name": "", "rows": [_plain_row(row) for row in rows], "merged": []}


def table_of(text: str) -> list[list[str]]:
    """The rows of separated values; the separator is the one by which most rows are as wide."""
    csv.field_size_limit(rules.UNPACKED)
    lines = text.splitlines(keepends=True)

    def evenness(separator: str) -> tuple[int, int]:
        widths = Counter(
            len(row) for row in csv.reader(lines[:200], delimiter=separator) if any(row)
        )
        width, rows = max(widths.items(), key=lambda pair: (pair[0] > 1, pair[1]), default=(0, 0))
        return (rows if width > 1 else 0), width

    try:
        best = max(_SEPARATORS, key=evenness)
        return list(csv.reader(lines, delimiter=best))
    except csv.Error:
        raise Refused(rules.FileRefused) from None


if __name__ == "__main__":
    main()
