"""Laws side by side: what was asked for, where answers differ, prison terms and years."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import Enum, auto
from typing import NamedTuple

from msgspec import Struct

from trainings.core.names import folded

FEWEST, MOST = 2, 9  # countries side by side
SCALES = (10, 20, 30, 40, 50)  # years, up to which prison terms are drawn
_YES, _NO = {"yes", "si", "sim", "oui"}, {"no", "nao", "non"}
_OF_NO_MATTER = {"irrelevant", "irrelevante", "indifferent"}
_WORD = re.compile(r"[^\W_]+(?:[.,][0-9]+)*")
_YEARS = r"(?:years?|años?|anos?|ans?)"
_TERM = re.compile(
    rf"(?P<least>\d{{1,2}})(?:\s*{_YEARS}(?:\s*(?:and|y|e|et)\s*(?:1|un|um)\s*\w+)?)?"
    rf"\s*(?:to|a|à|até|hasta|[-–])\s*(?P<most>\d{{1,2}})\s*{_YEARS}"
    rf"|(?:up to|hasta|até|jusqu['’]à)\s*(?P<up>\d{{1,2}})\s*{_YEARS}"
    rf"|(?:not less than|at least|no menos de|no menor de|no inferior a|mínimo de|não menos de"
    rf"|au moins)\s*(?P<from>\d{{1,2}})\s*{_YEARS}",
    re.IGNORECASE,
)
_A_YEAR = re.compile(r"(?<![\d.,/])(1[89]\d\d|20\d\d)(?![\d.,/]\d)")


class Answer(Enum):
    """What an answer begins with, where it can be compared as such."""

    YES = auto()
    NO = auto()
    OF_NO_MATTER = auto()
    OTHER = auto()


class Asked(Struct, frozen=True):
    """What is laid side by side; ``left_out``: countries beyond the nine."""

    countries: tuple[str, ...]
    topics: tuple[str, ...]
    left_out: tuple[str, ...] = ()


class Term(NamedTuple):
    """A prison term in years; None where the law leaves that end open."""

    least: int | None
    most: int | None


def asked_of(
    countries: Iterable[str], topics: Iterable[str], there: Collection[str], known: Sequence[str]
) -> Asked:
    """What an address asks for: codes with commas or one by one; what is not there is left out.

    ``known``: the codes of all topics in their order, of which all are meant where none is named.
    """
    wished = [code for code in dict.fromkeys(map(str.upper, _codes(countries))) if code in there]
    about = set(map(str.lower, _codes(topics)))
    named = tuple(code for code in known if code in about)
    return Asked(tuple(wished[:MOST]), named or tuple(known), tuple(wished[MOST:]))


def _codes(said: Iterable[str]) -> list[str]:
    return [code.strip() for one in said for code in one.split(",") if code.strip()]


def answer_of(text: str) -> Answer:
    """Whether an answer says yes, no, or that it does not matter."""
    first = _WORD.search(text)
    word = folded(first[0]) if first else ""
    if word in _YES:
        return Answer.YES
    if word in _NO:
        return Answer.NO
    return Answer.OF_NO_MATTER if word in _OF_NO_MATTER else Answer.OTHER


def differing(answers: Mapping[str, str]) -> set[str]:
    """The countries whose answer is another than that of most; none where most do not agree."""
    kinds = {country: answer_of(text) for country, text in answers.items() if text}
    plain = {country: kind for country, kind in kinds.items() if kind is not Answer.OTHER}
    if len(plain) < 2:
        return set()
    most, number = Counter(plain.values()).most_common(1)[0]
    if number * 2 <= len(plain):
        return set()
    return {country for country, kind in plain.items() if kind is not most}


def marked(text: str, base: str) -> list[tuple[str, bool]]:
    """A text in pieces: those whose words the other text does not have are marked."""
    there = {folded(word) for word in _WORD.findall(base)}
    pieces: list[tuple[str, bool]] = []
    end = 0
    for found in _WORD.finditer(text):
        new = folded(found[0]) not in there
        between = text[end : found.start()]
        if pieces and pieces[-1][1] is new and (not new or between.isspace()):
            pieces[-1] = (pieces[-1][0] + between + found[0], new)
        else:
            _plain(pieces, between)
            if new:
                pieces.append((found[0], True))
            else:
                _plain(pieces, found[0])
        end = found.end()
    _plain(pieces, text[end:])
    return pieces


def _plain(pieces: list[tuple[str, bool]], text: str) -> None:
    if pieces and not pieces[-1][1]:
        pieces[-1] = (pieces[-1][0] + text, False)
    elif text:
        pieces.append((text, False))


def terms_of(text: str) -> list[Term]:
    """The prison terms that an answer names, in its order; the first is the usual one."""
    found: list[tuple[int, Term]] = []
    for one in _TERM.finditer(text):
        if one["up"]:
            term = Term(None, int(one["up"]))
        elif one["from"]:
            term = Term(int(one["from"]), None)
        else:
            term = Term(int(one["least"]), int(one["most"]))
        if term.least is None or term.most is None or term.least <= term.most:
            found.append((one.start(), term))
    return [term for _start, term in sorted(found, key=lambda pair: pair[0])]


def scale_for(terms: Iterable[Term]) -> int:
    """The years up to which these terms are drawn: a round number that holds them all."""
    longest = max((one.most or (one.least or 0) + 1 for one in terms), default=0)
    return next((scale for scale in SCALES if longest <= scale), SCALES[-1])


def years_of(text: str, year: int | None) -> list[int]:
    """The years that an answer names, and that of its law, in order."""
    found = {int(one) for one in _A_YEAR.findall(text)}
    return sorted(found | ({year} if year else set()))


def ticks(first: int, last: int) -> list[int]:
    """Four or five round years (or terms) from the first to the last, for the scale below."""
    step = next((one for one in (1, 2, 5, 10, 20, 50) if (last - first) / one <= 5), 100)
    return list(range(first - first % step, last + step, step))


def has_words(text: str, words: Sequence[str]) -> bool:
    """Whether a text has words beginning with each of these, however they are accented."""
    there = [folded(word) for word in _WORD.findall(text)]
    return all(any(one.startswith(word) for one in there) for word in words)


def words_of(searched: str) -> list[str]:
    """What is searched for, word by word."""
    return [folded(word) for word in _WORD.findall(searched)][:10]
