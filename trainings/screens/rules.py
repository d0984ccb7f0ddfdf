"""What the screen in a lobby is given: the published agenda in its languages, with all words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from trainings.agenda.rules import SessionKind
from trainings.agenda_versions.rules import Planned
from trainings.core.dates import with_weekday
from trainings.core.errors import Refusal
from trainings.core.i18n import _, _l, html_language, localized, pgettext, speaking
from trainings.rosters.rules import GIVING


class NoLanguage(Refusal):
    """A screen without any language."""

    sentence = _l("Choose at least one language.")
    field = "languages"


class Shown(NamedTuple):
    """What a screen shows: a course by its titles and zone, and its published sessions."""

    titles: Mapping[str, str]
    zone: str
    cancelled: bool
    languages: Sequence[str]
    sessions: Sequence[Planned]


def tag(shown: Shown) -> str:
    """What a screen knows its agenda by: it changes with all that is shown, without any name."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]


def payload(shown: Shown, names: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """All that a screen needs to show the course by itself, also while it has no network."""
    place = ZoneInfo(shown.zone)
    spoken = {code: _in(code, shown) for code in shown.languages}
    return {
        "tag": tag(shown),
        "now": int(now.timestamp()),
        "zone": shown.zone,
        "cancelled": shown.cancelled,
        "languages": spoken,
        "sessions": [
            {
                "start": _seconds(one.entry.start, place),
                "end": _seconds(one.entry.end, place),
                "day": one.entry.start.date().isoformat(),
                "quiet": one.entry.kind is SessionKind.BREAK,
                "titles": {code: part["titles"][one.id] for code, part in spoken.items()},
                "room": one.room,
                "trainers": sorted(
                    names[who]
                    for who, role in one.persons.items()
                    if who in names and role in GIVING
                ),
            }
            for one in sorted(shown.sessions, key=lambda one: (str(one.entry.start), one.room))
            if one.entry.start and one.entry.end
        ],
    }


def _seconds(at: datetime | None, place: ZoneInfo) -> int:
    if at is None:
        raise ValueError("a published session has its time")
    return int(at.replace(tzinfo=place).astimezone(UTC).timestamp())


def _in(code: str, shown: Shown) -> dict[str, Any]:
    with speaking(code):
        days = {one.entry.day for one in shown.sessions if one.entry.day}
        return {
            "tag": html_language(),
            "course": localized(shown.titles),
            "days": {day.isoformat(): with_weekday(day) for day in sorted(days)},
            "titles": {one.id: one.title for one in shown.sessions},
            "words": _words(),
        }


def _words() -> dict[str, str]:
    return {
        "now": _("Now"),
        "next": pgettext("session", "Next"),
        "until": _("until %(time)s", time="{time}"),
        "nothing": _("Nothing takes place at the moment."),
        "before": _("The course has not started yet."),
        "evening": _("That is all for today."),
        "over": _("The course is over. Thank you for taking part."),
        "empty": _("The agenda is not published yet."),
        "cancelled": _("This course has been cancelled."),
        "lost": _("No connection since %(time)s: the agenda may have changed.", time="{time}"),
        "gone": _("This link no longer works. The organisers can make a new one."),
    }


def day_to_list(shown: Shown, today: date) -> list[Planned]:
    """The sessions of today, else of the next day that has any: for a screen without script."""
    ahead = [one for one in shown.sessions if one.entry.day and one.entry.day >= today]
    return [one for one in ahead if one.entry.day == ahead[0].entry.day]


def as_text(found: Mapping[str, Any]) -> str:
    """The payload as JSON."""
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))
