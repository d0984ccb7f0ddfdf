"""Languages: the words of the interface, and content that is stored once per language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, cached_property, lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.support import NullTranslations
from flask import g
from flask_babel import Babel, Domain, force_locale, get_locale, lazy_gettext, lazy_pgettext
from flask_babel import pgettext as in_context
from flask_babel.speaklater import LazyString

from trainings.core.names import folded

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

pgettext: Callable[..., str] = in_context
_l = lazy_gettext
_lp = lazy_pgettext  # context first: one English word may need two different translations


class Catalogues(Domain):  # type: ignore[misc]
    """The texts of each language, found by the language alone: a page asks some hundred times."""

    def __init__(self) -> None:
        super().__init__()
        self._by_locale: dict[Locale, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        """The texts of the reader's language; outside of a request and a command, none.

        They are kept where Flask-Babel forgets them as it changes the language.
        """
        try:
            found: NullTranslations | None = g._flask_babel.babel_translations
        except (AttributeError, RuntimeError):
            found = None
        return self._of_reader() if found is None else found

    def _of_reader(self) -> NullTranslations:
        locale = get_locale()
        if locale is None:
            return NullTranslations()
        found = self._by_locale.get(locale)
        if found is None:
            found = self._by_locale[locale] = super().get_translations()
        g._flask_babel.babel_translations = found
        return found


class Languages(Babel):  # type: ignore[misc]
    """Flask-Babel, with the catalogues above."""

    @cached_property
    def domain_instance(self) -> Catalogues:
        return catalogues


catalogues = Catalogues()


def in_figures(value: Any) -> Any:
    """A whole number as the reader's language and region write it: *22,500*, *22 500*, *22.500*.

    What is no whole number stays as it is. Spanish groups digits where there are five or more
    (Ortografía de la lengua española, 2010).
    """
    if type(value) is not int:
        return value
    if abs(value) < 1000 or (locale := get_locale()) is None:
        return str(value)
    if locale.language == "es" and abs(value) < 10_000:
        return str(value)
    return format_decimal(value, locale=locale)


def figures(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a sentence is filled with, whole numbers as the reader writes them.

    The number of a row stays as spreadsheets show it.
    """
    return {name: value if name == "row" else in_figures(value) for name, value in values.items()}


def _(text: str, /, **values: Any) -> str:
    """A text of the interface in the reader's language, filled with values."""
    said: str = catalogues.get_translations().ugettext(text)
    return said % figures(values) if values else said


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    """A sentence about a number of things, which chooses the singular or the plural."""
    said: str = catalogues.get_translations().ungettext(one, many, num)
    return said % figures({"num": num, **values})


class Counted:
    """A sentence about a number of things: the number chooses the singular or the plural."""

    def __init__(self, one: str, many: str, number: str) -> None:
        """``number`` names the placeholder that decides: ``Counted("…", "…", "seats")``."""
        self._one, self._many, self._number = one, many, number

    def __mod__(self, values: Mapping[str, Any]) -> str:
        return ngettext(self._one, self._many, values[self._number], **values)


def filled(sentence: Any, values: Mapping[str, Any]) -> str:
    """A lazy or counted sentence with its values, in the language of this page or email."""
    if isinstance(sentence, Counted):
        return sentence % values
    return str(sentence) % figures(values) if values else str(sentence)


__all__ = [
    "LANGUAGES",
    "Counted",
    "LazyText",
    "Texts",
    "_",
    "_l",
    "_lp",
    "countries",
    "country_name",
    "figures",
    "filled",
    "html_language",
    "in_every_language",
    "in_figures",
    "language",
    "language_in",
    "language_name",
    "listed",
    "localized",
    "ngettext",
    "pgettext",
    "speaking",
    "texts_from",
]


def language() -> str:
    """The language this page or email is in: one of ``LANGUAGES``."""
    locale = get_locale()
    return "en" if locale is None else _code(locale)


@cache
def _code(locale: Locale) -> str:
    name = str(locale)
    return name if name in LANGUAGES else name.split("_")[0]


def html_language() -> str:
    """The language as HTML writes it (``pt-BR``)."""
    return language().replace("_", "-")


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Inside this block all messages are in one language: for emails and documents."""
    with force_locale(code if code in LANGUAGES else "en"):
        yield


def in_every_language(text: object) -> Texts:
    """A text of the interface as content, to be kept as it reads now."""
    found = {}
    for code in LANGUAGES:
        with speaking(code):
            found[code] = str(text)
    return found


def localized(texts: Mapping[str, str] | None, code: str | None = None) -> str:
    """Content in a language; if it is missing, in English, else in any other language."""
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
    """A country's name in a language, from CLDR (``BR`` → *Brasil*)."""
    return _territories(code or language()).get(country, country)


def language_name(which: str, code: str | None = None) -> str:
    """A language's name in a language, from CLDR (``pt_BR`` → *portugués (Brasil)*)."""
    return _language_name(which, code or language())


@lru_cache(1000)
def _language_name(which: str, code: str) -> str:
    try:
        return str(Locale.parse(which).get_display_name(code) or which)
    except (ValueError, UnknownLocaleError):
        return which


def language_in(country: str, otherwise: str) -> str:
    """Which of our languages is official in a country; ``otherwise`` where none is, or several."""
    official = get_official_languages(country)
    ours = [code for code in LANGUAGES if code.partition("_")[0] in official]
    return ours[0] if len(ours) == 1 else otherwise


def countries(only: Sequence[str] | None = None, code: str | None = None) -> list[tuple[str, str]]:
    """Countries (code, name) in the order of their names in this language."""
    names = _territories(code or language())
    chosen = names if only is None else [key for key in only if key in names]
    return sorted(((key, names[key]) for key in chosen), key=lambda pair: folded(pair[1]))


def listed(names: Sequence[str]) -> str:
    """Names as a list in a sentence of this language: *IOM, UNODC and INTERPOL*."""
    if len(names) < 2:
        return names[0] if names else ""
    code = language()
    if code == "es" and _SOUNDS_LIKE_Y.match(names[-1]):
        return f"{', '.join(names[:-1])} e {names[-1]}"
    return str(format_list(names, locale="en_GB" if code == "en" else code))


# Before such a word Spanish says *e* for *and*: «OIM e INTERPOL», but «cobre y hierro».
_SOUNDS_LIKE_Y = re.compile(r"h?[ií](?![aeo])", re.IGNORECASE)


def with_colon(label: object) -> str:
    """A label before what it is about: *Error:*, and in French, set apart, *Erreur :*."""
    return str(_("%(label)s:", label=label))


def texts_from(form_data: Mapping[str, Any], prefix: str) -> Texts:
    """The texts of a form that asks once per language (``title_en``, ``title_es`` …)."""
    found = {code: str(form_data.get(f"{prefix}_{code}") or "").strip() for code in LANGUAGES}
    return {code: text for code, text in found.items() if text}
