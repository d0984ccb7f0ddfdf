"""How many emails are written at once, where a mailing is, and how it is kept what it says."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, NamedTuple

from msgspec import Struct, field

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l, _lp
from trainings.core.states import Tone, Worded

PORTION = 500  # emails written in one transaction; up to so many are written by the act itself
KEPT_DAYS = 14  # how long it is told that all were written, and how many


class MailingState(Worded):
    """Where a mailing is."""

    UNDER_WAY = "under_way", _lp("mailing", "Being written"), Tone.BLUE
    ON_HOLD = "on_hold", _lp("mailing", "On hold"), Tone.AMBER
    WRITTEN = "written", _lp("mailing", "All written"), Tone.GREEN
    STOPPED = "stopped", _lp("mailing", "Stopped"), Tone.RED


# Somebody is still to be written to.
UNFINISHED = frozenset({MailingState.UNDER_WAY, MailingState.ON_HOLD})


class MailingOver(Refusal):
    """It was faster, or somebody else stopped it."""

    sentence: LazyText = _l("These emails were all written, or stopped, in the meantime.")


class Said(Struct, frozen=True):
    """What some of the readers of a mailing are told: an event, what goes with it, own words.

    Everything is kept as plain values: what had a name (``before.venue``) still has it, and
    nothing else. ``subjects`` and ``texts``, by language: what an organiser wrote. ``about``: the
    id of what the emails are about, where they are letters of others and no notices.
    """

    event: str
    with_link: bool = True
    until: datetime | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    subjects: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    files: Collection[str] = ()
    about: str = ""


class Progress(NamedTuple):
    """How many of the emails of a mailing are written."""

    written: int
    total: int


def kept(said: Sequence[Said]) -> str:
    """What a mailing says, as text. ``TypeError`` for what cannot be kept so."""
    return json.dumps([_plain(one)[_OF] for one in said])


def read(text: str) -> list[Said]:
    """What a mailing says, as it was given to ``kept``."""
    return [Said(**{name: _back(value) for name, value in one.items()}) for one in json.loads(text)]


_OF, _MAP, _MOMENT, _DAY = "of", "map", "moment", "day"


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime):
        return {_MOMENT: value.isoformat()}
    if isinstance(value, date):
        return {_DAY: value.isoformat()}
    if isinstance(value, Struct):
        return {_OF: {name: _plain(getattr(value, name)) for name in value.__struct_fields__}}
    if isinstance(value, Mapping):
        return {_MAP: {name: _plain(one) for name, one in value.items()}}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    raise TypeError(f"{type(value).__name__} is not kept")


def _back(value: Any) -> Any:
    if isinstance(value, list):
        return [_back(one) for one in value]
    if not isinstance(value, dict):
        return value
    ((kind, inner),) = value.items()
    if kind == _MOMENT:
        return datetime.fromisoformat(inner)
    if kind == _DAY:
        return date.fromisoformat(inner)
    found = {name: _back(one) for name, one in inner.items()}
    return SimpleNamespace(**found) if kind == _OF else found
