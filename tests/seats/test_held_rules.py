"""Held seats in an edited table: in their own block, in another that fits, or a refusal."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from trainings.core.i18n import speaking
from trainings.seats.held_rules import HeldSeat, HeldSeatLost, rehoused
from trainings.seats.placing_rules import Cell, Group

JUDGE = Group("BO", "judge")
OWN, COUNTRY, FUNCTION, OPEN = (
    Cell("BO", "judge"),
    Cell("BO", None),
    Cell(None, "judge"),
    Cell(None, None),
)


def held(number: int, cell: Cell = OWN, group: Group = JUDGE) -> HeldSeat:
    return HeldSeat(str(number), group, cell, "Bolivia, judge", date(2027, 1, 5))


def test_it_stays_where_it_is_while_there_is_room() -> None:
    assert rehoused({OWN: 2, OPEN: 5}, {OWN: 1}, [held(1)]) == {"1": OWN}


@pytest.mark.parametrize("other", [COUNTRY, FUNCTION, OPEN])
def test_it_moves_to_another_block_that_fits(other: Cell) -> None:
    assert rehoused({OWN: 1, other: 2}, {OWN: 1, other: 1}, [held(1)]) == {"1": other}
    assert rehoused({other: 1}, {}, [held(1)]) == {"1": other}


def test_of_two_one_stays_and_one_moves() -> None:
    assert rehoused({OWN: 1, OPEN: 1}, {}, [held(1), held(2)]) == {"1": OWN, "2": OPEN}


def test_another_held_seat_makes_room() -> None:
    """Bolivia's police can lie in the open block alone, the judge in the country's too."""
    police = held(2, Cell("BO", "police"), Group("BO", "police"))
    seats = {FUNCTION: 1, OPEN: 1}
    assert rehoused(seats, {}, [held(1, OPEN), police]) == {"1": FUNCTION, "2": OPEN}


def test_where_nothing_fits_it_says_for_whom_and_until_when(app: Flask) -> None:
    seats = {Cell("PE", "judge"): 3, OPEN: 1}
    with speaking("en"), pytest.raises(HeldSeatLost) as refused:
        rehoused(seats, {OPEN: 1}, [held(1)])
    assert str(refused.value) == (
        "A seat is held for Bolivia, judge until 5 January 2027. Leave a seat for it, in its own "
        "block or in one that is open to them."
    )


CELLS = st.sampled_from([OWN, COUNTRY, FUNCTION, OPEN, Cell("BO", "police"), Cell("PE", None)])
GROUPS = st.sampled_from([JUDGE, Group("BO", "police"), Group("PE", "judge")])


@given(
    st.dictionaries(CELLS, st.integers(0, 3), min_size=1),
    st.lists(st.tuples(CELLS, GROUPS), max_size=5),
)
def test_all_have_a_seat_that_fits_or_it_is_refused(
    seats: dict[Cell, int], lying: list[tuple[Cell, Group]]
) -> None:
    wanted = [held(number, cell, group) for number, (cell, group) in enumerate(lying)]
    try:
        homes = rehoused(seats, {}, wanted)
    except HeldSeatLost:
        return
    assert homes.keys() == {one.id for one in wanted}
    assert all(count <= seats[cell] for cell, count in Counter(homes.values()).items())
    for one in wanted:
        home = homes[one.id]
        assert home == one.cell or (
            home.country in (None, one.group.country)
            and home.function in (None, one.group.function)
        )
