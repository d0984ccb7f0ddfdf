"""Finds the table on a sheet: which row names the columns, and what each column is called."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from trainings.core.names import folded
from trainings.spreadsheets.rules import Sheet

SEARCHED = 40  # rows in which the names of the columns are looked for


class Table(Struct, frozen=True):
    """A sheet whose columns are known: ``columns`` by meaning, both counted from 0."""

    sheet: Sheet
    header: int
    columns: Mapping[str, int]

    def rows(self) -> Iterator[int]:
        """The rows below the names of the columns that are not empty and do not repeat them."""
        named = _texts(self.sheet, self.header)
        for row in range(self.header + 1, len(self.sheet.rows)):
            texts = _texts(self.sheet, row)
            if any(texts) and texts != named:
                yield row

    def text(self, row: int, column: str) -> str:
        """What a row says in a column; empty where the table has no such column."""
        return self.sheet.text(row, self.columns[column]) if column in self.columns else ""


def _texts(sheet: Sheet, row: int) -> list[str]:
    return [sheet.text(row, column) for column in range(len(sheet.rows[row]))]


_word = lru_cache(4096)(folded)  # the words we know are few, and compared with every cell


def meaning_of(name: str, words: Mapping[str, Collection[str]]) -> str | None:
    """What a column called ``name`` holds, by the words that stand for each meaning.

    The whole name first, then its longest beginning: *Fecha de nacimiento (dd/mm/aaaa)*.
    """
    written = folded(name)
    if not written:
        return None
    found = [
        (len(known), meaning)
        for meaning, several in words.items()
        for known in map(_word, several)
        if written == known or written.startswith(f"{known} ")
    ]
    return max(found)[1] if found else None


def find_table(
    sheet: Sheet, words: Mapping[str, Collection[str]], needed: Collection[str]
) -> Table | None:
    """The table of a sheet, wherever it starts: the row that names most columns.

    ``words``: the names by which people call each column. ``needed``: meanings without which it
    is no such table. The first column of a name counts.
    """
    best: Table | None = None
    for row in range(min(len(sheet.rows), SEARCHED)):
        columns: dict[str, int] = {}
        for column in range(len(sheet.rows[row])):
            meaning = meaning_of(sheet.text(row, column), words)
            if meaning is not None:
                columns.setdefault(meaning, column)
        fits = columns.keys() >= set(needed) and len(columns) > 1
        if fits and (best is None or len(columns) > len(best.columns)):
            best = Table(sheet, row, columns)
    return best
