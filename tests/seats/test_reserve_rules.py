"""The reserve list: its order, the places shown, who is offered the next seat."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from trainings.seats.placing_rules import Block, Group, SeatChange, after_placing, place
from trainings.seats.reserve_rules import Waiting, all_to_offer, in_order, places

MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


def numbers(entries):
    return [one.id for one in entries]


def test_by_default_time_of_selection_then_the_focal_points_rank():
    reserve = [
        Waiting(1, "BO", "judge", TUESDAY, priority=1),
        Waiting(2, "BO", "judge", MONDAY, priority=None),
        Waiting(3, "PE", "judge", MONDAY, priority=2),
        Waiting(4, "PE", "police", MONDAY, priority=1),
        Waiting(5, "PE", "police", MONDAY, priority=1),
    ]
    assert numbers(in_order(reserve)) == [4, 5, 3, 2, 1]


def test_the_organisers_order_comes_first_and_later_ones_queue_behind_it():
    reserve = [
        Waiting(1, "BO", "judge", MONDAY, priority=1),
        Waiting(2, "BO", "judge", TUESDAY, reserve_place=2),
        Waiting(3, "BO", "judge", TUESDAY, reserve_place=1),
    ]
    assert numbers(in_order(reserve)) == [3, 2, 1]


def test_the_place_shown_counts_within_country_and_function():
    reserve = [
        Waiting(1, "BO", "judge", MONDAY, reserve_place=1),
        Waiting(2, "PE", "judge", MONDAY, reserve_place=2),
        Waiting(3, "BO", "police", MONDAY, reserve_place=3),
        Waiting(4, "BO", "judge", MONDAY, reserve_place=4),
    ]
    assert places(reserve) == {1: 1, 2: 1, 3: 1, 4: 2}


def test_the_first_in_order_who_can_be_placed_gets_the_offer():
    reserve = [
        Waiting(1, "PE", "judge", MONDAY, reserve_place=1),
        Waiting(2, "BO", "judge", MONDAY, reserve_place=2),
        Waiting(3, "BO", "judge", MONDAY, reserve_place=3),
    ]
    (promotion,) = all_to_offer(reserve, [Block(7, "BO", "judge", 1)], {})
    assert (promotion.waiting.id, promotion.placement.block) == (2, 7)


def test_nobody_is_offered_what_fits_nobody():
    reserve = [Waiting(1, "PE", "judge", MONDAY)]
    assert all_to_offer(reserve, [Block(7, "BO", None, 3)], {}) == []
    assert all_to_offer([], [Block(7, None, None, 3)], {}) == []


def test_a_freed_seat_reaches_the_first_by_moving_somebody():
    blocks = [Block(1, "BO", None, 1), Block(2, None, "judge", 1)]
    reserve = [Waiting(1, "BO", "police", MONDAY), Waiting(2, "PE", "judge", TUESDAY)]
    (promotion,) = all_to_offer(reserve, blocks, {(1, "BO", "judge"): 1})
    assert promotion.waiting.id == 1
    assert promotion.placement.moves == (SeatChange(1, 2, ("BO", "judge")),)


def test_a_release_makes_as_many_offers_as_there_are_seats_in_order():
    blocks = [Block(1, "PE", None, 1), Block(2, None, None, 2)]
    reserve = [
        Waiting(n, "BO" if n < 4 else "PE", "judge", MONDAY, reserve_place=n) for n in range(1, 7)
    ]
    promotions = all_to_offer(reserve, blocks, {})
    assert [(one.waiting.id, one.placement.block) for one in promotions] == [(1, 2), (2, 2), (4, 1)]


def one_at_a_time(reserve, blocks, held):
    """The plain rule: again and again the first in order who can be placed now."""
    waiting, offered = in_order(reserve), []
    while True:
        found = ((one, place(blocks, held, *one.group)) for one in waiting)
        chosen = next((pair for pair in found if pair[1] is not None), None)
        if chosen is None:
            return offered
        offered.append(chosen)
        waiting.remove(chosen[0])
        held = after_placing(held, chosen[1], chosen[0].group)


COUNTRIES, FUNCTIONS = ("BO", "PE", "UY"), ("judge", "police")
GROUPS = [(country, function) for country in COUNTRIES for function in FUNCTIONS]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(GROUPS), max_size=14),
    st.lists(
        st.tuples(
            st.sampled_from((None, *COUNTRIES)),
            st.sampled_from((None, *FUNCTIONS)),
            st.integers(0, 3),
        ),
        max_size=5,
    ),
    st.lists(st.sampled_from(GROUPS), max_size=6),
)
def test_gone_through_once_gives_what_the_plain_rule_gives(waiting, sizes, seated):
    reserve = [Waiting(n, *group, MONDAY, reserve_place=n) for n, group in enumerate(waiting)]
    blocks = [Block(n, *size) for n, size in enumerate(sizes)]
    held = {}
    for group in seated:
        placement = place(blocks, held, *group)
        if placement is not None:
            held = after_placing(held, placement, Group(*group))
    found = [(one.waiting, one.placement) for one in all_to_offer(reserve, blocks, held)]
    assert found == one_at_a_time(reserve, blocks, held)
