"""Calendars of others: only busy times come out, and none that is hostile does harm."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from trainings.availability import reader
from trainings.availability.inspector import busy
from trainings.availability.rules import (
    LARGEST,
    MOST_TIMES,
    CalendarTooLarge,
    CalendarUnread,
    Stretch,
)

NOW = datetime(2027, 1, 1, tzinfo=UTC)
ZONE = "America/La_Paz"  # four hours behind UTC


def calendar(*events: str, kind: str = "VEVENT") -> bytes:
    inside = "".join(
        f"BEGIN:{kind}\nUID:{number}@x.example\nDTSTAMP:20260101T000000Z\n{one}\nEND:{kind}\n"
        for number, one in enumerate(events)
    )
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\n{inside}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def read(data: bytes, until: datetime = datetime(2028, 1, 1, tzinfo=UTC)) -> list[str]:
    """The same reading, in this process."""
    found = busy(data, NOW, until, ZoneInfo(ZONE))
    assert isinstance(found, list), found
    return [f"{one[5:16]}/{other[5:16]}" for one, other in found]


def test_times_in_every_form() -> None:
    data = calendar(
        "DTSTART:20270118T090000Z\nDTEND:20270118T100000Z\nSUMMARY:Secret meeting",
        "DTSTART:20270119T090000\nDTEND:20270119T100000",
        "DTSTART;TZID=Europe/Vienna:20270120T090000\nDURATION:PT90M",
        "DTSTART;VALUE=DATE:20270121\nDTEND;VALUE=DATE:20270123",
        "DTSTART;VALUE=DATE:20270125",
    )
    assert read(data) == [
        "01-18T09:00/01-18T10:00",
        "01-19T13:00/01-19T14:00",
        "01-20T08:00/01-20T09:30",
        "01-21T04:00/01-23T04:00",
        "01-25T04:00/01-26T04:00",
    ]


def test_what_repeats_and_what_is_left_out_of_it() -> None:
    weekly = (
        "DTSTART:20270104T090000Z\nDTEND:20270104T100000Z\nRRULE:FREQ=WEEKLY;COUNT=3\n"
        "EXDATE:20270111T090000Z"
    )
    assert read(calendar(weekly)) == ["01-04T09:00/01-04T10:00", "01-18T09:00/01-18T10:00"]
    for_ever = "DTSTART:20200101T090000Z\nDTEND:20200101T100000Z\nRRULE:FREQ=DAILY"
    assert len(read(calendar(for_ever))) == 365


@pytest.mark.parametrize(
    "line", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"]
)
def test_what_leaves_its_owner_free_is_not_busy(line: str) -> None:
    times = "DTSTART:20270118T090000Z\nDTEND:20270118T100000Z"
    assert read(calendar(f"{times}\n{line}")) == []


def test_free_and_busy_lists_are_read() -> None:
    said = "FREEBUSY;FBTYPE=BUSY:20270118T090000Z/PT1H\nFREEBUSY;FBTYPE=FREE:20270119T090000Z/PT1H"
    assert read(calendar(said, kind="VFREEBUSY")) == ["01-18T09:00/01-18T10:00"]


def test_only_times_leave_the_cage() -> None:
    data = calendar(
        "DTSTART:20270118T090000Z\nDTEND:20270118T100000Z\nSUMMARY:Operation\n"
        "LOCATION:Safe house\nATTENDEE:mailto:source@x.example"
    )
    assert reader.busy_times(data, NOW, ZONE) == [
        Stretch(datetime(2027, 1, 18, 9, tzinfo=UTC), datetime(2027, 1, 18, 10, tzinfo=UTC))
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MZ\x90\x00",
        b"BEGIN:VCALENDAR\r\n",
        calendar("DTSTART:tomorrow"),
        calendar("DTSTART:20270104T090000Z\nRRULE:FREQ=SECONDLY"),
        calendar("DTSTART:20270104T090000Z\nRRULE:FREQ=minutely;INTERVAL=1"),
    ],
)
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    assert busy(data, NOW, datetime(2028, 1, 1, tzinfo=UTC), ZoneInfo(ZONE)) in (None, [])
    if data != calendar("DTSTART:tomorrow"):
        with pytest.raises(CalendarUnread):
            reader.busy_times(data, NOW, ZONE)


def test_calendars_that_are_too_large_are_refused() -> None:
    with pytest.raises(CalendarTooLarge):
        reader.busy_times(b"x" * (LARGEST + 1), NOW, ZONE)
    many = [
        f"DTSTART:2027{month:02d}{day:02d}T{hour:02d}{minute:02d}00Z\nDURATION:PT1M"
        for month in range(1, 13)
        for day in range(1, 29)
        for hour in range(4)
        for minute in (0, 15, 30, 45)
    ]
    assert len(many) > MOST_TIMES
    assert busy(calendar(*many), NOW, datetime(2028, 1, 1, tzinfo=UTC), ZoneInfo(ZONE)) == "large"
