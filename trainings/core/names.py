"""How people read names: what two spellings share, for comparing, finding and sorting.

One table of letters serves the check page, *is this the same person*, the search boxes and the
order of lists. It takes away case, and what a keyboard may lack: the accents of Latin and Greek
letters, and letters that Unicode does not take apart (ł, đ, ø, þ, æ). Arabic letters of both
keyboards are one, and Arabic and Hebrew names match with or without their points, which are rarely
written. What a script writes as marks because they are its vowels and sounds is never taken away:
सीता is not सती, が is not か, and й is a letter of its own.
"""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = frozenset("'’‘‛′`´ʼʻʹʾʿ＇\u055a\u05f3\u05f4")
_STRETCH = "\u0640"  # the Arabic stroke that only stretches a word
# Latin letters that neither Unicode takes apart nor their name explains.
_LATIN = {"ı": "i", "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "ð": "d", "ŋ": "n", "ĸ": "k"}
_CYRILLIC = {"ё": "е", "ѐ": "е", "ѝ": "и"}  # й, ї and ў are letters of their own
_ARABIC = {
    "أ": "ا",
    "إ": "ا",
    "آ": "ا",
    "ٱ": "ا",
    "ي": "ی",  # the yeh of Arabic keyboards, with and without dots, and of Persian ones
    "ى": "ی",
    "ك": "ک",
    "ہ": "ه",
}
_BASE = re.compile("LATIN (?:SMALL|CAPITAL) LETTER ([A-Z]) WITH ")
_POINTS = re.compile(
    "ARABIC (?!.*HAMZA)|HEBREW |SYRIAC |COMBINING (?!KATAKANA)|.*VARIATION SELECTOR"
)
_HIDDEN = re.compile(
    "[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]"
)
# Malayalam letters without a vowel, as older keyboards write them: with a joiner.
_CHILLU = {
    "ണ്\u200d": "ൺ",
    "ന്\u200d": "ൻ",
    "ര്\u200d": "ർ",
    "ല്\u200d": "ൽ",
    "ള്\u200d": "ൾ",
    "ക്\u200d": "ൿ",
}


def _as_read(character: str) -> str:
    """One character as it is compared; a mark that may be left out is nothing."""
    category = unicodedata.category(character)
    if category[0] == "M":
        return "" if _POINTS.match(unicodedata.name(character, "")) else character
    if category[0] == "C" or character == _STRETCH:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    plain = character.casefold()
    script = unicodedata.name(character, "").split(" ")[0]
    if script in ("LATIN", "GREEK"):
        apart = unicodedata.normalize("NFKD", plain)
        return "".join(map(_undressed, apart)).casefold()
    return _ARABIC.get(plain) or _CYRILLIC.get(plain) or plain


def _undressed(letter: str) -> str:
    """A Latin or Greek letter without stroke or hook; an accent is nothing."""
    if unicodedata.combining(letter):
        return ""
    known = _BASE.match(unicodedata.name(letter, ""))
    return _LATIN.get(letter) or (known[1].lower() if known else letter)


class _Table(dict[int, str]):
    """For ``str.translate``: each character is looked into once, when it is first met."""

    def __missing__(self, code: int) -> str:
        found = self[code] = self._of(chr(code))
        return found

    def _of(self, character: str) -> str:
        return _as_read(character)


class _WordTable(_Table):
    """The same, and what is neither letter, mark nor digit ends a word; an apostrophe joins."""

    def _of(self, character: str) -> str:
        if character in _APOSTROPHES:
            return ""
        word = unicodedata.category(character)[0] in "LMNC" and not character.isspace()
        return _as_read(character) if word else " "


_letters, _words = _Table(), _WordTable()


def folded(name: str) -> str:
    """A name as it is sorted and searched: without case and accents (Ñ like N, Á like A)."""
    return name.lower() if name.isascii() else _read(name, _letters)


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name for comparing, in alphabetical order.

    An apostrophe joins (O'Brien); any other punctuation separates (Jean-Luc; García, Ana).
    """
    return tuple(sorted(_read(name, _words).split()))


def _read(name: str, table: _Table) -> str:
    """Each letter as it is read; again for what only comes together once a mark is gone."""
    before, plain = "", name
    while plain != before and not plain.isascii():
        before = _composed(plain).casefold()
        plain = before.translate(table)
    return plain.translate(table) if plain is name else plain


def _composed(name: str) -> str:
    """A name in composed letters (NFKC), without joiners and other things that nobody sees."""
    if not name.isprintable():
        for old, letter in _CHILLU.items():
            name = name.replace(old, letter)
        name = _HIDDEN.sub("", name)
    return unicodedata.normalize("NFKC", name)


def same_name(one: str, other: str) -> bool:
    """Whether people would read two names as the same: same words, any order, any script."""
    words = name_words(one)
    return bool(words) and words == name_words(other)


def normalised_name(given: str, family: str) -> str:
    """A full name in the form the blind index takes; the same however its fields were filled in."""
    return " ".join(name_words(f"{given} {family}"))
