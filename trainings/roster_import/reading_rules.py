"""What a list of trainers says: which column is what, and what each row means or asks.

Nothing is guessed in silence: a row that does not say who it is, of which agency, where or in which
languages becomes a question.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import LANGUAGES, _l, language_name
from trainings.core.names import folded
from trainings.rosters.rules import SPOKEN, TrainerData
from trainings.spreadsheets.rules import FileRefused, Sheet
from trainings.spreadsheets.table_rules import find_table, meaning_of
from trainings.spreadsheets.value_rules import country_of

MOST = 300  # rows that a page can hold
MOST_COLUMNS = 30
_WORDS = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
COLUMNS: Mapping[str, Sequence[str]] = _WORDS["columns"]
_SPOKEN_ALSO: Mapping[str, Sequence[str]] = _WORDS["languages"]
FIELDS = (
    "given_name",
    "family_name",
    "mail",
    "agency",
    "city",
    "country",
    "languages",
    "modules",
    "notes",
)
_BETWEEN = re.compile(r"\s*[,;/|\n+&•]\s*|\s+(?:y|e|and|et)\s+", re.IGNORECASE)
_LISTED = re.compile(r"\s*[,;/|\n•]\s*")


class RowAsks(Refusal):
    """What a row of the list does not say for certain."""


class WholeName(RowAsks):
    """One column with all of the name, which may begin with either part."""

    sentence = _l("Say which part of the name is the family name.")


class NoName(RowAsks):
    """A row without a name."""

    sentence = _l("It names nobody.")


class NoAddress(RowAsks):
    """No email address."""

    sentence = _l("It has no email address.")


class AgencyUnknown(RowAsks):
    """No agency, or one that is not here."""

    sentence = _l("It does not name an agency that is here: %(said)s")


class CountryUnknown(RowAsks):
    """No country, or a word that is none."""

    sentence = _l("It does not say in which country they are: %(said)s")


class NoCity(RowAsks):
    """No city."""

    sentence = _l("It does not say in which city they are.")


class LanguageUnknown(RowAsks):
    """No language, or one in which nobody teaches here."""

    sentence = _l("It names no language that is here, or another one: %(said)s")


class ModuleNotHere(RowAsks):
    """A subject that is no module here."""

    sentence = _l("There is no such module: %(said)s")


class TwiceInFile(RowAsks):
    """The same address in an earlier row."""

    sentence = _l("The same email address is in row %(row)s.")


class AddressOfAnother(RowAsks):
    """The address of a trainer whom the reader may contact, under another name."""

    sentence = _l("%(name)s on the roster has this email address. Is it the same person?")


class NoTable(FileRefused):
    """A file in which no row holds anything."""

    sentence = _l(
        "We found no list in this file: a row of column names, and a row for each trainer."
    )


class TooManyTrainers(FileRefused):
    """More rows than a page can hold."""

    sentence = _l("This list has more than 300 rows. Send it in parts.")


class Listed(Struct, frozen=True):
    """A list as it was written: its column names, its rows with their number in the file."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def packed(self) -> str:
        """As text for the page, from which it is read again with other columns."""
        return json.dumps([self.header, self.rows], ensure_ascii=False, separators=(",", ":"))


class Vocabulary(Struct, frozen=True):
    """What the words of a row can mean here: each as it is compared, with what it stands for."""

    agencies: Mapping[str, str]
    modules: Mapping[str, str]


def unpacked(text: str) -> Listed | None:
    """The list that a page was made from; None where it was altered into something else."""
    try:
        header, rows = json.loads(text)
        found = Listed(
            tuple(map(str, header)),
            tuple((int(number), tuple(map(str, cells))) for number, cells in rows),
        )
    except (ValueError, TypeError, RecursionError):
        return None
    if len(found.rows) > MOST or len(found.header) > MOST_COLUMNS:
        return None
    return found


def listed(sheets: Sequence[Sheet]) -> tuple[Listed, list[str]]:
    """The list in a file, and what each of its columns holds; "" where that is not known.

    Raises ``NoTable``, ``TooManyTrainers``.
    """
    for sheet in sheets:
        table = find_table(sheet, COLUMNS, ()) or None
        first = table.header if table else _first_row(sheet)
        if first is None:
            continue
        width = min(max(len(row) for row in sheet.rows), MOST_COLUMNS)
        header = tuple(sheet.text(first, column) for column in range(width))
        rows = tuple(
            (number + 1, cells)
            for number in range(first + 1, len(sheet.rows))
            if any(cells := tuple(sheet.text(number, column) for column in range(width)))
            and cells != header
        )
        if len(rows) > MOST:
            raise TooManyTrainers
        if rows:
            return Listed(header, rows), _meanings(header)
    raise NoTable


def _first_row(sheet: Sheet) -> int | None:
    return next((n for n, row in enumerate(sheet.rows) if any(cell != "" for cell in row)), None)


def _meanings(header: Sequence[str]) -> list[str]:
    """What each column holds by its name; the first of several counts."""
    found: list[str] = []
    for name in header:
        meaning = meaning_of(name, COLUMNS) or ""
        found.append("" if meaning in found else meaning)
    return found


def values(cells: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    """What a row says, by field; a full name and a duty station are taken apart."""
    said = {
        meaning: cell.strip()
        for meaning, cell in zip(columns, cells, strict=False)
        if meaning and cell.strip()
    }
    found = {name: said.get(name, "") for name in FIELDS}
    if "name" in said and not found["family_name"]:
        family, comma, given = said["name"].partition(",")
        if not comma and " " in said["name"]:
            given, _space, family = said["name"].partition(" ")
        found["family_name"], found["given_name"] = family.strip(), given.strip()
    if "station" in said:
        city, _comma, country = said["station"].rpartition(",")
        found["city"] = found["city"] or (city or country).strip()
        found["country"] = found["country"] or (country.strip() if city else "")
    return found


def asks_for_name(cells: Sequence[str], columns: Sequence[str]) -> bool:
    """Whether a row has its name in one column, without a comma that says which part is which."""
    said = dict(zip(columns, cells, strict=False))
    whole = said.get("name", "").strip()
    return " " in whole and "," not in whole and not said.get("family_name", "").strip()


def languages_of(said: str) -> tuple[list[str], list[str]]:
    """The languages that are named, and the words that are none."""
    known: dict[str, str] = {}
    for code in SPOKEN:
        names = [code, *_SPOKEN_ALSO.get(code, ())]
        names += [language_name(code, language) for language in LANGUAGES]
        names += [language_name(code, code)]
        known |= {folded(name): code for name in names}
    return _known(_BETWEEN.split(said), known)


def _known(words: Sequence[str], known: Mapping[str, str]) -> tuple[list[str], list[str]]:
    found: list[str] = []
    unknown = []
    for word in words:
        bare = word.strip()
        if not bare:
            continue
        key = known.get(folded(bare))
        if key is None:
            unknown.append(bare)
        elif key not in found:
            found.append(key)
    return found, unknown


def understood(row: Mapping[str, str], words: Vocabulary) -> tuple[TrainerData, list[Refusal]]:
    """What a row means, and what has to be asked about it.

    Names and address are as they were cleaned; empty where they are missing.
    """
    asks: list[Refusal] = []
    if not (row["given_name"] or row["family_name"]):
        asks.append(NoName())
    if not row["mail"]:
        asks.append(NoAddress())
    agency = words.agencies.get(folded(row["agency"]), "")
    if not agency:
        asks.append(AgencyUnknown(said=row["agency"] or "–"))
    if not row["city"]:
        asks.append(NoCity())
    country = country_of(row["country"])
    if not country:
        asks.append(CountryUnknown(said=row["country"] or "–"))
    spoken, not_spoken = languages_of(row["languages"])
    if not_spoken or not spoken:
        asks.append(LanguageUnknown(said=", ".join(not_spoken) or "–"))
    modules, not_here = _known(_LISTED.split(row["modules"]), words.modules)
    if not_here:
        asks.append(ModuleNotHere(said=", ".join(not_here)))
    data = TrainerData(
        given_name=row["given_name"],
        family_name=row["family_name"],
        mail=row["mail"],
        agency_id=agency,
        station_city=row["city"],
        station_country=country,
        languages=tuple(spoken),
        module_ids=tuple(modules),
        notes=row["notes"],
    )
    return data, asks


def twice(mails: Sequence[tuple[int, str]]) -> dict[int, int]:
    """Rows whose address an earlier row has: by their number, that of the earlier one."""
    first: dict[str, int] = {}
    found = {}
    for number, mail in mails:
        key = mail.casefold()
        if key and key in first:
            found[number] = first[key]
        elif key:
            first[key] = number
    return found


def unknown_columns(columns: Collection[str]) -> bool:
    """Whether a list lacks what every trainer needs: a name and an address."""
    return "mail" not in columns or not {"name", "family_name", "given_name"} & set(columns)
