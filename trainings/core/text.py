"""Text that people type: cleaned on the way in, and names compared the way people read them."""

from __future__ import annotations

import unicodedata

from trainings.core.errors import Refusal
from trainings.core.i18n import _l

MARKS_IN_A_ROW = 3

# Format characters that are seen on paper: signs written around Arabic, Syriac and Kaithi numbers.
_VISIBLE_FORMAT = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
# Embeddings, overrides, isolates and marks that turn the direction of what follows.
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Letters and marks by category, but nothing is seen of them: fillers, joiner, inherent vowels.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


class TextRefused(Refusal):
    """The text holds something that no name and no sentence needs."""


class TextTooLong(TextRefused):
    """More characters than there is room for."""

    sentence = _l("This is too long: %(length)s characters, where %(maximum)s fit.")


class ControlCharacter(TextRefused):
    """A character that steers machines (a bell, a line break where one line is asked for)."""

    sentence = _l("This contains a control character (%(code)s). Please type it again without it.")


class DirectionCharacter(TextRefused):
    """A hidden character that turns the direction of writing, so that a text reads as another."""

    sentence = _l(
        "This contains a hidden character that changes the direction of writing (%(code)s). "
        "Please type it again without it."
    )


class InvisibleCharacter(TextRefused):
    """A character of no width, so that two texts look the same and are not."""

    sentence = _l(
        "This contains an invisible character (%(code)s). Please type it again without it."
    )


class TooManyMarks(TextRefused):
    """Accents piled on one letter."""

    sentence = _l("This contains more than %(maximum)s accents on one letter.")


def clean(value: str, maximum: int, *, lines: bool = False) -> str:
    """What someone typed, as it may be kept: composed (NFC), trimmed, bounded.

    Any script, one letter, apostrophes are welcome; every space becomes a plain one and runs of
    them shrink to one. With ``lines`` the text may have several lines (a break is ``\\n``).
    Raises ``TextRefused`` for hidden, steering or overlong text; never changes what is visible.
    """
    if len(value) > 4 * maximum + 64:  # before any work is spent on it
        raise TextTooLong(length=len(value), maximum=maximum)
    text = unicodedata.normalize("NFC", value)
    if lines:
        rows = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").split("\n")
        text = "\n".join(_one_line(row) for row in rows).strip("\n")
    else:
        text = _one_line(text)
    if len(text) > maximum:
        raise TextTooLong(length=len(text), maximum=maximum)
    return text


def _one_line(text: str) -> str:
    marks = 0
    plain: list[str] = []
    for character in text:
        category = unicodedata.category(character)
        _refuse_hidden(character, category)
        marks = marks + 1 if category[0] == "M" else 0
        if marks > MARKS_IN_A_ROW:
            raise TooManyMarks(maximum=MARKS_IN_A_ROW)
        plain.append(" " if category == "Zs" else character)
    return " ".join(word for word in "".join(plain).split(" ") if word)


def _refuse_hidden(character: str, category: str) -> None:
    code = f"U+{ord(character):04X}"
    if character in _DIRECTION:
        raise DirectionCharacter(code=code)
    if character in _BLANK or (category == "Cf" and character not in _VISIBLE_FORMAT):
        raise InvisibleCharacter(code=code)
    if category in {"Cc", "Cs", "Zl", "Zp"} or ord(character) & 0xFFFE == 0xFFFE:
        raise ControlCharacter(code=code)


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name for comparing: in order of the alphabet, without case or accents.

    NFKD, casefolded, no marks; an apostrophe joins (O'Brien), any other punctuation parts
    (Jean-Luc, García, Ana).
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    kept: list[str] = []
    for character in folded:
        category = unicodedata.category(character)
        if category[0] in "LN" and character not in _MODIFIERS:
            kept.append(character)
        elif not (category[0] in "MC" or character in _MODIFIERS or character in _APOSTROPHES):
            kept.append(" ")
    return tuple(sorted("".join(kept).split()))


_APOSTROPHES = frozenset("'’‘‛′`´ʼʻʹʾʿ＇")
_MODIFIERS = _APOSTROPHES | {"\u0640"}  # and the Arabic stroke that only stretches a word


def same_name(one: str, other: str) -> bool:
    """Whether two people would read the same name: same words, in any order, in any script."""
    words = name_words(one)
    return bool(words) and words == name_words(other)


def normalised_name(given: str, family: str) -> str:
    """A whole name as the blind index takes it; the same whatever stood in which field."""
    return " ".join(name_words(f"{given} {family}"))
