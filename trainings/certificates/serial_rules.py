"""The serial printed on a certificate: made, checked, and read however it was typed.

A serial is the course code, a dash, six random characters and a check character:
``BUE-2026-7KXQ4MP``. The check character follows ISO/IEC 7064, system MOD 37-2, over the letters
and digits of the whole serial (dashes are for the eye). The weights are powers of 2, a primitive
root of the prime 37, so they all differ in a serial of up to 36 characters: every single wrong
character and every exchange of two characters, side by side or not, is found. The standard's
check character may be any letter, digit or ``*``; six random characters whose check character
would be hard to read are drawn again.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable

_VALUES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
_MODULUS, _RADIX = 37, 2
# Without what is taken for one another on paper (0 O, 1 I L, 2 Z, 5 S, 8 B, U V) and without the
# vowels that make words.
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
    """A fresh serial for a course; that no other certificate has it is the register's matter."""
    letters = course_code.replace("-", "")
    while True:
        drawn = "".join(choose(ALPHABET) for _turn in range(RANDOM_LENGTH))
        check = check_character(letters + drawn)
        if check in ALPHABET:
            return f"{course_code}-{drawn}{check}"


def serial_key(typed: str) -> str | None:
    """What a serial is looked up by: its letters and digits, however it was typed.

    ``None`` for what cannot be a serial: wrong characters, wrong length, wrong check character.
    """
    if len(typed) > 4 * _LONGEST:
        return None
    key = "".join(
        character
        for character in unicodedata.normalize("NFKC", typed).upper()
        if unicodedata.category(character) not in {"Pd", "Zs", "Cc", "Cf"}
    )
    if not _TAIL + 2 <= len(key) <= _LONGEST or not set(key) <= set(_VALUES[:-1]):
        return None
    if not set(key[-_TAIL:]) <= set(ALPHABET) or check_character(key[:-1]) != key[-1]:
        return None
    return key
