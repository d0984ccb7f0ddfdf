"""Editing the seats of a course: what may be saved and what is refused."""

import pytest

from trainings.seats import placing_rules as seating_rules
from trainings.seats.placing_rules import check_seats


def test_seats_that_add_up_may_be_saved():
    check_seats({("BO", "judge"): 2, (None, None): 3}, 5, {("BO", "judge"): 2})


@pytest.mark.parametrize("capacity", [4, 6])
def test_seats_must_add_up_to_the_capacity(capacity):
    with pytest.raises(seating_rules.SeatsDoNotAddUp) as refused:
        check_seats({("BO", "judge"): 2, (None, None): 3}, capacity, {})
    assert "5" in str(refused.value)
    assert str(capacity) in str(refused.value)


def test_a_block_cannot_shrink_below_its_holders_nor_vanish_under_them():
    holders = {("BO", "judge"): 2}
    for cells_now in ({("BO", "judge"): 1, (None, None): 4}, {(None, None): 5}):
        with pytest.raises(seating_rules.BlockBelowHolders) as refused:
            check_seats(cells_now, 5, holders)
        assert refused.value.cell == ("BO", "judge")
        assert "2" in str(refused.value)


def test_no_block_is_below_zero_even_if_the_sum_is_right():
    with pytest.raises(seating_rules.SeatsNegative):
        check_seats({("BO", "judge"): -1, (None, None): 6}, 5, {})


def test_a_course_has_a_seat():
    with pytest.raises(seating_rules.CapacityMissing):
        check_seats({}, 0, {})
