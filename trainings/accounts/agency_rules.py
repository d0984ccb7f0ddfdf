"""Codes and colours of agencies and functions."""

from __future__ import annotations

import re

from trainings.core.errors import Refusal
from trainings.core.i18n import _l


class BadCode(Refusal):
    """A code is short and plain, because it stands in addresses and files."""

    sentence = _l("A code has 2 to 12 letters without accents, digits or hyphens.")
    field = "code"


class AgencyCodeTaken(Refusal):
    """Two agencies with one code could not be told apart."""

    sentence = _l("There is an agency with this code already.")
    field = "code"


class FunctionCodeTaken(Refusal):
    """Two functions with one code could not be told apart."""

    sentence = _l("There is a function with this code already.")
    field = "code"


def code(typed: str) -> str:
    """A code as it is kept. Raises ``BadCode``."""
    plain = typed.strip()
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{1,11}", plain):
        raise BadCode
    return plain


_COLOUR = re.compile(r"#[0-9a-f]{6}")


class NotAColour(Refusal):
    """A colour is written as six hexadecimal digits."""

    sentence = _l("Write the colour as # and six digits or letters a to f, such as #0b5563.")
    field = "colour"


def colour(typed: str) -> str:
    """A colour as it is kept (``#0b5563``). Raises ``NotAColour``."""
    plain = typed.strip().lower()
    if not _COLOUR.fullmatch(plain):
        raise NotAColour
    return plain
