"""What is written is read again by others: vobject, icalendar, khal."""

from __future__ import annotations

import os
import random
import subprocess
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import icalendar
import pytest
import vobject

from tests.calendars.reading import events
from trainings.calendars import ics
from trainings.calendars.rules import Event, Feed, Site

NOW = datetime(2026, 11, 28, 6, tzinfo=UTC)
ODD = [
    "Trata, tráfico; y «dinero»",
    "one\ntwo\r\nthree",
    "back\\slash \\n and \\, done",
    "🧑‍🏫 Ñandú 東京 " * 20,
    'colon: semicolon; quote " end',
    "x" * 74 + "é" * 80,
    "BEGIN:VEVENT\nUID:other",
]


def event(title: str = "Opening", zone: str = "America/Lima", **values: object) -> Event:
    at = datetime.combine(date(2027, 1, 18), time(9))
    known = {
        "uid": "a@trainings.example",
        "title": title,
        "starts": at,
        "ends": at + timedelta(minutes=90),
        "zone": zone,
        "changed": NOW,
        "sequence": 3,
    }
    return Event(**{**known, **values})  # type: ignore[arg-type]


def written(*some: Event) -> str:
    return ics.written(Feed("Course, A; B", "es", some)).decode()


@pytest.mark.parametrize("text", ODD)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    file = written(event(text, text=text, place=text))
    (read,) = events(file)
    (also,) = icalendar.Calendar.from_ical(file).events
    wanted = text.replace("\r\n", "\n").strip()
    assert read.summary.value == read.location.value == read.description.value == wanted
    assert str(also["SUMMARY"]) == str(also["LOCATION"]) == wanted
    assert read.uid.value == "a@trainings.example"


def test_lines_are_short_whole_letters_and_end_as_they_must() -> None:
    file = ics.written(Feed("n" * 200, "en", tuple(event(one, text=one) for one in ODD)))
    assert file.endswith(b"END:VCALENDAR\r\n")
    for line in file.split(b"\r\n"):
        assert len(line) <= 75 and not {"\n", "\r"} & set(line.decode())


def test_a_control_character_breaks_no_line() -> None:
    (read,) = events(written(event("bell\x07 tab\tend\u2028next")))
    assert read.summary.value == "bell  tab end\nnext"


def test_all_that_a_calendar_wants_stands_there() -> None:
    file = written(event(contact="courses@trainings.example", address="https://t.example/x"))
    calendar = vobject.readOne(file)
    assert calendar.method.value == "PUBLISH" and calendar.version.value == "2.0"
    calendar.validate(raiseException=True)
    (one,) = calendar.vevent_list
    assert one.sequence.value == "3" and one.status.value == "CONFIRMED"
    assert one.dtstamp.value == NOW and one.transp.value == "OPAQUE"
    assert one.organizer.value == "mailto:courses@trainings.example"
    assert one.url.value == "https://t.example/x"
    assert "CLASS:PRIVATE" in file


@pytest.mark.parametrize("contact", ["", "ask us", "a@b.c\r\nX:1", "a b@c.d", "ü@b.c"])
def test_a_contact_that_is_no_address_is_left_out(contact: str) -> None:
    assert "ORGANIZER" not in written(event(contact=contact))


def test_cancelled_tentative_and_breaks() -> None:
    cancelled, tentative, free = events(
        written(event(cancelled=True), event(tentative=True), event(busy=False))
    )
    assert (cancelled.status.value, cancelled.transp.value) == ("CANCELLED", "TRANSPARENT")
    assert tentative.status.value == "TENTATIVE"
    assert free.transp.value == "TRANSPARENT"


def test_whole_days() -> None:
    (read,) = events(written(event(starts=date(2027, 1, 18), ends=date(2027, 1, 22))))
    assert read.dtstart.value == date(2027, 1, 18) and read.dtend.value == date(2027, 1, 22)


def test_a_calendar_without_events_is_one() -> None:
    assert icalendar.Calendar.from_ical(written()).events == []
    assert "BEGIN:VTIMEZONE" in written()


def days_around_changes(zone: ZoneInfo, year: int) -> list[date]:
    days = [date(year, 1, 1) + timedelta(days=day) for day in range(365)]
    offset = [datetime(one.year, one.month, one.day, 12, tzinfo=zone).utcoffset() for one in days]
    found = [days[0], days[180]]
    for before, after, was, became in zip(days, days[1:], offset, offset[1:], strict=False):
        if was != became:
            found += [before, after]
    return found


def test_every_zone_says_when_in_the_zones_own_words() -> None:
    seed = random.randrange(10**9)
    print("seed", seed)
    names = sorted(one for one in available_timezones() if "/" in one and one[:3] != "Etc")
    some = random.Random(seed).sample(names, 40)
    always = ["America/Santiago", "Africa/Cairo", "America/Nuuk", "Europe/Paris", "Asia/Tehran"]
    for name in {*some, *always, "Africa/Casablanca", "Australia/Lord_Howe"}:
        place = ZoneInfo(name)
        at = [
            datetime.combine(day, time(hour))
            for day in days_around_changes(place, 2027)
            for hour in (5, 9, 20)
        ]
        file = written(
            *(event(f"{one}", name, starts=one, ends=one + timedelta(hours=1)) for one in at)
        )
        for read, one in zip(events(file), at, strict=True):
            wanted = one.replace(tzinfo=place).astimezone(UTC)
            assert read.dtstart.value.astimezone(UTC) == wanted, (name, one, seed)


def test_khal_shows_it(tmp_path: Path) -> None:
    """A calendar of Debian that people use: ``script/setup --test`` installs it."""
    config = tmp_path / "config"
    config.write_text(
        f"[calendars]\n[[mine]]\npath = {tmp_path}/mine\ntype = calendar\n"
        f"[locale]\nlocal_timezone = Europe/Paris\ndefault_timezone = Europe/Paris\n"
        "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        f"[sqlite]\npath = {tmp_path}/khal.db\n[default]\ndefault_calendar = mine\n",
        encoding="utf-8",
    )
    file = tmp_path / "agenda.ics"
    file.write_text(
        written(
            event("Apertura, con café; sí", text="Curso"),
            event("Gone", uid="b@trainings.example", cancelled=True),
            event("Days", uid="c@t", starts=date(2027, 1, 18), ends=date(2027, 1, 20)),
        ),
        encoding="utf-8",
        newline="",
    )

    def khal(*words: str) -> str:
        done = subprocess.run(
            ["/usr/bin/khal", "-c", str(config), *words],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(tmp_path)},
        )
        return done.stdout

    khal("import", "--batch", "-a", "mine", str(file))
    khal("import", "--batch", "-a", "mine", str(file))  # again: the same events, not twice
    listing = khal("list", "-f", "{start-time}|{title}|{cancelled}", "2027-01-18", "1d")
    assert listing.count("Apertura, con café; sí") == 1
    assert "15:00|Apertura" in listing  # nine o'clock in Lima
    assert "Gone|CANCELLED" in listing and listing.count("Days") == 1


@pytest.mark.parametrize(
    ("address", "host"),
    [("https://t.example", "t.example"), ("http://127.0.0.1:8000", "127.0.0.1")],
)
def test_the_host_of_ids(address: str, host: str) -> None:
    assert Site(address).host == host
