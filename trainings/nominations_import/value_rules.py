"""What the cells of a nomination mean: birth dates, sexes, functions, addresses, ranks.

Each by a rule that is stated here. What a rule does not decide is asked, never guessed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from enum import Enum, auto
from pathlib import Path

from trainings.core import addresses
from trainings.core.names import folded
from trainings.core.text import TextRefused
from trainings.nominations_import import ask_rules as asks
from trainings.spreadsheets.value_rules import day_of

WORDS = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
YOUNGEST, OLDEST = 18, 90  # years
_FIRST_DAY = date(1899, 12, 30)  # of spreadsheets, which count days from it
_NUMBERS = ("n o", "no", "nro", "num", "numero")  # how *N.º* is also written
_NUMBER = re.compile(rf"^(?:{'|'.join(_NUMBERS)}) (?=\S)")


def plain(text: str) -> str:
    """A text as its words are compared: without case, accents and punctuation; *N.º* is *n*."""
    words = " ".join(re.sub(r"[^\w#]+|_", " ", folded(text)).split())
    return "n" if words in _NUMBERS else _NUMBER.sub("n ", words)


def _plain_words(several: Iterable[str]) -> frozenset[str]:
    return frozenset(map(plain, several))


_FUNCTIONS = {code: _plain_words(several) for code, several in WORDS["functions"].items()}
_SEXES = {word: sex for sex, several in WORDS["sexes"].items() for word in map(plain, several)}
SAYS = {kind: _plain_words(several) for kind, several in WORDS["words"].items()}


def has_word(text: str, kind: str) -> bool:
    """Whether one of the words of a kind stands anywhere in a text."""
    return _within(plain(text), SAYS[kind])


def begins_with(text: str, kind: str) -> bool:
    """Whether a text begins with one of the words of a kind."""
    said = plain(text)
    return any(said == word or said.startswith(f"{word} ") for word in SAYS[kind])


def is_word(text: str, kind: str) -> bool:
    """Whether a text is one of the words of a kind and nothing else."""
    return plain(text) in SAYS[kind]


def _within(said: str, words: Collection[str]) -> bool:
    return any(f" {word} " in f" {said} " for word in words)


# Dates


class DateOrder(Enum):
    """How the dates of a list are written."""

    DAY_FIRST = auto()  # as everywhere in the region, unless the list says otherwise
    MONTH_FIRST = auto()  # the list says so
    UNSURE = auto()  # it does not say so, but some dates can only be read month first


_ISO = re.compile(r"(\d{4})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})(?:[ T].*)?")
_NUMERIC = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{4}|\d{2})\.?")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")


def date_order(values: Iterable[str], around: Iterable[str]) -> DateOrder:
    """How the dates of a column are written; ``around``: its name and what stands above the table.

    A list that says *MM/DD* is believed.
    """
    if any(_within(plain(text), SAYS["month_first"]) for text in around):
        return DateOrder.MONTH_FIRST
    for value in values:
        found = _NUMERIC.fullmatch(value.strip())
        if found and int(found[1]) <= 12 < int(found[2]) <= 31:
            return DateOrder.UNSURE
    return DateOrder.DAY_FIRST


def born_of(said: str, order: DateOrder, on: date) -> str:
    """A date of birth as ISO 8601, empty where none is given.

    ``on``: the day on which somebody has to be grown up.

    Understood: ISO 8601; day, month and year as numbers, with the order of the list; with the
    month as a word; the number of days that spreadsheets store. Of a year with two digits the one
    counts in which the person would be grown up and not too old. Raises ``DateNotThere``,
    ``DateUnclear``, ``DateUnlikely``.
    """
    text = said.strip()
    if not text:
        return ""
    if iso := _ISO.fullmatch(text):
        found = _real(int(iso[1]), int(iso[2]), int(iso[3]))
    elif numeric := _NUMERIC.fullmatch(text):
        found = _ordered(int(numeric[1]), int(numeric[2]), _year(numeric[3], on), order)
    elif serial := _SERIAL.fullmatch(text):
        found = _FIRST_DAY + timedelta(days=int(serial[1]))
    else:
        found = _in_words(text, on)
    if found is None:
        raise asks.DateNotThere
    years = on.year - found.year - ((on.month, on.day) < (found.month, found.day))
    if not YOUNGEST <= years <= OLDEST:
        raise asks.DateUnlikely
    return found.isoformat()


def is_date(said: str) -> bool:
    """Whether a cell has the shape of a date."""
    return bool(_ISO.fullmatch(said.strip()) or _NUMERIC.fullmatch(said.strip()))


def _ordered(one: int, two: int, year: int, order: DateOrder) -> date | None:
    day_first, month_first = _real(year, two, one), _real(year, one, two)
    if order is DateOrder.MONTH_FIRST:
        return month_first
    if order is DateOrder.UNSURE:
        if day_first and month_first and day_first != month_first:
            raise asks.DateUnclear
        return day_first or month_first
    return day_first


def _year(written: str, on: date) -> int:
    if len(written) == 4:
        return int(written)
    year = on.year - on.year % 100 + int(written)
    return year if on.year - year >= YOUNGEST else year - 100


def _in_words(text: str, on: date) -> date | None:
    if not (re.search(r"[^\W\d_]{3}", text) and re.search(r"\d{4}", text)):
        return None
    named = day_of(text, on)
    return named.dates[0] if named is not None and len(named.dates) == 1 else None


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# Sexes


def letters_of(values: Iterable[str], header: str) -> Mapping[str, str]:
    """What the letters of a column stand for: *M* is a man beside *F*, and a woman beside *H*.

    Also *V* (varón). Where only *M* stands and the column's name says nothing, it is left open.
    """
    seen = {plain(value) for value in values if len(plain(value)) == 1} | {
        word for word in plain(header).split() if len(word) == 1
    }
    found = {"f": "F", "x": "X"}
    if "h" in seen or "v" in seen:
        found |= {"h": "M", "v": "M"} | ({} if "f" in seen else {"m": "F"})
    elif "f" in seen:
        found["m"] = "M"
    return found


def is_sex(said: str) -> bool:
    """Whether a cell has a word or letter for a sex."""
    return plain(said) in _SEXES or plain(said) in ("h", "m", "v")


def sex_of(said: str, letters: Mapping[str, str]) -> str | None:
    """The sex that a cell names; None where it is empty. Raises ``SexUnclear``."""
    word = plain(said)
    if not said.strip(" -–—"):
        return None
    found = letters.get(word) or (_SEXES.get(word) if len(word) > 1 else None)
    if found is None:
        raise asks.SexUnclear
    return found


# Functions


def function_of(said: str, names: Mapping[str, Collection[str]]) -> str:
    """The function that a cell names, by the usual words and by ``names``: of the installation.

    Raises ``FunctionMissing``, ``FunctionUnknown``, ``FunctionUnclear``.
    """
    text = plain(said)
    if not text:
        raise asks.FunctionMissing
    for code, own in names.items():
        if text in _plain_words([code, *own]):
            return code
    if _within(text, SAYS["beside"]):
        raise asks.FunctionUnknown
    found = [
        code
        for code, own in names.items()
        if _within(text, _FUNCTIONS.get(code, frozenset()) | _plain_words(own))
    ]
    if len(found) > 1:
        raise asks.FunctionUnclear
    if not found:
        raise asks.FunctionUnknown
    return found[0]


# Addresses, ranks


def mail_of(said: str) -> str:
    """The one email address in a cell, in small letters. Raises ``MailMissing`` and its like."""
    text = re.sub(r"^mailto:\s*", "", said.strip(), flags=re.IGNORECASE)
    if named := re.fullmatch(r"[^<>@]*<([^<>]+)>", text):
        text = named[1]
    if not text:
        raise asks.MailMissing
    if text.count("@") > 1:
        raise asks.MailTwice
    try:
        return addresses.checked(text.lower())
    except TextRefused:
        raise asks.MailWrong from None


def rank_of(said: str) -> int | None:
    """The rank that a cell gives: *1*, *1.*, *3.º*; None where it gives none."""
    found = re.fullmatch(
        r"(?:n\w?\W*)?(\d{1,3})\W*(?:o|a|er|e|st|nd|rd|th)?\W*", folded(said.strip())
    )
    return int(found[1]) if found and int(found[1]) > 0 else None
