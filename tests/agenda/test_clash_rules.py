"""Sessions that need the same room or trainer at the same time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trainings.agenda.clash_rules import Clash, Slot, What, clashes
from trainings.agenda.rules import SessionKind

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
