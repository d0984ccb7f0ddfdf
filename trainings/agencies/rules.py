"""Codes and colours of agencies and functions."""

from __future__ import annotations

import re

from trainings.core.errors import Refusal
from trainings.core.i18n import _l
from trainings.core.permissions import Role, Viewer


class BadCode(Refusal):
    """A code that is not short and plain, as addresses and files need."""

    sentence = _l("Use a code of 2 to 12 characters: letters without accents, digits and hyphens.")
    field = "code"


class AgencyCodeTaken(Refusal):
    """Another agency already has this code."""

    sentence = _l("There is already an agency with this code.")
    field = "code"


class FunctionCodeTaken(Refusal):
    """Another function already has this code."""

    sentence = _l("There is already a function with this code.")
    field = "code"


def code(typed: str) -> str:
    """A code in the form it is stored in. Raises ``BadCode``."""
    plain = typed.strip()
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{1,11}", plain):
        raise BadCode
    return plain


_COLOUR = re.compile(r"#[0-9a-f]{6}")


class NotAColour(Refusal):
    """A colour that is not written as six hexadecimal digits."""

    sentence = _l("Enter the colour as # and six digits or letters a to f, such as #0b5563.")
    field = "colour"


def colour(typed: str) -> str:
    """A colour in the form it is stored in (``#0b5563``). Raises ``NotAColour``."""
    plain = typed.strip().lower()
    if not _COLOUR.fullmatch(plain):
        raise NotAColour
    return plain


class NoPicture(Refusal):
    """An upload that is not a picture, or is too large."""

    sentence = _l(
        "Choose a PNG or JPEG picture of up to 1 MB and 2,000 pixels on each side. SVG drawings "
        "are not accepted."
    )
    field = "picture"


def agencies_of(viewer: Viewer) -> list[str]:
    """The agencies for which a viewer acts as an organiser; a single course gives none."""
    return [
        grant.agency_id
        for grant in viewer.grants
        if grant.role is Role.ORGANISER and grant.agency_id is not None
    ]
