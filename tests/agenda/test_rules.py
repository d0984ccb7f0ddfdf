"""The hours of a course: times that exist once, sessions that lie within it."""

# ruff: noqa: DTZ001 — wall-clock times have no zone, that is the point

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainings.agenda import rules
from trainings.agenda.grid_rules import Shown, by_day, grid
from trainings.agenda.rules import SessionKind, check_session, to_utc


@pytest.mark.parametrize(
    ("local", "zone", "expected"),
    [
        (datetime(2026, 5, 4, 9, 0), "America/Argentina/Buenos_Aires", (2026, 5, 4, 12, 0)),
        (datetime(2026, 5, 4, 21, 30), "America/Argentina/Buenos_Aires", (2026, 5, 5, 0, 30)),
        (datetime(2026, 1, 15, 9, 0), "Europe/Vienna", (2026, 1, 15, 8, 0)),
        (datetime(2026, 7, 15, 9, 0), "Europe/Vienna", (2026, 7, 15, 7, 0)),
        (datetime(2026, 3, 29, 1, 59), "Europe/Vienna", (2026, 3, 29, 0, 59)),
        (datetime(2026, 3, 29, 3, 0), "Europe/Vienna", (2026, 3, 29, 1, 0)),
        (datetime(2026, 10, 25, 1, 59), "Europe/Vienna", (2026, 10, 24, 23, 59)),
        (datetime(2026, 10, 25, 3, 0), "Europe/Vienna", (2026, 10, 25, 2, 0)),
    ],
)
def test_wall_time_becomes_utc(local, zone, expected):
    assert to_utc(local, zone) == datetime(*expected, tzinfo=UTC)


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_a_time_that_the_clocks_skip_is_refused(minute):
    with pytest.raises(rules.TimeDoesNotExist) as refused:
        to_utc(datetime(2026, 3, 29, 2, minute), "Europe/Vienna")
    assert f"02:{minute:02}" in str(refused.value)
    assert "29 March 2026" in str(refused.value)
    assert "in Vienna" in str(refused.value)


@pytest.mark.parametrize("fold", [0, 1])
def test_a_time_that_comes_twice_is_refused_whatever_the_fold_says(fold):
    with pytest.raises(rules.TimeExistsTwice):
        to_utc(datetime(2026, 10, 25, 2, 30, fold=fold), "Europe/Vienna")
    assert to_utc(datetime(2026, 10, 25, 4, 30, fold=fold), "Europe/Vienna") == datetime(
        2026, 10, 25, 3, 30, tzinfo=UTC
    )


def test_a_whole_day_that_never_was_is_refused():
    with pytest.raises(rules.TimeDoesNotExist):
        to_utc(datetime(2011, 12, 30, 9, 0), "Pacific/Apia")


@pytest.mark.parametrize("zone", ["Mars/Base", "", "../etc/passwd", "/etc/localtime", "America"])
def test_an_unknown_zone_is_refused(zone):
    with pytest.raises(rules.ZoneUnknown):
        to_utc(datetime(2026, 5, 4, 9, 0), zone)


def test_a_time_with_a_zone_of_its_own_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="wall-clock"):
        to_utc(datetime(2026, 5, 4, 9, 0, tzinfo=UTC), "Europe/Vienna")


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),
    st.sampled_from(
        [
            "America/Santiago",
            "America/Asuncion",
            "Europe/Vienna",
            "Asia/Kolkata",
            "Australia/Lord_Howe",
            "America/Argentina/Buenos_Aires",
        ]
    ),
)
def test_what_is_accepted_reads_the_same_on_the_wall_again(local, zone):
    try:
        moment = to_utc(local, zone)
    except rules.TimeRefused:
        return
    assert moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) == local.replace(fold=0)


FIRST, LAST = date(2026, 5, 4), date(2026, 5, 7)


def test_a_session_lies_within_its_course():
    check_session(datetime(2026, 5, 4, 0, 0), datetime(2026, 5, 4, 0, 5), FIRST, LAST)
    check_session(datetime(2026, 5, 7, 9, 0), datetime(2026, 5, 7, 23, 59), FIRST, LAST)
    with pytest.raises(rules.EndsBeforeStart):
        check_session(datetime(2026, 5, 4, 9, 0), datetime(2026, 5, 4, 9, 0), FIRST, LAST)
    with pytest.raises(rules.TooShort):
        check_session(datetime(2026, 5, 4, 9, 0), datetime(2026, 5, 4, 9, 4), FIRST, LAST)
    with pytest.raises(rules.PastMidnight):
        check_session(datetime(2026, 5, 5, 23, 0), datetime(2026, 5, 6, 0, 30), FIRST, LAST)
    with pytest.raises(rules.OutsideCourse):
        check_session(datetime(2026, 5, 3, 9, 0), datetime(2026, 5, 3, 10, 0), FIRST, LAST)
    with pytest.raises(rules.OutsideCourse) as refused:
        check_session(datetime(2026, 5, 7, 23, 0), datetime(2026, 5, 8, 0, 30), FIRST, LAST)
    assert "7 May 2026" in str(refused.value)


def test_sessions_at_the_same_time_come_as_their_rooms_stand_side_by_side():
    day = date(2027, 1, 25)

    def session(key: str, room: str, starts: time, ends: time) -> Shown:
        return Shown(
            id=key,
            day=day,
            starts_at=starts,
            ends_at=ends,
            kind=SessionKind.MODULE,
            title=key,
            module=key,
            room=room,
            trainers=(),
        )

    nine, ten, eleven = time(9), time(10), time(11)
    found = [
        session("b", "Room B", nine, ten),
        session("later", "", ten, eleven),
        session("a", "Room A", nine, eleven),
    ]
    (listed,) = by_day(found, [day]).values()
    assert [one.id for one in listed] == ["a", "b", "later"]
    drawn = grid(day, listed, {}, {}, {})
    assert [one["title"] for one in drawn.items] == ["a", "b", "later"]
    assert drawn.items[0]["room"] == 0 and drawn.items[1]["room"] == 1
