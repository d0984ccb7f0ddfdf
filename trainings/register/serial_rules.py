"""The serial printed on a certificate: made, checked, and read however it was typed.

A serial is the course code, a dash, six random characters and a check character:
``BUE-2026-7KXQ4MP``. The check character follows ISO/IEC 7064, system MOD 37-2, over the letters
and digits of the whole serial (dashes are for the eye). The weights are powers of 2, a primitive
root of the prime 37, so they all differ in a serial of up to 36 characters: every single wrong
character and every swap of two characters, adjacent or not, is found. The standard's check
character may be any letter, digit or ``*``; six random characters whose check character would be
hard to read are drawn again.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable

_VALUES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
_MODULUS, _RADIX = 37, 2
# Without characters mistaken for each other on paper (0 O, 1 I L, 2 Z, 5 S, 8 B, U V) and without
# the vowels that make words.
ALPHABET = "34679CDFGHJKMNPQRTVWXY"
RANDOM_LENGTH = 6
_TAIL = RANDOM_LENGTH + 1
_LONGEST = 16 + _TAIL


def check_character(characters: str) -> str:
    """The check character of letters and digits by ISO/IEC 7064 MOD 37-2 (``*`` stands for 36)."""
    sum_so_far = 0
    for character in characters:
        sum_so_far = (sum_so_far + _VALUES.index(character)) * _RADIX % _MODULUS
    return _VALUES[(1 - sum_so_far) % _MODULUS]


def new_serial(course_code: str, choose: Callable[[str], str] = secrets.choice) -> str:
    """A new serial for a course; the caller checks that no other certificate has it."""
    letters = course_code.replace("-", "")
    while True:
        drawn = "".join(choose(ALPHABET) for _turn in range(RANDOM_LENGTH))
        check = check_character(letters + drawn)
        if check in ALPHABET:
            return f"{course_code}-{drawn}{check}"


def serial_key(typed: str) -> str | None:
    """The key a serial is looked up by: its letters and digits, however it was typed.

    Any dash or none, small letters, the "N.º" before it, and O for 0 (or 0 for O) where the
    characters beside it say which. ``None`` for what cannot be a serial: wrong characters, wrong
    length, wrong check character.
    """
    if len(typed) > 4 * _LONGEST:
        return None
    key = "".join(
        character
        for character in unicodedata.normalize("NFKC", _LABEL.sub("", typed)).upper()
        if character not in _DASHES
        and unicodedata.category(character) not in {"Pd", "Pc", "Zs", "Cc", "Cf"}
    )
    if not _TAIL + 2 <= len(key) <= _LONGEST or not set(key) <= set(_VALUES[:-1]):
        return None
    code, tail = key[:-_TAIL], key[-_TAIL:]
    readings = (code + tail, _O_OR_ZERO.sub(_by_neighbours, code) + tail)
    return next((reading for reading in readings if _is_serial(reading)), None)


def as_printed(key: str) -> str:
    """A serial by its key as people compare it with paper, less the dashes of the course code."""
    return f"{key[:-_TAIL]}-{key[-_TAIL:]}"


# "N.º", "Nº", "No.", "№", "Nr." before a serial. A dot or sign is needed: NO27 may be a course.
_LABEL = re.compile(
    r"\s*(?:№|N\s*(?:[º°]|\.(?:\s*[º°]|[OR](?=[\s.:]))?|[OR][.:]))[.:]*", re.IGNORECASE
)
_DASHES = frozenset("\u2212\u2043\u02d7\u2500\u2501\u30fc\u0304~")  # no dashes by category
_O_OR_ZERO = re.compile("[O0]+")


def _by_neighbours(run: re.Match[str]) -> str:
    """O among letters, 0 among digits; as typed between a letter and a digit."""
    code, characters = run.string, run.group()
    beside = code[max(run.start() - 1, 0) : run.start()] + code[run.end() : run.end() + 1]
    if beside.isdigit():
        return "0" * len(characters)
    return "O" * len(characters) if beside.isalpha() else characters


def _is_serial(key: str) -> bool:
    return set(key[-_TAIL:]) <= set(ALPHABET) and check_character(key[:-1]) == key[-1]
