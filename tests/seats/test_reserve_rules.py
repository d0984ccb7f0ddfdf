"""The reserve list: its order, the places shown, who is offered the next seat."""

from datetime import UTC, datetime, timedelta

from trainings.seats.placing_rules import Block, SeatChange
from trainings.seats.reserve_rules import Waiting, all_to_offer, in_order, next_to_offer, places

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
    promotion = next_to_offer(reserve, [Block(7, "BO", "judge", 1)], {})
    assert (promotion.waiting.id, promotion.placement.block) == (2, 7)


def test_nobody_is_offered_what_fits_nobody():
    reserve = [Waiting(1, "PE", "judge", MONDAY)]
    assert next_to_offer(reserve, [Block(7, "BO", None, 3)], {}) is None
    assert next_to_offer([], [Block(7, None, None, 3)], {}) is None


def test_a_freed_seat_reaches_the_first_by_moving_somebody():
    blocks = [Block(1, "BO", None, 1), Block(2, None, "judge", 1)]
    reserve = [Waiting(1, "BO", "police", MONDAY), Waiting(2, "PE", "judge", TUESDAY)]
    promotion = next_to_offer(reserve, blocks, {(1, "BO", "judge"): 1})
    assert promotion.waiting.id == 1
    assert promotion.placement.moves == (SeatChange(1, 2, ("BO", "judge")),)


def test_a_release_makes_as_many_offers_as_there_are_seats_in_order():
    blocks = [Block(1, "PE", None, 1), Block(2, None, None, 2)]
    reserve = [
        Waiting(n, "BO" if n < 4 else "PE", "judge", MONDAY, reserve_place=n) for n in range(1, 7)
    ]
    promotions = all_to_offer(reserve, blocks, {})
    assert [(one.waiting.id, one.placement.block) for one in promotions] == [(1, 2), (2, 2), (4, 1)]
