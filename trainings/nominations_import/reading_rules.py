"""What a list of nominations says: each row as a careful clerk would enter it, or its questions.

See docs/decisions/2026-11-28-lists-of-nominations.md.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from trainings.core.addresses import as_dialled
from trainings.core.names import name_words
from trainings.core.text import TextRefused
from trainings.nominations_import import ask_rules as asks
from trainings.nominations_import import layout_rules, name_rules, value_rules
from trainings.nominations_import.ask_rules import Asked, RowAsks
from trainings.nominations_import.layout_rules import Line, Listed
from trainings.nominations_import.name_rules import Name
from trainings.nominations_import.value_rules import DateOrder
from trainings.registrations.candidate_rules import LENGTHS, Candidate, cleaned_text
from trainings.spreadsheets.value_rules import country_of

Value = TypeVar("Value")


class Call(Struct, frozen=True):
    """Whom a course invites, as far as a list is read by it.

    ``functions``: by code, what each is called; ``spoken``: the language of emails, by country.
    """

    functions: Mapping[str, Collection[str]]
    countries: Sequence[str]
    starts_on: date
    language: str = "en"
    spoken: Mapping[str, str] = field(default_factory=dict)

    def names_function(self, said: str) -> bool:
        """Whether a cell names one of the functions."""
        try:
            return bool(value_rules.function_of(said, self.functions))
        except RowAsks:
            return False


class Row(Struct, frozen=True):
    """One row of the list: what it is called, whom it names, what has to be asked."""

    label: str
    candidate: Candidate
    asked: tuple[Asked, ...] = ()

    def asking(self, *more: Asked) -> Row:
        """The same with further questions."""
        return replace(self, asked=(*self.asked, *more))


class _Whole(Struct, frozen=True):
    """What holds for all rows of a list: its columns, the order of dates, letters for sexes."""

    columns: Sequence[str]
    order: DateOrder
    letters: Mapping[str, str]
    country: str
    otherwise: bool  # the file speaks of another country


class _Cells:
    """The cells of one row by what they hold, and the questions that came up."""

    def __init__(self, line: Line, columns: Sequence[str]) -> None:
        self.label = line.label
        self.asked: list[Asked] = []
        self._said: dict[str, list[str]] = {}
        self._letters: dict[str, str] = {}
        for at, (meaning, cell) in enumerate(zip(columns, line.cells, strict=False)):
            if meaning:
                self._letters.setdefault(meaning, layout_rules.column_letter(at))
                self._said.setdefault(meaning, []).extend([cell] if cell else [])

    def text(self, meaning: str) -> str:
        """What a row says about something; of several columns, one after the other."""
        return " ".join(self._said.get(meaning, ()))

    def ask(self, meaning: str, why: RowAsks, field: str = "") -> None:
        """Keep a question about a cell, or about something that has no cell."""
        place = self.label.rpartition(" ")
        letter = self._letters.get(meaning, "")
        cell = f"{place[0]}{'!' if place[0] else ''}{letter}{place[2]}" if letter else ""
        self.asked.append(Asked(field or meaning, cell, self.text(meaning), why))

    def understood(self, meaning: str, by: Callable[[str], Value], otherwise: Value) -> Value:
        """What a cell means by a rule; ``otherwise`` where the rule asks."""
        try:
            return by(self.text(meaning))
        except RowAsks as why:
            self.ask(meaning, why)
            return otherwise

    def kept(self, field: str, value: str, meaning: str = "") -> str:
        """A text as it can be kept; as it was written, with a question, where it cannot."""
        try:
            return cleaned_text(field, value)
        except TextRefused:
            self.ask(meaning or field, asks.CellRefused(), field)
            return value[: LENGTHS[field]]


def read(found: Listed, columns: Sequence[str], call: Call, country: str = "") -> list[Row]:
    """The rows of a list by what its columns hold.

    ``country``: of rows that name none, as the reader says; else as the file says, or the domain of
    all its addresses.
    """

    def values(meaning: str) -> list[str]:
        at = columns.index(meaning) if meaning in columns else None
        return [] if at is None else [one.cells[at] for one in found.lines if one.cells[at]]

    def header(meaning: str) -> str:
        return found.header[columns.index(meaning)] if meaning in columns else ""

    said = layout_rules.country_said(found, call.countries)
    ends = layout_rules.country_of_addresses(values("mail"), call.countries)
    whole = _Whole(
        columns,
        value_rules.date_order(values("born"), (header("born"), *found.above[:-2])),
        value_rules.letters_of(values("sex"), header("sex")),
        country or said or ends,
        bool(country and said and country != said),
    )
    rows = [_row(_Cells(line, columns), whole, call, at) for at, line in enumerate(found.lines, 1)]
    return _compared(rows)


def _row(cells: _Cells, whole: _Whole, call: Call, place: int) -> Row:
    """One row, whatever the others say."""
    named = next((one for one in layout_rules.NAMES if cells.text(one)), "")
    if named and value_rules.is_word(name_rules.without_title(cells.text(named)), "unnamed"):
        return _nobody(cells, named, whole, place)
    if named and not cells.text("mail") and value_rules.has_word(cells.text(named), "unnamed"):
        return _nobody(cells, named, whole, place)
    given, family = _name(cells)
    country = _country(cells, whole, call)
    candidate = Candidate(
        given_name=given,
        family_name=family,
        mail=cells.understood("mail", value_rules.mail_of, ""),
        country=country,
        function=cells.understood(
            "function", lambda said: value_rules.function_of(said, call.functions), ""
        ),
        born=cells.understood(
            "born", lambda said: value_rules.born_of(said, whole.order, call.starts_on), ""
        ),
        sex=cells.understood("sex", lambda said: value_rules.sex_of(said, whole.letters), None),
        language=call.spoken.get(country, call.language),
        unit=cells.kept("unit", cells.text("unit")),
        document=cells.kept("document", cells.text("document")),
        phone=as_dialled(cells.kept("phone", cells.text("phone")), country),
        needs=cells.kept("needs", cells.text("needs")),
        priority=_rank(cells, place),
    )
    return Row(cells.label, candidate, tuple(cells.asked))


def _nobody(cells: _Cells, named: str, whole: _Whole, place: int) -> Row:
    cells.ask(named, asks.NameUnnamed(), "family_name")
    empty = Candidate("", "", "", whole.country, "", priority=place)
    return Row(cells.label, empty, tuple(cells.asked))


def _name(cells: _Cells) -> tuple[str, str]:
    """The two parts of the name, cleaned; a whole name is split by its rule."""
    given, family = cells.text("given_name"), cells.text("family_name")
    if given or family:
        name = Name(
            name_rules.unshouted(name_rules.without_title(given)), name_rules.unshouted(family)
        )
        named = "family_name" if family else "given_name"
        if not (given and family):
            cells.ask(named, asks.NameOfOneWord(), "family_name")
    else:
        named = "name" if cells.text("name") else "reversed_name"
        if not cells.text(named):
            cells.ask(named, asks.NameMissing(), "family_name")
            return "", ""
        name = name_rules.split_name(cells.text(named), family_first=named == "reversed_name")
        if not name.sure:
            why = asks.NameUnclear() if name.given else asks.NameOfOneWord()
            cells.ask(named, why, "family_name")
    return (
        cells.kept("given_name", name.given, named),
        cells.kept("family_name", name.family, named),
    )


def _country(cells: _Cells, whole: _Whole, call: Call) -> str:
    """The country of a row: its own word, else what holds for the whole list."""
    said = cells.text("country")
    country = country_of(said) if said else whole.country
    if not country:
        cells.ask("country", asks.CountryUnknown())
    elif whole.otherwise and not said:
        cells.ask("country", asks.CountryOtherwise())
    elif country not in call.countries:
        cells.ask("country", asks.CountryNotYours())
    return country


def _rank(cells: _Cells, place: int) -> int:
    """The rank that a row gives; the place in the list where it gives none."""
    said = cells.text("rank")
    rank = value_rules.rank_of(said) if said else place
    if rank is None:
        cells.ask("rank", asks.RankUnclear())
    return place if rank is None else rank


def _compared(rows: Sequence[Row]) -> list[Row]:
    """The rows with the questions that come from comparing them with each other."""
    found: list[Row] = []
    by_mail: dict[str, Row] = {}
    by_birth: dict[tuple[str, tuple[str, ...]], Row] = {}
    for row in rows:
        one, names = row.candidate, _names(row.candidate)
        twin = by_mail.get(one.mail) or by_birth.get((one.born, names))
        # What is missing in a row is no question where the whole row is one.
        found.append(row if twin is None else replace(row, asked=(_question(row, twin),)))
        if one.mail:
            by_mail.setdefault(one.mail, row)
        if one.born and names:
            by_birth.setdefault((one.born, names), row)
    first: set[tuple[str, int | None]] = set()
    for at, row in enumerate(found):
        rank = row.candidate.country, row.candidate.priority
        if not row.asked and rank in first:
            found[at] = row.asking(Asked("rank", "", str(rank[1]), asks.RankUnclear()))
        if not row.asked:
            first.add(rank)
    return found


def _names(one: Candidate) -> tuple[str, ...]:
    return name_words(f"{one.given_name} {one.family_name}")


def _question(row: Row, twin: Row) -> Asked:
    mine, theirs = row.candidate, twin.candidate
    if _names(mine) != _names(theirs):
        return Asked("mail", "", mine.mail, asks.SameAddress(row=twin.label))
    if mine.function != theirs.function:
        return Asked("function", "", "", asks.OtherFunction(row=twin.label))
    return Asked("family_name", "", "", asks.SamePerson(row=twin.label))
