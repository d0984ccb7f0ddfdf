"""The end of a date in every time zone, on the days its clock changes, and the newest zone data."""

# ruff: noqa: DTZ001 — the moments expected are read as UTC

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import tzdata

from trainings.core import clock

SECOND, DAY, WEEK = timedelta(seconds=1), timedelta(days=1), timedelta(weeks=1)
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2037, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [
        (date(2026, 4, 10), "America/Argentina/Buenos_Aires", datetime(2026, 4, 11, 2, 59, 59)),
        (date(2026, 4, 10), "UTC", datetime(2026, 4, 10, 23, 59, 59)),
        (date(2026, 4, 10), "Pacific/Kiritimati", datetime(2026, 4, 10, 9, 59, 59)),
        # The hour before midnight comes twice: the date ends after the second.
        (date(2027, 4, 3), "America/Santiago", datetime(2027, 4, 4, 3, 59, 59)),
        (date(2027, 4, 2), "America/Santiago", datetime(2027, 4, 3, 2, 59, 59)),
        (date(2026, 10, 29), "Africa/Cairo", datetime(2026, 10, 29, 21, 59, 59)),
        # The hour before midnight does not come at all: the date ends at 22:59:59.
        (date(2027, 3, 27), "America/Nuuk", datetime(2027, 3, 28, 0, 59, 59)),
        # A whole date was skipped at the date line.
        (date(2011, 12, 30), "Pacific/Apia", datetime(2011, 12, 30, 9, 59, 59)),
    ],
)
def test_a_date_ends_with_its_last_second_in_the_zone(
    day: date, zone: str, expected: datetime
) -> None:
    assert clock.end_of(day, zone) == expected.replace(tzinfo=UTC)
    assert clock.end_of(day, zone).tzinfo is UTC


def changes(zone: ZoneInfo) -> Iterator[date]:
    """The local dates, 2024 to 2036, in whose week the clock of a zone changes, at the change."""
    moment = FIRST
    while moment < LAST:
        after = moment + WEEK
        if moment.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            while after - moment > SECOND:
                middle = moment + (after - moment) / 2
                same = middle.astimezone(zone).utcoffset() == moment.astimezone(zone).utcoffset()
                moment, after = (middle, after) if same else (moment, middle)
            yield after.astimezone(zone).date()
            after += WEEK
        moment = after


def test_a_date_ends_in_every_zone_just_before_the_next_begins() -> None:
    seen = 0
    for name in sorted(zoneinfo.available_timezones()):
        there = ZoneInfo(name)
        for changing in changes(there):
            for day in (changing - DAY, changing, changing + DAY):
                end = clock.end_of(day, name)
                assert end.astimezone(there).date() == day, (name, day)
                assert (end + SECOND).astimezone(there).date() > day, (name, day)
                seen += 1
    assert seen > 10_000


def test_the_newer_zone_data_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        monkeypatch.setattr(clock, "system_zones", lambda: "1999a")
        clock.use_newest_zones()
        assert zoneinfo.TZPATH == ()
        assert clock.zones_in_use() == (
            f"{tzdata.IANA_VERSION}, from the tzdata package (this machine: 1999a)"
        )
        monkeypatch.setattr(clock, "system_zones", lambda: "2999z")
        clock.use_newest_zones()
        assert zoneinfo.TZPATH != ()
        assert clock.zones_in_use().startswith("2999z, from this machine")
        monkeypatch.setattr(clock, "system_zones", lambda: "")
        clock.use_newest_zones()
        assert zoneinfo.TZPATH == ()
    finally:
        monkeypatch.undo()
        clock.use_newest_zones()


def test_the_application_uses_the_newer_zone_data(app: object) -> None:
    assert (zoneinfo.TZPATH == ()) == (clock.system_zones() <= tzdata.IANA_VERSION)
    # Since 2026 Morocco keeps one time all year; data of 2025 do not know it.
    autumn = datetime(2026, 11, 15, 12, tzinfo=UTC).astimezone(ZoneInfo("Africa/Casablanca"))
    assert autumn.utcoffset() == timedelta(0)
