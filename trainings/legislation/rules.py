"""What stands in the register of laws, who may change it, and what is refused.

A change counts once a second person of the country, or an organiser, has confirmed it. An empty
answer means *not found*, never *no*. See docs/decisions/2026-11-28-register-of-laws.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from msgspec import Struct, field

from trainings.core.errors import Refusal
from trainings.core.i18n import LANGUAGES, LazyText, Texts, _l
from trainings.core.permissions import Permission, Role, Viewer
from trainings.core.states import Tone, Worded

YEAR = timedelta(days=365)
LONGEST_TEXT, LONGEST_LINE, LONGEST_ADDRESS, LONGEST_NOTE = 600, 300, 500, 2000
FIRST_YEAR = 1800
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


class LawState(Worded):
    """What has become of a version."""

    PROPOSED = "proposed", _l("Waits for a second person"), Tone.AMBER
    CURRENT = "current", _l("Counts"), Tone.GREEN
    EARLIER = "earlier", _l("Earlier version"), Tone.GREY
    DROPPED = "dropped", _l("Not taken"), Tone.GREY


COUNTED = (LawState.CURRENT, LawState.EARLIER)
EDIT, NAME = Permission.LEGISLATION_EDIT, Permission.LEGISLATION_NAME


class Mark(Worded):
    """How far an entry can be relied on."""

    CONFIRMED = "confirmed", _l("Confirmed by a second person"), Tone.GREEN
    UNCONFIRMED = ("unconfirmed", _l("To be confirmed by the country's focal point"), Tone.AMBER)
    STALE = "stale", _l("Not checked for a year"), Tone.AMBER
    NOT_FOUND = "not_found", _l("Not found"), Tone.GREY


class Keeper(StrEnum):
    """As what somebody enters, confirms or checks; the register shows no names."""

    FOCAL_POINT = "focal_point"
    CORRESPONDENT = "correspondent"
    ORGANISER = "organiser"
    FILE = "file"

    @property
    def label(self) -> LazyText:
        """The word for it."""
        return _KEEPERS[self]


_KEEPERS: Mapping[Keeper, LazyText] = {
    Keeper.FOCAL_POINT: _l("National focal point"),
    Keeper.CORRESPONDENT: _l("Legal correspondent"),
    Keeper.ORGANISER: _l("Organiser"),
    Keeper.FILE: _l("Entered from a file"),
}
_ROLES = {
    Role.FOCAL_POINT: Keeper.FOCAL_POINT,
    Role.LEGAL_CORRESPONDENT: Keeper.CORRESPONDENT,
    Role.ORGANISER: Keeper.ORGANISER,
}


class Picture(StrEnum):
    """How a topic can be drawn."""

    NONE = ""
    RANGE = "range"  # prison terms from–to
    TIME = "time"  # years on a line


PICTURES: Mapping[Picture, LazyText] = {
    Picture.NONE: _l("Not at all"),
    Picture.RANGE: _l("Prison terms as bars"),
    Picture.TIME: _l("Years on a line"),
}


class TopicUnknown(Refusal):
    """A topic that the register does not have."""

    sentence = _l("There is no such topic: %(said)s")


class CountryNotThere(Refusal):
    """A word that is no country."""

    sentence = _l("There is no such country: %(said)s")


class LinkNotWeb(Refusal):
    """A source whose link no browser should follow."""

    sentence = _l("Enter a web address that begins with http:// or https://.")
    field = "source_url"


class NothingSaid(Refusal):
    """Neither an answer nor a note."""

    sentence = _l(
        "Say what the law says in at least one language. If you found nothing, say in the note "
        "where you looked."
    )


class NothingNew(Refusal):
    """A change that changes nothing."""

    sentence = _l("Nothing is different from what is there already.")


class DayOdd(Refusal):
    """A date that is none."""

    sentence = _l("Enter a year (2012), a month (2012-07) or a day (2012-07-31).")


class ForceDayOdd(DayOdd):
    """The same, of the day since when a law is in force."""

    field = "in_force"


class SourceDayOdd(DayOdd):
    """The same, of the source."""

    field = "source_date"


class YearOdd(Refusal):
    """A year in which no law of today was made."""

    sentence = _l("Enter the year with four digits, such as 2012.")
    field = "year"


class OwnChange(Refusal):
    """Somebody confirms what they entered themselves."""

    sentence = _l(
        "You made this change yourself. A second person of the country, or an organiser, confirms "
        "it."
    )


class NothingWaits(Refusal):
    """There is nothing (any more) to confirm."""

    sentence = _l("This has been decided in the meantime. Look at the entry as it is now.")


class NothingToCheck(Refusal):
    """An entry that was never confirmed, or is empty, cannot be *still right*."""

    sentence = _l("Confirm the entry first.")


class LawText(Struct, frozen=True):
    """What the law of a country says on a topic, with where that stands."""

    said: Texts = field(default_factory=dict)
    law: str = ""
    article: str = ""
    year: int | None = None
    in_force: str = ""
    source_title: str = ""
    source_url: str = ""
    source_date: str = ""
    note: str = ""

    @property
    def found(self) -> bool:
        """Whether there is an answer; without one it reads *not found*."""
        return any(self.said.values())


LABELS: Mapping[str, LazyText] = {
    "law": _l("Law"),
    "article": _l("Article"),
    "year": _l("Year"),
    "in_force": _l("In force since"),
    "source_title": _l("Source"),
    "source_url": _l("Link to the source"),
    "source_date": _l("Date of the source"),
    "note": _l("Note of doubt or disagreement"),
}


class Differing(Struct, frozen=True):
    """A part of an entry that differs: its name, the language of an answer, both values."""

    name: str
    language: str
    before: str
    after: str


def checked(text: LawText, this_year: int) -> LawText:
    """The text as it is kept. Raises the refusals of its parts."""
    if not text.found and not text.note:
        raise NothingSaid
    if text.source_url and not is_web(text.source_url):
        raise LinkNotWeb
    if text.year is not None and not FIRST_YEAR <= text.year <= this_year + 1:
        raise YearOdd
    if text.in_force and not is_day(text.in_force):
        raise ForceDayOdd
    if text.source_date and not is_day(text.source_date):
        raise SourceDayOdd
    return text


def is_web(address: str) -> bool:
    """Whether an address is one of the web, which a page may link to."""
    try:
        parts = urlsplit(address)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and address.isprintable()
            and " " not in address
        )
    except ValueError:
        return False


def is_day(written: str) -> bool:
    """Whether it is a year, a month or a day as ISO 8601 writes it."""
    found = _DAY.fullmatch(written)
    if found is None:
        return False
    try:
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return False
    return True


def differences(before: LawText, after: LawText) -> list[Differing]:
    """What differs between two versions, part by part."""
    found = [
        Differing("said", code, before.said.get(code, ""), after.said.get(code, ""))
        for code in LANGUAGES
    ]
    for name in LABELS:
        one, other = getattr(before, name), getattr(after, name)
        found.append(Differing(name, "", str(one or ""), str(other or "")))
    return [one for one in found if one.before != one.after]


def stale(checked_on: date | None, today: date) -> bool:
    """Whether a confirmed entry was not checked for a year."""
    return checked_on is not None and checked_on + YEAR < today


def mark_of(found: bool, confirmed: bool, checked_on: date | None, today: date) -> Mark:
    """How far an entry can be relied on today."""
    if not found:
        return Mark.NOT_FOUND
    if not confirmed:
        return Mark.UNCONFIRMED
    return Mark.STALE if stale(checked_on, today) else Mark.CONFIRMED


def keeper_of(viewer: Viewer, country: str) -> Keeper | None:
    """As what the viewer keeps the row of a country; None where they do not.

    Who is both counts as of the country.
    """
    found = {
        _ROLES[grant.role]
        for grant in viewer.grants_with(EDIT)
        if (grant.role is Role.ORGANISER and grant.agency_id) or grant.country == country
    }
    return next((one for one in Keeper if one in found), None)


def own_countries(viewer: Viewer, permission: Permission) -> list[str]:
    """The countries whose rows the viewer keeps as of that country."""
    return sorted({one.country for one in viewer.grants_with(permission) if one.country})


def keeps_all(viewer: Viewer) -> bool:
    """Whether the viewer organises for an agency, and so may enter the rows of all countries."""
    return any(one.agency_id for one in viewer.grants_with(EDIT))


def check_second(made_by: str | None, by: Viewer) -> None:
    """Raises ``OwnChange`` where somebody confirms what they entered themselves."""
    if made_by is not None and made_by == by.account_id:
        raise OwnChange
