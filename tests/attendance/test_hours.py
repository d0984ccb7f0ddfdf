"""Planned and attended hours where sessions take place at the same time."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from tests import teaching
from tests.attendance.conftest import Room
from trainings.agenda import operations as agenda
from trainings.agenda import queries as agenda_queries
from trainings.agenda.rules import SessionKind, Span, parallel, union_minutes
from trainings.attendance import hours_queries, operations
from trainings.attendance.rules import Mark, Share

MORNING = datetime(2031, 5, 5, 9, tzinfo=UTC)


def span(start: int, end: int) -> Span:
    """Minutes after nine."""
    return Span(MORNING + timedelta(minutes=start), MORNING + timedelta(minutes=end))


@pytest.mark.parametrize(
    ("spans", "minutes"),
    [
        ([], 0),
        ([(0, 90)], 90),
        ([(0, 90), (90, 120)], 120),
        ([(0, 120), (60, 180)], 180),
        ([(0, 90), (0, 90), (0, 90)], 90),
        ([(0, 300), (60, 90), (120, 150), (330, 360)], 330),
        ([(0, 60), (30, 90), (80, 120), (300, 310)], 130),
    ],
)
def test_time_in_several_sessions_counts_once(spans: list[tuple[int, int]], minutes: int) -> None:
    assert union_minutes(span(*one) for one in reversed(spans)) == minutes


def test_union_and_parallel_are_what_a_minute_by_minute_count_says() -> None:
    seed = random.randrange(10**6)
    print("seed", seed)
    draw = random.Random(seed)
    for _ in range(300):
        pairs = [(start := draw.randrange(40), start + draw.randrange(1, 9)) for _ in range(6)]
        covered = [set(range(*pair)) for pair in pairs]
        spans = {str(number): span(*pair) for number, pair in enumerate(pairs)}
        assert union_minutes(spans.values()) == len(set().union(*covered)), seed
        assert parallel(spans) == {
            str(one)
            for one in range(6)
            if any(one != other and covered[one] & covered[other] for other in range(6))
        }, seed


def workshops(room: Room) -> list[str]:
    """Three at the same time in the afternoon, each of a module."""
    return [
        agenda.add_session(
            room.course,
            teaching.slot(
                room.course, "14:00", "15:30", kind=SessionKind.TEST, titles={"en": f"Workshop {n}"}
            ),
            room.by,
        )
        for n in range(3)
    ]


def test_parallel_workshops_raise_the_hours_once_and_nobody_passes_the_whole(room: Room) -> None:
    planned = agenda_queries.planned_minutes(room.course)
    one, two, three = workshops(room)
    assert agenda_queries.planned_minutes(room.course) == planned + 90

    for session_id in (room.first, room.test, one, two, three):
        operations.mark(session_id, room.ana, Mark.PRESENT, room.by)
    assert hours_queries.minutes_attended(room.course)[room.ana] == planned + 90
    assert hours_queries.minutes_of([room.ana]) == {room.ana: planned + 90}
    assert hours_queries.shares(room.course)[room.ana].percent == 100


def test_who_is_absent_in_one_workshop_can_still_be_in_another(room: Room) -> None:
    one, two, three = workshops(room)
    operations.mark(one, room.eva, Mark.ABSENT, room.by)
    operations.mark(two, room.eva, Mark.ABSENT, room.by)
    planned = agenda_queries.planned_minutes(room.course)
    assert hours_queries.shares(room.course)[room.eva] == Share(0, planned, 0)
    operations.mark(three, room.eva, Mark.ABSENT, room.by)
    assert hours_queries.shares(room.course)[room.eva] == Share(0, planned, 90)
    operations.mark(three, room.eva, Mark.LATE, room.by)
    assert hours_queries.shares(room.course)[room.eva] == Share(90, planned, 0)
