"""A list as it will stand in a file: its headings and its rows, and how its values are said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from trainings.core.i18n import LazyText, _, _l
from trainings.exports.rules import Column, Heading
from trainings.spreadsheets.taking_rules import Value

SEX_WORDS: Mapping[str, LazyText] = {"F": _l("Woman"), "M": _l("Man"), "X": _l("Other")}
_SEX_PLACES = {sex: place for place, sex in enumerate(SEX_WORDS)}


class Table(Struct, frozen=True):
    """Headings and rows, in the reader's language.

    Rows that are made as they are asked for can be gone through once; ``number``: how many.
    """

    head: Sequence[str]
    rows: Iterable[Sequence[Value]]
    number: int


def sex_word(sex: str | None) -> str:
    """The sex as lists say it; empty where it was not stated."""
    return str(SEX_WORDS.get(sex or "", ""))


def day_of(iso: str) -> date | str:
    """A date of birth as a day; what is not one stays the text that it is."""
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return iso


def headings(columns: Iterable[Heading], sessions: Sequence[str] = ()) -> list[str]:
    """The headings of these columns; attendance has one for each session."""
    found: list[str] = []
    for column in columns:
        found += sessions if column is Column.MARKS else [str(column.label)]
    return found


def countries_table(taking_part: Iterable[tuple[str, str]]) -> Table:
    """Which countries and functions take part, each named once; of pairs of their names."""
    functions: dict[str, set[str]] = {}
    for country, function in taking_part:
        functions.setdefault(country, set()).add(function)
    rows = [[country, ", ".join(sorted(functions[country]))] for country in sorted(functions)]
    return Table([_("Country"), _("Functions")], rows, len(rows))


def donor_table(counted: Iterable[tuple[str, str, str | None, int]]) -> Table:
    """How many take part, by country, function and sex, with their sums."""
    numbers: dict[tuple[str, str], list[int]] = {}
    for country, function, sex, number in counted:
        line = numbers.setdefault((country, function), [0, 0, 0, 0])
        line[_SEX_PLACES.get(sex or "", 3)] += number
    rows: list[list[Value]] = [
        [country, function, *line, sum(line)]
        for (country, function), line in sorted(numbers.items())
    ]
    sums = [sum(line[at] for line in numbers.values()) for at in range(4)]
    rows.append([_("Total"), "", *sums, sum(sums)])
    head = [_("Country"), _("Function"), _("Women"), _("Men"), _("Other"), _("Not stated")]
    return Table([*head, _("Total")], rows, len(rows))
