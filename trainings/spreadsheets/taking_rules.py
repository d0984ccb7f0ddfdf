"""A list that is taken out as a file, and which of its texts a spreadsheet would calculate."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

Value = str | int | date | None  # None: an empty cell, to be filled by hand

LONGEST_VALUE = 32_000  # characters: a cell of a workbook holds no more
_SPACES = re.compile(r"[\t\r\n\v\f\x85\u2028\u2029]+")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
# What a spreadsheet takes for the beginning of a formula, also after spaces and a quotation mark.
_FORMULA = re.compile(r"[\s\"'\u00a0\u200b\ufeff]*[=+\-@\t\r\n＝＋－＠﹢﹣﹦﹫−]")


class TakenList(Struct, frozen=True):
    """A list with the page that says who took it, when and what for; all texts in one language.

    ``mark``: a line for the list itself, so that a copy of it says whose it was; empty: none.
    ``number``: how many rows there are, where they can be gone through only once.
    """

    title: str
    about_name: str
    about: Sequence[tuple[str, str]]
    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Value]]
    mark: str = ""
    number: int | None = None

    @property
    def length(self) -> int:
        """How many rows it has; rows that are made while they are written are counted before."""
        return len(list(self.rows)) if self.number is None else self.number


def calculated(text: str) -> bool:
    """Whether a spreadsheet might take a text for a formula when it is typed or read in."""
    return not text[:1].isalnum() and _FORMULA.match(text) is not None


def one_line(text: str) -> str:
    """A text as a cell holds it: on one line, without what files of this kind cannot carry."""
    if not text.isprintable():
        text = _SPACES.sub(" ", _FORBIDDEN.sub("", text))
    return text[:LONGEST_VALUE]


def guarded(text: str) -> str:
    """A text as a text file carries it: an apostrophe stands before what might be calculated."""
    text = one_line(text)
    return f"'{text}" if calculated(text) else text
