"""What a list of laws says, row by row, and what becomes of each; the register as a list."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.json import encode

from trainings.core.errors import Refusal
from trainings.core.i18n import _l
from trainings.core.text import clean
from trainings.legislation.rules import (
    LONGEST_ADDRESS,
    LONGEST_LINE,
    LONGEST_NOTE,
    LONGEST_TEXT,
    CountryNotThere,
    LawText,
    TopicUnknown,
    YearOdd,
    checked,
)
from trainings.spreadsheets.rules import FileRefused, Sheet
from trainings.spreadsheets.table_rules import Table, find_table
from trainings.spreadsheets.taking_rules import Value, calculated
from trainings.spreadsheets.value_rules import country_of

MOST = 300  # rows that a page can hold; the command line takes more
ANSWERS = {"es": "value_es", "en": "value_en", "fr": "value_fr", "pt_BR": "value_pt"}
COLUMNS = (
    "country",
    "topic",
    "value_es",
    "value_en",
    "law",
    "article",
    "year",
    "source_title",
    "source_url",
    "source_date",
    "note",
)
FURTHER = ("value_fr", "value_pt", "in_force")  # only where something stands in them
_LENGTHS = {
    "law": LONGEST_LINE,
    "article": 200,
    "in_force": 10,
    "source_title": LONGEST_LINE,
    "source_url": LONGEST_ADDRESS,
    "source_date": 10,
    "note": LONGEST_NOTE,
}


class NoLaws(FileRefused):
    """A file without the columns by which laws are found."""

    sentence = _l(
        "We found no list of laws in this file. It needs columns named country and topic, and a "
        "row for each entry."
    )


class TooManyLaws(FileRefused):
    """More rows than a page can hold."""

    sentence = _l("This list has more than 300 rows. Send it in parts.")


class TwiceInList(Refusal):
    """The same country and topic in an earlier row."""

    sentence = _l("The same country and topic are in row %(row)s.")


class NotYours(Refusal):
    """A row of a country whose entries somebody else keeps."""

    sentence = _l("You do not keep the entries of this country.")


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"  # it counts, and is to be confirmed
    CHANGE = "change"  # it waits for a second person
    SAME = "same"  # it is there already
    WAITS = "waits"  # another change waits there: that has to be decided first


class Row(Struct, frozen=True):
    """A row that is clean: its number in the file, its place, what it says."""

    number: int
    country: str
    topic: str
    text: LawText

    @property
    def place(self) -> tuple[str, str]:
        """Its country and topic."""
        return self.country, self.topic


class Asked(Struct, frozen=True):
    """A row with something to be mended in the file."""

    number: int
    why: Refusal


def fate_of(
    text: LawText, current: LawText | None, confirmed: bool, proposed: LawText | None
) -> Fate:
    """What becomes of a row, by what stands at its place."""
    if text in (current, proposed):
        return Fate.SAME
    if proposed is not None:
        return Fate.WAITS
    return Fate.CHANGE if confirmed else Fate.NEW


def read(
    sheets: Sequence[Sheet],
    topics: Collection[str],
    this_year: int,
    may: Callable[[str], bool] = lambda _country: True,
) -> tuple[list[Row], list[Asked]]:
    """The clean rows of a file, and those with something to mend. Raises ``NoLaws``."""
    words = {name: (name,) for name in (*COLUMNS, *FURTHER)}
    table = next(
        filter(None, (find_table(one, words, ("country", "topic")) for one in sheets)), None
    )
    if table is None:
        raise NoLaws
    rows: dict[tuple[str, str], Row] = {}
    asked = []
    for place in table.rows():
        number = place + 1
        try:
            row = _row(table, place, topics, this_year)
            if row.place in rows:
                raise TwiceInList(row=rows[row.place].number)
            if not may(row.country):
                raise NotYours
        except Refusal as refusal:
            asked.append(Asked(number, refusal))
            continue
        if row.text != LawText():
            rows[row.place] = row
    return list(rows.values()), asked


def _row(table: Table, place: int, topics: Collection[str], this_year: int) -> Row:
    said = {name: _said(table, place, name) for name in (*COLUMNS, *FURTHER)}
    country, topic = country_of(said["country"]), said["topic"].strip()
    if not country:
        raise CountryNotThere(said=said["country"] or "–")
    if topic not in topics:
        raise TopicUnknown(said=topic or "–")
    answers = {
        code: clean(said[name], LONGEST_TEXT) for code, name in ANSWERS.items() if said[name]
    }
    parts = {name: clean(said[name], most) for name, most in _LENGTHS.items()}
    text = LawText(said=answers, year=_year(said["year"]), **parts)
    return Row(place + 1, country, topic, text if text == LawText() else checked(text, this_year))


def _said(table: Table, place: int, name: str) -> str:
    """A cell without the apostrophe by which a list of ours keeps it from being calculated."""
    text = table.text(place, name).strip()
    return text[1:] if text[:1] == "'" and calculated(text[1:]) else text


def _year(said: str) -> int | None:
    if not said:
        return None
    if not (len(said) == 4 and said.isdecimal()):
        raise YearOdd
    return int(said)


def packed(rows: Sequence[Row]) -> str:
    """Rows as text for the page on which they are confirmed."""
    return encode(rows).decode()


def unpacked(text: str, topics: Collection[str], this_year: int) -> list[Row]:
    """The rows of that page again, checked anew. Raises ``NoLaws`` where they were altered."""
    try:
        found = [
            Row(int(one["number"]), str(one["country"]), str(one["topic"]), LawText(**one["text"]))
            for one in json.loads(text)[:MOST]
        ]
        for row in found:
            checked(row.text, this_year)
    except (ValueError, TypeError, KeyError, RecursionError, Refusal):
        raise NoLaws from None
    if any(row.topic not in topics or not country_of(row.country) for row in found):
        raise NoLaws
    return found


def as_list(entries: Sequence[tuple[str, str, LawText]]) -> tuple[list[str], list[list[Value]]]:
    """The register as a list: the names of its columns, and a row for each entry."""
    rows = [_cells(*one) for one in entries]
    head = [*COLUMNS, *(name for name in FURTHER if any(row[name] for row in rows))]
    return head, [[row[name] for name in head] for row in rows]


def _cells(country: str, topic: str, text: LawText) -> Mapping[str, Value]:
    cells: dict[str, Value] = {"country": country, "topic": topic, "year": text.year}
    cells |= {name: text.said.get(code, "") for code, name in ANSWERS.items()}
    return cells | {name: getattr(text, name) for name in _LENGTHS}
