"""The hours of a course: times that exist once, sessions that clash, minutes that count."""

# ruff: noqa: DTZ001 — wall-clock times have no zone, that is the point

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainings.agenda import rules
from trainings.agenda.rules import (
    Clash,
    SessionKind,
    Slot,
    What,
    check_session,
    clashes,
    planned_minutes,
    to_utc,
)


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
    assert "2026-03-29" in str(refused.value)
    assert "Europe/Vienna" in str(refused.value)


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


NINE = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


def slot(number, start, length, room=None, trainers=(), kind=SessionKind.MODULE):
    starts = NINE + timedelta(minutes=start)
    return Slot(number, kind, starts, starts + timedelta(minutes=length), room, frozenset(trainers))


def test_touching_is_no_clash():
    assert clashes([slot(1, 0, 60, 7, {1}), slot(2, 60, 60, 7, {1})]) == []
    assert clashes([slot(2, 60, 60, 7, {1}), slot(1, 0, 60, 7, {1})]) == []


def test_one_minute_over_is_a_clash_of_room_and_of_each_shared_trainer():
    assert clashes([slot(2, 60, 60, 7, {3, 1, 2}), slot(1, 0, 61, 7, {2, 3})]) == [
        Clash(What.ROOM, 7, 1, 2),
        Clash(What.TRAINER, 2, 1, 2),
        Clash(What.TRAINER, 3, 1, 2),
    ]


def test_different_rooms_and_trainers_at_the_same_time_do_not_clash():
    assert clashes([slot(1, 0, 60, 7, {1}), slot(2, 0, 60, 8, {2})]) == []
    assert clashes([slot(1, 0, 60), slot(2, 0, 60)]) == []  # no room is not a shared room


def test_a_long_session_clashes_with_all_that_lie_within():
    found = clashes(
        [slot(1, 0, 240, 7), slot(2, 30, 30, 7), slot(3, 60, 30, 8), slot(4, 200, 90, 7)]
    )
    assert [(one.first, one.second) for one in found] == [(1, 2), (1, 4)]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 12),
            st.integers(1, 6),
            st.sampled_from([None, 1, 2]),
            st.frozensets(st.integers(1, 3), max_size=2),
        ),
        max_size=8,
    )
)
def test_the_same_clashes_as_by_comparing_minute_by_minute(rows):
    slots = [slot(n, start, length, room, who) for n, (start, length, room, who) in enumerate(rows)]
    expected = set()
    for one in range(len(rows)):
        for other in range(one + 1, len(rows)):
            first, second = rows[one], rows[other]
            taken = set(range(first[0], first[0] + first[1]))
            if taken & set(range(second[0], second[0] + second[1])):
                if first[2] is not None and first[2] == second[2]:
                    expected.add(("room", first[2], frozenset({one, other})))
                for who in first[3] & second[3]:
                    expected.add(("trainer", who, frozenset({one, other})))
    found = [(one.what, one.id, frozenset({one.first, one.second})) for one in clashes(slots)]
    assert set(found) == expected
    assert len(found) == len(expected)


def test_planned_minutes_are_modules_and_tests():
    day = [
        slot(1, 0, 90),
        slot(2, 90, 30, kind=SessionKind.BREAK),
        slot(3, 120, 45, kind=SessionKind.TEST),
        slot(4, 165, 60, kind=SessionKind.OTHER),
    ]
    assert planned_minutes(day) == 135
    assert planned_minutes([]) == 0


FIRST, LAST = date(2026, 5, 4), date(2026, 5, 7)


def test_a_session_lies_within_its_course():
    check_session(datetime(2026, 5, 4, 0, 0), datetime(2026, 5, 4, 0, 1), FIRST, LAST)
    check_session(datetime(2026, 5, 7, 9, 0), datetime(2026, 5, 7, 23, 59), FIRST, LAST)
    with pytest.raises(rules.EndsBeforeStart):
        check_session(datetime(2026, 5, 4, 9, 0), datetime(2026, 5, 4, 9, 0), FIRST, LAST)
    with pytest.raises(rules.OutsideCourse):
        check_session(datetime(2026, 5, 3, 9, 0), datetime(2026, 5, 3, 10, 0), FIRST, LAST)
    with pytest.raises(rules.OutsideCourse) as refused:
        check_session(datetime(2026, 5, 7, 23, 0), datetime(2026, 5, 8, 0, 30), FIRST, LAST)
    assert "2026-05-07" in str(refused.value)
