"""Where the list stands in a file, and what each of its columns holds: by name, else by content."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct, field

from trainings.core.i18n import LANGUAGES, _l, country_name
from trainings.nominations_import.value_rules import (
    WORDS,
    begins_with,
    is_date,
    is_sex,
    plain,
    rank_of,
)
from trainings.spreadsheets.rules import FileRefused, Sheet
from trainings.spreadsheets.table_rules import SEARCHED, meaning_of
from trainings.spreadsheets.value_rules import country_of

MOST = 200  # people of one list
MOST_COLUMNS = 30
_LONGEST = 300_000  # characters that go with the page and come back
COLUMNS: Mapping[str, frozenset[str]] = {
    meaning: frozenset(map(plain, several)) for meaning, several in WORDS["columns"].items()
}
NAMES = ("name", "reversed_name", "given_name", "family_name")
_JOINED = ("given_name", "family_name", "unit", "needs")  # may stand in several columns


class NoList(FileRefused):
    """A file in which no row holds anything."""

    sentence = _l(
        "We found no list in this file: a row of column names, and a row for each person."
    )


class TooManyPeople(FileRefused):
    """More rows, or more text, than one list of nominations has."""

    sentence = _l("This list has more than 200 rows, or very long texts. Send it in parts.")


class Line(NamedTuple):
    """A row of the list: what it is called, and its cells."""

    label: str
    cells: tuple[str, ...]


class Listed(Struct, frozen=True):
    """A list as it was written, before anything of it is understood.

    ``above``: what stands over the table, with the names of sheet and file. ``left_out``: rows that
    are of no person, such as a total; other sheets with a list of another layout.
    """

    header: tuple[str, ...]
    lines: tuple[Line, ...]
    above: tuple[str, ...] = ()
    left_out: tuple[Line, ...] = field(default=())

    def packed(self) -> str:
        """As text for the page, from which it is read again with other columns."""
        parts = [self.header, self.lines, self.above, self.left_out]
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))

    @property
    def layout(self) -> str:
        """What another list of the same layout has, too; empty where no column has a name."""
        return "|".join(map(plain, self.header)) if any(self.header) else ""


def unpacked(text: str) -> Listed | None:
    """The list that a page was made from; None where it was altered into something else."""
    try:
        header, lines, above, left_out = json.loads(text)
        found = Listed(
            tuple(map(str, header)),
            tuple(Line(str(label), tuple(map(str, cells))) for label, cells in lines),
            tuple(map(str, above)),
            tuple(Line(str(label), tuple(map(str, cells))) for label, cells in left_out),
        )
    except (ValueError, TypeError, RecursionError):
        return None
    width, labels = len(found.header), {line.label for line in found.lines}
    fits = all(len(line.cells) == width and any(line.cells) for line in found.lines)
    if not (found.lines and fits) or len(found.lines) > MOST or width > MOST_COLUMNS:
        return None
    return found if len(labels) == len(found.lines) else None


def listed(sheets: Sequence[Sheet], file_name: str = "") -> Listed:
    """The list in a file: on the sheet and below the row that names most columns.

    Sheets with the same columns belong to it. Raises ``NoList``, ``TooManyPeople``.
    """
    headers = [_header_of(sheet) or _first_row_of(sheet) for sheet in sheets]
    known = [one and one[1] for one in headers]
    best = max(range(len(sheets)), key=lambda at: (known[at] or 0, -at), default=None)
    if best is None:
        raise NoList
    if headers[best] is None:  # no row names columns: the first sheet that says something
        best = next((at for at, sheet in enumerate(sheets) if any(map(any, sheet.rows))), best)
    found = headers[best]
    top = -1 if found is None else found[0]
    sheet = sheets[best]
    width = min(max((len(row) for row in sheet.rows), default=0), MOST_COLUMNS)
    header = tuple(_text(sheet, top, column) if found else "" for column in range(width))
    lines = _lines(sheet, top, header, "")
    aside: list[Line] = []
    for at, other in enumerate(sheets):
        row = headers[at]
        if at == best or row is None or len(other.rows) <= row[0] + 1:
            continue
        theirs = tuple(_text(other, row[0], column) for column in range(width))
        if tuple(map(plain, theirs)) == tuple(map(plain, header)):
            lines += _lines(other, row[0], header, f"{other.name} ")
        elif row[1] > 2:
            aside.append(Line(other.name, ("|".join(theirs),)))
    people, left_out = _of_people(lines, header)
    if not people:
        raise NoList
    above = [text for row in range(max(top, 0)) for text in _texts(sheet, row) if text]
    whole = Listed(header, tuple(people), (*above, sheet.name, file_name), (*left_out, *aside))
    if len(people) > MOST or len(whole.packed()) > _LONGEST:
        raise TooManyPeople
    return whole


def _header_of(sheet: Sheet) -> tuple[int, int] | None:
    """The row that names most columns, and how many; None where none names two."""
    best: tuple[int, int] | None = None
    for row in range(min(len(sheet.rows), SEARCHED)):
        meanings = {meaning_of(plain(text), COLUMNS) for text in _texts(sheet, row)} - {None}
        if len(meanings) > 1 and (best is None or len(meanings) > best[1]):
            best = row, len(meanings)
    return best


def _first_row_of(sheet: Sheet) -> tuple[int, int] | None:
    """The first row, where below it stand addresses and in it there is none."""
    said = [row for row in range(len(sheet.rows)) if any(_texts(sheet, row))]
    with_mail = [row for row in said if "@" in "".join(_texts(sheet, row))]
    return (said[0], 1) if with_mail and said[0] not in with_mail else None


def _texts(sheet: Sheet, row: int) -> list[str]:
    return [_text(sheet, row, column) for column in range(len(sheet.rows[row]))]


def _text(sheet: Sheet, row: int, column: int) -> str:
    """What a cell says; where cells below each other are merged, what the first of them says."""
    for top, left, bottom, right in sheet.merged:
        if left == right == column and top < row <= bottom:
            return sheet.text(top, left)
    return " ".join(sheet.text(row, column).split())


def _lines(sheet: Sheet, top: int, header: Sequence[str], called: str) -> list[Line]:
    found = []
    for row in range(top + 1, len(sheet.rows)):
        cells = tuple(_text(sheet, row, column) for column in range(len(header)))
        if any(cells) and cells != header:
            found.append(Line(f"{called}{row + 1}", cells))
    return found


def _of_people(lines: Sequence[Line], header: Sequence[str]) -> tuple[list[Line], list[Line]]:
    """The rows that are of people; and those with a total, or with one cell that is no name."""
    names = {at for at, name in enumerate(header) if meaning_of(plain(name), COLUMNS) in NAMES}
    people: list[Line] = []
    left_out: list[Line] = []
    for line in lines:
        said = [at for at, cell in enumerate(line.cells) if cell]
        total = begins_with(line.cells[said[0]], "total") and "@" not in "".join(line.cells)
        alone = len(said) == 1 and bool(names) and said[0] not in names
        (left_out if total or alone else people).append(line)
    return people, left_out


# What each column holds


def meanings(found: Listed, functions: Callable[[str], bool]) -> list[str]:
    """What each column holds: by its name, else by what stands in it; "" where neither says.

    ``functions``: whether a cell names one.
    """
    columns: list[str] = []
    for name in found.header:
        meaning = meaning_of(plain(name), COLUMNS) or ""
        taken = meaning in columns and meaning not in _JOINED
        columns.append("" if taken else meaning)
    values = [
        [line.cells[at] for line in found.lines if line.cells[at]] for at in range(len(columns))
    ]
    for at, meaning in enumerate(columns):
        if meaning == "rank" and values[at] and not _most(values[at], _is_rank):
            columns[at] = ""
    by_content = {"mail": _is_mail, "born": is_date, "sex": is_sex, "function": functions}
    for at, meaning in enumerate(columns):
        if not meaning and values[at]:
            held = (kind for kind, fits in by_content.items() if _most(values[at], fits))
            columns[at] = next((kind for kind in held if kind not in columns), "")
    if columns and not columns[0] and "rank" not in columns and not found.header[0]:
        ranks = [rank_of(value) for value in values[0]]
        columns[0] = "rank" if ranks and ranks == list(range(1, len(ranks) + 1)) else ""
    return _whole_names(columns)


def _whole_names(columns: list[str]) -> list[str]:
    """A column called *Nombre*, with none for the other part of the name, has all of it."""
    parts = [one for one in columns if one in NAMES]
    if set(parts) in ({"given_name"}, {"family_name"}) and len(parts) == 1:
        return ["name" if one in NAMES else one for one in columns]
    return columns


def _most(values: Sequence[str], fits: Callable[[str], bool]) -> bool:
    return sum(map(fits, values)) * 3 >= len(values) * 2


def _is_mail(value: str) -> bool:
    return "@" in value


def _is_rank(value: str) -> bool:
    return rank_of(value) is not None


def lacks(columns: Sequence[str]) -> bool:
    """Whether a list lacks a column for what every candidate needs."""
    return not {"mail", "function"} <= set(columns) or not set(NAMES) & set(columns)


def column_letter(at: int) -> str:
    """The letter of a column as spreadsheets show it, counted from 0."""
    return (chr(64 + at // 26) if at >= 26 else "") + chr(65 + at % 26)


# The country that a whole file is about


def country_said(found: Listed, invited: Sequence[str]) -> str:
    """The country that a file names for all its rows; nothing where it names none, or several.

    First a line such as *País: Argentina*; else the one invited country that the lines above the
    table name, or the sheet, or the file.
    """
    for text in found.above:
        name, colon, rest = text.partition(":")
        if colon and plain(name) in _COUNTRY_WORDS and (country := country_of(rest.strip())):
            return country
    for texts in (found.above[:-2], found.above[-2:-1], found.above[-1:]):
        named = {code for text in texts for code in invited if _names_country(text, code)}
        if len(named) == 1:
            return named.pop()
    return ""


_COUNTRY_WORDS = frozenset(map(plain, WORDS["words"]["country"]))


def _names_country(text: str, code: str) -> bool:
    said = f" {plain(text)} "
    return any(f" {plain(country_name(code, language))} " in said for language in LANGUAGES)


def country_of_addresses(mails: Sequence[str], invited: Sequence[str]) -> str:
    """The invited country whose domain all addresses end in; nothing where they differ."""
    ends = Counter(mail.rpartition(".")[2].upper() for mail in mails if "@" in mail)
    code = next(iter(ends), "")
    return code if len(ends) == 1 and code in invited else ""
