"""Which time zone a course has: it follows from the country and the city."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from trainings.core.dates import zone_name
from trainings.core.errors import Refusal
from trainings.core.i18n import LANGUAGES, _l, country_name, language
from trainings.core.names import folded

_AHEAD = [timedelta(days=30 * months) for months in range(37)]  # as far as courses are planned


class ZoneUnknown(Refusal):
    """A time zone that is not in the time zone database."""

    sentence = _l("Choose a time zone from the list.")
    field = "zone"


class ZoneWanted(Refusal):
    """The country has several time zones, and the city does not say which one."""

    sentence = _l("%(country)s has several time zones. Choose the one that %(city)s is in.")
    field = "zone"


class ZoneElsewhere(Refusal):
    """A time zone of another country, left over from before the country was changed."""

    sentence = _l(
        "The time zone of %(zone)s is not one of %(country)s. Choose another one, or let it follow "
        "from the country and city."
    )
    field = "zone"


@cache
def zones_by_country() -> Mapping[str, Sequence[str]]:
    """The time zones of each country as the time zone database lists them, each zone once."""
    found: dict[str, list[str]] = {}
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, _place, zone = line.split("\t")[:3]
            found.setdefault(country, []).append(zone)
    return found


def zone_choices(country: str) -> list[tuple[str, str]]:
    """Time zones by their city in the reader's language: *Viena (Austria)*; a country's first."""
    own = zones_by_country().get(country, ())
    return sorted(_choices(language()), key=lambda pair: pair[0] not in own)


@cache
def _choices(code: str) -> list[tuple[str, str]]:
    named = [
        (zone, f"{zone_name(zone, code)} ({country_name(country, code)})")
        for country, zones in zones_by_country().items()
        for zone in zones
    ]
    return sorted(named, key=lambda pair: folded(pair[1]))


def check_zone(zone: str, country: str) -> None:
    """Refuse a time zone that does not exist, or that belongs to another country."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ZoneUnknown from None
    homes = [one for one, zones in zones_by_country().items() if zone in zones]
    if homes and country in zones_by_country() and country not in homes:
        raise ZoneElsewhere(zone=zone_name(zone), country=country_name(country))


def zone_of(country: str, city: str, now: datetime) -> str:
    """The time zone of a city. Raises ``ZoneWanted`` where the country has several."""
    zones = zones_by_country().get(country, ())
    wanted = folded(re.split(r"[,(/]", city)[0].strip())
    for zone in zones:
        if wanted in _names(zone):
            return zone
    alike = _one_of_each(zones, now)
    if len(alike) == 1:
        return alike[0]
    if not alike:
        raise ZoneUnknown
    raise ZoneWanted(country=country_name(country), city=city)


@cache
def _names(zone: str) -> frozenset[str]:
    """How the city of a zone is called, in any of our languages or in the database itself."""
    own = zone.rpartition("/")[2].replace("_", " ")
    return frozenset(map(folded, [own, *(zone_name(zone, code) for code in LANGUAGES)]))


def _one_of_each(zones: Sequence[str], now: datetime) -> list[str]:
    """Of the zones whose clocks show the same time in the years to come, the first one listed."""
    found: dict[tuple[timedelta | None, ...], str] = {}
    for zone in zones:
        place = ZoneInfo(zone)
        clocks = tuple(
            (now.astimezone(UTC) + ahead).astimezone(place).utcoffset() for ahead in _AHEAD
        )
        found.setdefault(clocks, zone)
    return list(found.values())


def likely_zone(country: str, city: str, now: datetime) -> str:
    """The zone of a city, else the first of its country, else UTC: where nobody has to be asked."""
    try:
        return zone_of(country, city, now)
    except Refusal:
        return next(iter(zones_by_country().get(country, ("UTC",))))
