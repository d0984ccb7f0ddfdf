"""What programmes, modules and rooms may be: codes, texts, forms of exploitation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l

EXPLOITATION: Mapping[str, LazyText] = {
    "sexual_exploitation": _l("sexual exploitation"),
    "domestic_servitude": _l("domestic servitude"),
    "mining": _l("mining"),
    "agriculture": _l("agriculture"),
    "construction": _l("construction"),
    "textiles": _l("textiles"),
    "fishing": _l("fishing"),
    "maritime_transport": _l("maritime transport"),
}


class TitleMissing(Refusal):
    """Nothing is called anything in any language."""

    sentence = _l("Enter the title in at least one language.")
    field = "title_en"


class TextMissing(Refusal):
    """A lesson without words."""

    sentence = _l("Enter the text in at least one language.")
    field = "text_en"


class CodeTaken(Refusal):
    """Another one has this code already."""

    sentence = _l("The code %(code)s is already in use. Choose another one.")
    field = "code"


class ShortCodeRefused(Refusal):
    """A code that could not stand in an address."""

    sentence = _l("A code has 2 to 20 letters A to Z, digits and dashes.")
    field = "code"


class PhaseEndsBeforeStart(Refusal):
    """A phase that would end before it starts."""

    sentence = _l("The phase cannot end before it starts.")
    field = "ends_on"


class RoomTaken(Refusal):
    """The venue already has a room of this name."""

    sentence = _l("%(venue)s already has a room called %(name)s.")
    field = "name"


class ModuleInUse(Refusal):
    """A module that courses or lessons point to stays."""

    sentence = _l("This module is used by courses or lessons and cannot be removed.")


class RoomInUse(Refusal):
    """A room that sessions are held in stays."""

    sentence = _l("This room is used by sessions and cannot be removed.")


_CODE = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*\Z")


def check_short_code(code: str) -> str:
    """The code of a programme or a module as it may be kept, or a refusal."""
    if not 2 <= len(code) <= 20 or _CODE.match(code) is None:
        raise ShortCodeRefused
    return code


def check_titles(titles: Mapping[str, str]) -> None:
    """Whether there is a title in some language."""
    if not any(titles.values()):
        raise TitleMissing


def check_phase(starts_on: date | None, ends_on: date | None) -> None:
    """Whether the days of a phase agree."""
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise PhaseEndsBeforeStart


class When(StrEnum):
    """Where a phase lies, seen from today."""

    PAST = "past"
    NOW = "now"
    AHEAD = "ahead"
    UNDATED = "undated"


def position_of(starts_on: date | None, ends_on: date | None, today: date) -> When:
    """Whether a phase is over, under way or to come."""
    if starts_on is None and ends_on is None:
        return When.UNDATED
    if ends_on is not None and ends_on < today:
        return When.PAST
    if starts_on is not None and starts_on > today:
        return When.AHEAD
    return When.NOW


def objectives_from(texts: Mapping[str, str]) -> dict[str, list[str]]:
    """Objectives per language, one a line; empty lines are dropped."""
    found = {
        code: [line.strip() for line in text.split("\n") if line.strip()]
        for code, text in texts.items()
    }
    return {code: lines for code, lines in found.items() if lines}
