"""Languages: the words of the interface, and content that is kept once per language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import (
    format_date,
    format_interval,
    format_skeleton,
    get_timezone,
    get_timezone_location,
)
from babel.lists import format_list
from flask_babel import force_locale, get_locale, gettext, lazy_gettext
from flask_babel import ngettext as counted
from flask_babel import pgettext as in_context
from flask_babel.speaklater import LazyString

LANGUAGES: dict[str, str] = {
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "pt_BR": "Português (Brasil)",
}
LazyText = LazyString
Texts = dict[str, str]  # one content text per language: {"en": "Seats", "es": "Plazas"}

_NO_COUNTRY = frozenset(
    ["EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"]
)

_: Callable[..., str] = gettext
ngettext: Callable[..., str] = counted
pgettext: Callable[..., str] = in_context
_l = lazy_gettext
__all__ = [
    "LANGUAGES", "LazyText", "Texts", "_", "_l", "countries", "country_name",
    "dates_in_full", "days", "folded", "html_language", "language", "language_name", "listed",
    "localized", "month", "ngettext", "pgettext", "speaking", "texts_from", "zone_name",
]  # fmt: skip


def language() -> str:
    """The language this page or mail is in: one of ``LANGUAGES``."""
    locale = get_locale()
    name = str(locale) if locale is not None else "en"
    return name if name in LANGUAGES else name.split("_")[0]


def html_language() -> str:
    """The language as HTML writes it (``pt-BR``)."""
    return language().replace("_", "-")


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Within this block all messages are in one language: for mails and documents."""
    with force_locale(code if code in LANGUAGES else "en"):
        yield


def localized(texts: Mapping[str, str] | None, code: str | None = None) -> str:
    """Content in a language; where it is missing, English, then whatever there is."""
    if not texts:
        return ""
    wanted = code or language()
    return texts.get(wanted) or texts.get("en") or next((t for t in texts.values() if t), "")


@cache
def _territories(code: str) -> dict[str, str]:
    names = Locale.parse(code).territories
    return {
        key: str(name)
        for key, name in names.items()
        if isinstance(key, str) and len(key) == 2 and key.isalpha() and key not in _NO_COUNTRY
    }


def country_name(country: str, code: str | None = None) -> str:
    """A country's name by CLDR in a language (``BR`` → *Brasil*)."""
    return _territories(code or language()).get(country, country)


def language_name(which: str, code: str | None = None) -> str:
    """A language's name by CLDR in a language (``pt_BR`` → *portugués (Brasil)*)."""
    return _language_name(which, code or language())


@lru_cache(1000)
def _language_name(which: str, code: str) -> str:
    try:
        return str(Locale.parse(which).get_display_name(code) or which)
    except (ValueError, UnknownLocaleError):
        return which


def countries(only: Sequence[str] | None = None, code: str | None = None) -> list[tuple[str, str]]:
    """Countries (code, name) in the order of their names in this language."""
    names = _territories(code or language())
    chosen = names if only is None else [key for key in only if key in names]
    return sorted(((key, names[key]) for key in chosen), key=lambda pair: folded(pair[1]))


def days(first: date, last: date) -> str:
    """Two days as one reads them in this language: *Mon, Feb 1 – Thu, Feb 4, 2027*."""
    return _days(first, last, language())


@lru_cache(1000)
def _days(first: date, last: date, code: str) -> str:
    return str(format_interval(first, last, skeleton="yMMMEd", locale=code))


_FULL = {"en": "d MMMM y", "fr": "d MMMM y"}  # of the others: d 'de' MMMM 'de' y
_FIRST_OF_MONTH = {"fr": "1er", "pt_BR": "1º"}


def dates_in_full(first: date, last: date) -> str:
    """Two days written out, for documents: *21 to 24 September 2026*, *21 September 2026*."""
    code = language()
    end = _in_full(last, _FULL.get(code, "d 'de' MMMM 'de' y"), code)
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        start = _in_full(first, "d", code)
    elif first.year == last.year:
        start = _in_full(first, _FULL.get(code, "d 'de' MMMM").removesuffix(" y"), code)
    else:
        start = _in_full(first, _FULL.get(code, "d 'de' MMMM 'de' y"), code)
    return _("%(first)s to %(last)s", first=start, last=end)


def _in_full(day: date, pattern: str, code: str) -> str:
    written = str(format_date(day, pattern, locale=code))
    if day.day == 1 and code in _FIRST_OF_MONTH:
        return _FIRST_OF_MONTH[code] + written.removeprefix("1")
    return written


def month(day: date) -> str:
    """The month of a day with its year, in this language: *February 2027*."""
    return _month(day.replace(day=1), language())


@lru_cache(1000)
def _month(first: date, code: str) -> str:
    return str(format_skeleton("yMMMM", first, locale=code))


def zone_name(zone: str) -> str:
    """The place a time zone is named for, in this language: *Buenos Aires*, *Viena*."""
    return _zone_name(zone, language())


@lru_cache(1000)
def _zone_name(zone: str, code: str) -> str:
    try:
        city = str(get_timezone_location(get_timezone(zone), locale=code, return_city=True))
    except LookupError:
        city = zone
    return city.rpartition("/")[2].replace("_", " ")


def listed(names: Sequence[str]) -> str:
    """Names as one writes them in a sentence of this language: *IOM, UNODC and INTERPOL*."""
    code = language()
    if code == "es" and len(names) > 1 and _SOUNDS_LIKE_Y.match(names[-1]):
        return f"{', '.join(names[:-1])} e {names[-1]}"
    return str(format_list(names, locale="en_GB" if code == "en" else code))


# Before such a word Spanish says *e* for *and*: «OIM e INTERPOL», but «cobre y hierro».
_SOUNDS_LIKE_Y = re.compile(r"h?[ií](?![aeo])", re.IGNORECASE)


def folded(name: str) -> str:
    """A name as lists order and find it: without accents and case (Ñ beside N, Á beside A)."""
    if name.isascii():
        return name.lower()
    plain = unicodedata.normalize("NFKD", name.translate(_STROKES))
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


# Letters that Unicode does not take apart, though readers look for them beside the plain ones.
_STROKES = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i"})


def local_moment(moment: datetime | None, zone: str) -> str:
    """A moment as the clocks of a zone show it, short, in the reader's language."""
    if moment is None:
        return ""
    there = moment.astimezone(ZoneInfo(zone))
    return f"{format_skeleton('yMMMEd', there, locale=language())}, {there:%H:%M}"


def texts_from(form_data: Mapping[str, Any], prefix: str) -> Texts:
    """The texts of a form that asks once per language (``title_en``, ``title_es`` …)."""
    found = {code: str(form_data.get(f"{prefix}_{code}") or "").strip() for code in LANGUAGES}
    return {code: text for code, text in found.items() if text}
