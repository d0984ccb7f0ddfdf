"""What each act of the timetable makes of the sessions it touches."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from trainings.agenda.act_rules import Entry
from trainings.agenda.rules import EndsBeforeStart, PastMidnight, SessionKind
from trainings.scheduling import frame_rules, rules
from trainings.scheduling.frame_rules import Frame, Waiting

DAY, NEXT = date(2027, 1, 18), date(2027, 1, 19)
NAMES = {False: {"en": "Break"}, True: {"en": "Lunch"}}


def session(start: str | None = "09:00", minutes: int = 90, **given: object) -> Entry:
    given.setdefault("kind", SessionKind.OTHER)
    at = time.fromisoformat(start) if start else None
    return Entry(minutes=minutes, day=DAY if start else None, starts_at=at, **given)  # type: ignore[arg-type]


def span(entry: Entry) -> str:
    return f"{rules.start_of(entry):%H:%M}-{rules.end_of(entry):%H:%M}"


def test_a_session_keeps_its_length_where_it_is_moved() -> None:
    moved = rules.at(session(room_id="r", trainers=("t",)), datetime.combine(NEXT, time(14, 5)))
    assert (moved.day, span(moved), moved.room_id, moved.trainers) == (
        NEXT,
        "14:05-15:35",
        "r",
        ("t",),
    )


@pytest.mark.parametrize("start", [time(22, 30), time(23, 0), time(23, 55)])
def test_no_session_runs_past_midnight(start: time) -> None:
    with pytest.raises(PastMidnight):
        rules.at(session(), datetime.combine(DAY, start))


def test_the_last_minute_of_a_day_belongs_to_it() -> None:
    assert span(rules.at(session(minutes=59), datetime.combine(DAY, time(23, 0)))) == "23:00-23:59"


def test_an_end_before_the_start_is_refused() -> None:
    start = datetime.combine(DAY, time(10, 0))
    with pytest.raises(EndsBeforeStart):
        rules.resized(session(), start, start)
    assert (
        span(rules.resized(session(), start, datetime.combine(DAY, time(10, 5)))) == "10:00-10:05"
    )


def test_split_in_two_at_a_moment_within() -> None:
    first, second = rules.split(session(trainers=("t",)), time(9, 50))
    assert (span(first), span(second), second.trainers) == ("09:00-09:50", "09:50-10:30", ("t",))
    for outside in (time(9, 0), time(10, 30), time(12, 0)):
        with pytest.raises(rules.SplitOutside):
            rules.split(session(), outside)
    with pytest.raises(rules.NotScheduled):
        rules.split(session(None), time(9, 30))


def test_two_that_follow_each_other_swap_without_a_gap() -> None:
    short, long = session("09:00", 30), session("09:30", 90)
    assert [span(one) for one in rules.swapped(short, long)] == ["10:30-11:00", "09:00-10:30"]
    assert [span(one) for one in rules.swapped(long, short)] == ["09:00-10:30", "10:30-11:00"]


def test_two_apart_begin_where_the_other_began() -> None:
    assert [span(one) for one in rules.swapped(session("09:00", 30), session("14:00", 60))] == [
        "14:00-14:30",
        "09:00-10:00",
    ]


def test_the_rest_of_a_day_moves_and_what_came_before_stays() -> None:
    entries = {"a": session("09:00"), "b": session("11:00"), "c": session("14:00")}
    moved = rules.shifted(entries, DAY, time(11, 0), 15)
    assert {key: span(one) for key, one in moved.items()} == {
        "b": "11:15-12:45",
        "c": "14:15-15:45",
    }
    assert span(rules.shifted(entries, DAY, time(14, 0), -20)["c"]) == "13:40-15:10"
    with pytest.raises(rules.NothingThere):
        rules.shifted(entries, NEXT, time(0, 0), 15)
    with pytest.raises(PastMidnight):
        rules.shifted(entries, DAY, time(14, 0), 9 * 60)
    with pytest.raises(PastMidnight):
        rules.shifted(entries, DAY, time(9, 0), -10 * 60)


def test_breaks_are_copied_where_they_do_not_stand_yet() -> None:
    pause = session("10:30", 15, kind=SessionKind.BREAK, titles={"en": "Coffee"})
    made = rules.copied_breaks([session(), pause], DAY, [DAY, NEXT])
    assert [(one.day, span(one), one.titles) for one in made] == [
        (NEXT, "10:30-10:45", {"en": "Coffee"})
    ]
    with pytest.raises(rules.NothingThere):
        rules.copied_breaks([session(), pause, *made], DAY, [NEXT])


def laid_out(frame: Frame) -> list[str]:
    marks = {(SessionKind.BREAK, False): "B", (SessionKind.BREAK, True): "L"}
    return [
        f"{one.starts_at:%H:%M}+{one.minutes}{marks.get((one.kind, one.lunch), '')}"
        for one in frame_rules.slots(frame)
    ]


WHOLE = Frame(time(9), time(17), 90, 15, time(12, 30), 60)


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (WHOLE, "09:00+90 10:30+15B 10:45+90 12:30+60L 13:30+90 15:00+15B 15:15+90"),
        (WHOLE._replace(pause=0), "09:00+90 10:30+90 12:30+60L 13:30+90 15:00+90"),
        (
            WHOLE._replace(lunch=0),
            "09:00+90 10:30+15B 10:45+90 12:15+15B 12:30+90 14:00+15B 14:15+90 15:45+15B 16:00+60",
        ),
        (WHOLE._replace(ends_at=time(12)), "09:00+90 10:30+15B 10:45+75"),
        (Frame(time(9), time(10), 30, 0, time(12), 0), "09:00+30 09:30+30"),
    ],
)
def test_a_frame_divides_a_day(frame: Frame, expected: str) -> None:
    assert " ".join(laid_out(frame)) == expected


def test_a_day_too_short_for_any_session_is_refused() -> None:
    with pytest.raises(frame_rules.FrameUnfit) as refused:
        frame_rules.slots(WHOLE._replace(ends_at=time(9, 20)))
    assert "09:00" in str(refused.value)


def test_what_waits_fills_the_slots_in_its_order_and_goes_on_in_the_next() -> None:
    module = Entry(SessionKind.MODULE, 120, module_id="m")
    short = Entry(SessionKind.MODULE, 60, module_id="n")
    made = frame_rules.laid(
        [session("13:30")],
        [DAY],
        frame_rules.slots(WHOLE),
        [Waiting(module, "kept"), Waiting(short)],
        NAMES,
    )
    assert [
        (span(one.entry), one.entry.module_id or one.entry.titles["en"], one.key) for one in made
    ] == [
        ("09:00-10:30", "m", "kept"),
        ("10:30-10:45", "Break", None),
        ("10:45-11:15", "m", None),
        ("12:30-13:30", "Lunch", None),
        ("15:00-15:15", "Break", None),
        ("15:15-16:15", "n", None),
    ]
