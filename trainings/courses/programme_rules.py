"""Rules for programmes, modules and rooms: codes, texts, forms of exploitation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l, _lp
from trainings.core.states import Tone, Worded

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


class LessonKind(Worded):
    """Whether something is what was found in a phase, or what is to be done about it."""

    LESSON = "lesson", _lp("programme", "Lesson"), Tone.TEAL
    FINDING = "finding", _lp("programme", "Finding"), Tone.BLUE


class LessonState(Worded):
    """Where a finding or lesson is: it waits, something came of it, or it was dropped."""

    OPEN = "open", _lp("lesson", "Open"), Tone.AMBER
    TAKEN_UP = "taken_up", _lp("lesson", "Taken up"), Tone.GREEN
    DROPPED = "dropped", _lp("lesson", "Dropped")


class LessonSource(StrEnum):
    """What a finding or lesson was opened from; a new kind of source is a line here."""

    BY_HAND = "by_hand"
    EVALUATION = "evaluation"
    SESSION = "session"
    NETWORK = "network"


class TitleMissing(Refusal):
    """There is no title in any language."""

    sentence = _l("Enter the title in at least one language.")
    field = "title_en"


class TextMissing(Refusal):
    """A lesson without text."""

    sentence = _l("Enter the text in at least one language.")
    field = "text_en"


class FollowsItself(Refusal):
    """A programme that would follow one that follows it."""

    sentence = _l("A programme cannot follow itself, or one that follows it.")
    field = "follows_id"


class CodeTaken(Refusal):
    """Another entry already has this code."""

    sentence = _l("The code %(code)s is already in use. Choose another one.")
    field = "code"


class ShortCodeRefused(Refusal):
    """A code that cannot be used in a URL."""

    sentence = _l("Use a code of 2 to 20 letters A to Z, digits and hyphens.")
    field = "code"


class PhaseEndsBeforeStart(Refusal):
    """A phase that would end before it starts."""

    sentence = _l("The phase cannot end before it starts.")
    field = "ends_on"


class RoomTaken(Refusal):
    """The venue already has a room with this name."""

    sentence = _l("%(venue)s already has a room called %(name)s.")
    field = "name"


class ModuleInUse(Refusal):
    """A module used by courses or lessons cannot be removed."""

    sentence = _l("This module is used by courses or lessons, so it cannot be removed.")


class RoomInUse(Refusal):
    """A room that has sessions cannot be removed."""

    sentence = _l("This room is used by sessions, so it cannot be removed.")


_CODE = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*\Z")


def check_short_code(code: str) -> str:
    """The code of a programme or module, normalised, or a refusal."""
    if not 2 <= len(code) <= 20 or _CODE.match(code) is None:
        raise ShortCodeRefused
    return code


def check_titles(titles: Mapping[str, str]) -> None:
    """Check that there is a title in at least one language."""
    if not any(titles.values()):
        raise TitleMissing


def check_phase(starts_on: date | None, ends_on: date | None) -> None:
    """Check that a phase does not end before it starts."""
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise PhaseEndsBeforeStart


class When(StrEnum):
    """Whether a phase is past, current or still to come."""

    PAST = "past"
    NOW = "now"
    AHEAD = "ahead"
    UNDATED = "undated"


def position_of(starts_on: date | None, ends_on: date | None, today: date) -> When:
    """Whether a phase is past, current or still to come on a given day."""
    if starts_on is None and ends_on is None:
        return When.UNDATED
    if ends_on is not None and ends_on < today:
        return When.PAST
    if starts_on is not None and starts_on > today:
        return When.AHEAD
    return When.NOW


def objectives_from(texts: Mapping[str, str]) -> dict[str, list[str]]:
    """Objectives per language, one per line; empty lines are dropped."""
    found = {
        code: [line.strip() for line in text.split("\n") if line.strip()]
        for code, text in texts.items()
    }
    return {code: lines for code, lines in found.items() if lines}
