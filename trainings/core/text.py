"""Text that people type: cleaned of what pasting brings along; what misleads is refused.

How two names are compared is in ``names.py``.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from functools import cache
from pathlib import Path

from trainings.core.errors import Refusal
from trainings.core.i18n import _l

ACCENTS = 3  # in a row, on a letter of a script that has no marks of its own
MARKS = 8  # in a row, where the script writes them: Burmese has seven on one letter

# Format characters that are visible: signs written around Arabic, Syriac and Kaithi numbers.
_VISIBLE_FORMAT = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
# Embeddings, overrides, isolates and marks that change the direction of what follows.
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Letters and marks by category, but invisible: fillers, inherent vowels.
_BLANK = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# What pasting brings along without meaning: breaks and wide spaces, and characters of no width
# (zero-width space, byte order mark, soft hyphen, word and grapheme joiners).
_BREAKS = "\t\n\x0b\x0c\r\x85\u2028\u2029"
_LINE_END = re.compile("\r\n|[\n\x0b\x0c\r\x85\u2028\u2029]")
_SPACES = (
    "\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_PASTED = str.maketrans(
    dict.fromkeys(_BREAKS + _SPACES, " ") | dict.fromkeys("\u200b\ufeff\u00ad\u2060\u034f")
)
# Joiners decide how letters are drawn in these scripts, named as Unicode names their letters. They
# mean nothing in any other.
_JOINERS = re.compile("[\u200c\u200d\u180e]+")
_JOINING = re.compile(
    "ARABIC|SYRIAC|MANDAIC|MONGOLIAN|PHAGS-PA|NKO|DEVANAGARI|BENGALI|GURMUKHI|GUJARATI|ORIYA|TAMIL|"
    "TELUGU|KANNADA|MALAYALAM|SINHALA|TIBETAN|MYANMAR|KHMER|BALINESE|JAVANESE|SUNDANESE"
)
_FINAL_JOINERS = frozenset({"MALAYALAM", "BENGALI"})  # a bare consonant at a word's end
# Symbols that stand in names: as in "N° 5".
_NAME_SYMBOLS = frozenset("°№")
_SKINS = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"  # they colour an emoji


class TextRefused(Refusal):
    """The text contains something that no name and no sentence needs."""


class TextTooLong(TextRefused):
    """The text has more characters than allowed."""

    sentence = _l("This is too long: %(length)s characters. Use %(maximum)s or fewer.")


class ControlCharacter(TextRefused):
    """A control character (a bell, or a line break where only one line is allowed)."""

    sentence = _l("This contains a control character (%(code)s). Please type it again without it.")


class DirectionCharacter(TextRefused):
    """A hidden character that changes the writing direction, so that a text reads as another."""

    sentence = _l(
        "This contains a hidden character that changes the direction of the text (%(code)s). "
        "Please type it again without it."
    )


class InvisibleCharacter(TextRefused):
    """A character of no width, which makes two different texts look the same."""

    sentence = _l(
        "This contains an invisible character (%(code)s). Please type it again without it."
    )


class TooManyMarks(TextRefused):
    """Too many accents on one letter."""

    sentence = _l(
        "This contains more than %(maximum)s accents on one letter. Please type it again with "
        "fewer."
    )


class PictureInName(TextRefused):
    """An emoji or another picture in a person's name."""

    sentence = _l("A name cannot contain “%(character)s”. Please type it again without it.")


class Unprintable(TextRefused):
    """A character that our paper cannot show, in a line that may be printed."""

    sentence = _l("We cannot print “%(character)s”. Please type it again without it.")


class UnprintableName(TextRefused):
    """A letter that our paper cannot show, in a person's name."""

    sentence = _l(
        "We cannot print the letter “%(character)s”. Please write the name in Latin letters, as in "
        "the passport."
    )


def pasted(text: str) -> str:
    """One line without what pasting brings along, and without joiners that join nothing.

    Tabs and line breaks become spaces, runs of spaces one; what has no width goes. In silence:
    nothing that people see changes.
    """
    if not (text.isascii() and text.isprintable()):
        text = _JOINERS.sub(_joiner, text.translate(_PASTED))
    return " ".join(word for word in text.split(" ") if word)


def _joiner(found: re.Match[str]) -> str:
    """A joiner that stands between letters of a script that needs it; otherwise nothing."""
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    script = _script(before)
    last = script in _FINAL_JOINERS and not _script(after) and unicodedata.combining(before) == 9
    return (
        found.group()[0]
        if _JOINING.fullmatch(script) and (last or _script(after) == script)
        else ""
    )


def _script(character: str) -> str:
    """The script of a letter or mark, as Unicode names it; nothing for all else."""
    if not character or unicodedata.category(character)[0] not in "LM":
        return ""
    return unicodedata.name(character, "").split(" ")[0]


def clean(value: str, maximum: int, *, lines: bool = False) -> str:
    """Clean typed text for storing: composed (NFC), without what pasting brought, limited.

    Any script, single letters and apostrophes are allowed. With ``lines`` the text may have
    several lines (a break is ``\\n``). Raises ``TextRefused`` for overlong text and for what makes
    a text read as another; never changes what is visible.
    """
    if len(value) > 4 * maximum + 64:  # before any work is spent on it
        raise TextTooLong(length=len(value), maximum=maximum)
    text = "\n".join(_one_line(row) for row in (_LINE_END.split(value) if lines else [value]))
    text = text.strip("\n")
    if len(text) > maximum:
        raise TextTooLong(length=len(text), maximum=maximum)
    missing = "" if lines else unprintable(text)
    if missing:
        raise Unprintable(character=_shown(missing))
    return text


def clean_name(value: str, maximum: int) -> str:
    """Clean a person's name for storing: as any line, and no emoji or other pictures in it."""
    for character in value[: 4 * maximum]:
        picture = unicodedata.category(character) in {"So", "Co", "Cn"}
        if (picture and character not in _NAME_SYMBOLS) or character in _SKINS:
            raise PictureInName(character=_shown(character))
    try:
        return clean(value, maximum)
    except Unprintable as refusal:
        raise UnprintableName(**refusal.values) from None


def unprintable(text: str) -> str:
    """The first character of a line that none of the paper's typefaces has; mostly nothing."""
    if text.isascii():
        return ""
    starts, ends = _letters_on_paper()
    for character in text:
        at = bisect(starts, ord(character)) - 1
        if at < 0 or ord(character) > ends[at]:
            return character
    return ""


@cache
def _letters_on_paper() -> tuple[list[int], list[int]]:
    """The characters that all typefaces of the paper together have, as spans."""
    spans = [
        span.partition("-")
        for span in Path(__file__).with_name("printable.txt").read_text().split()
    ]
    return (
        [int(first, 16) for first, _, _ in spans],
        [int(last or first, 16) for first, _, last in spans],
    )


def _shown(character: str) -> str:
    return character if character.isprintable() else f"U+{ord(character):04X}"


def _one_line(text: str) -> str:
    line = unicodedata.normalize("NFC", pasted(text))
    if not (line.isascii() and line.isprintable()):
        for character in line:
            _refuse_hidden(character)
        _refuse_piles(line)
    return line


def _refuse_hidden(character: str) -> None:
    category, code = unicodedata.category(character), f"U+{ord(character):04X}"
    if character in _DIRECTION:
        raise DirectionCharacter(code=code)
    joiner = _JOINERS.match(character)
    if character in _BLANK or (
        category == "Cf" and not joiner and character not in _VISIBLE_FORMAT
    ):
        raise InvisibleCharacter(code=code)
    if category in {"Cc", "Cs"} or ord(character) & 0xFFFE == 0xFFFE:
        raise ControlCharacter(code=code)


def _refuse_piles(text: str) -> None:
    """Refuse a pile of accents; a script that writes marks on its own letters may have more."""
    home, marks, strange, before = "", 0, 0, ""
    for character in text:
        if unicodedata.category(character)[0] != "M":
            home, marks, strange = "", 0, 0
            if not _JOINERS.match(character):
                home = _script(character)
        else:
            marks += 1
            strange += _script(character) != home or character == before
            if strange > ACCENTS or marks > MARKS:
                raise TooManyMarks(maximum=ACCENTS)
        before = character
