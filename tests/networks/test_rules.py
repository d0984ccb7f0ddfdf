"""Groups and their merging, days, words and pictures, on plain values."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime
from itertools import combinations
from math import dist

import pytest
from flask import Flask

from trainings.directory.contact_queries import DRAWN
from trainings.networks.count_rules import Reply, compared, counted, division_of, network_of
from trainings.networks.group_rules import (
    ORGANISERS,
    OTHERS,
    REGION_OF,
    TREES,
    Block,
    Division,
    divided,
    joined,
    label,
    merged,
)
from trainings.networks.picture_rules import WIDTHS, drawn, drawn_around, most, width
from trainings.networks.rules import (
    Cell,
    Contacts,
    Often,
    WaveKind,
    WaveTooEarly,
    WaveTooLate,
    check_day,
    last_day,
    reminder_at,
    usual_days,
)

COUNTRIES = ("AR", "BO", "BR", "CL", "CO", "EC", "PE", "PY", "UY")
FUNCTIONS = ("judge", "police", "prosecutor")
CELLS = [(country, function) for country in COUNTRIES for function in FUNCTIONS]
DEMO = dict(zip(COUNTRIES, (9, 6, 10, 6, 9, 5, 8, 4, 3), strict=True))


def spread(by_country: dict[str, int]) -> dict[Cell, int]:
    """People shared out among the functions of their countries."""
    return {
        (country, function): number // 3 + (place < number % 3)
        for country, number in by_country.items()
        for place, function in enumerate(FUNCTIONS)
    }


def is_division(blocks: list[Block], cells: list[Cell]) -> bool:
    return sorted(cell for one in blocks for cell in one) == sorted(cells)


def test_sixty_people_in_twenty_seven_groups_merge_to_countries() -> None:
    found = divided(spread(DEMO))
    names = [sorted({country for country, _function in one}) for one in found.narrow]
    assert names == [["AR"], ["BO"], ["BR"], ["CL"], ["CO"], ["EC"], ["PE"], ["PY", "UY"]]
    assert len(found.wide) >= 4
    assert is_division(list(found.wide), CELLS)


def test_one_of_each_country_and_function_merge_to_functions() -> None:
    numbers = {(country, one): 1 for country in COUNTRIES for one in ("judge", "police")}
    found = divided(numbers)
    assert [{function for _country, function in one} for one in found.narrow] == [
        {"judge"},
        {"police"},
    ]


def test_what_is_small_in_a_country_joins_its_other_functions() -> None:
    numbers = {("AR", "judge"): 6, ("AR", "police"): 2, ("AR", "prosecutor"): 1, ("BO", "judge"): 7}
    found = [set(one) for one in merged(_cells(numbers), ORGANISERS, TREES[0])]
    assert {("AR", "judge"), ("AR", "police"), ("AR", "prosecutor")} in found
    assert {("BO", "judge")} in found


def _cells(numbers: dict[Cell, int]) -> dict[Block, int]:
    return {frozenset({cell}): number for cell, number in numbers.items()}


@pytest.mark.parametrize("tree", TREES)
@pytest.mark.parametrize("k", [ORGANISERS, OTHERS])
def test_every_group_is_large_enough_whatever_the_numbers(tree: object, k: int) -> None:
    for seed in range(150):
        chance = random.Random(seed)
        numbers = {
            cell: chance.choice((0, 0, 1, 1, 2, 4, 7, 12))
            for cell in chance.sample(CELLS, chance.randint(1, 27))
        }
        found = merged(_cells(numbers), k, tree)  # type: ignore[arg-type]
        assert bool(found) == (sum(numbers.values()) >= k), seed
        if found:
            assert is_division(found, list(numbers)), seed
            assert min(sum(numbers[cell] for cell in one) for one in found) >= k, seed


def test_groups_are_nested_for_readers_and_waves() -> None:
    for seed in range(100):
        chance = random.Random(seed)
        before: Division | None = None
        for _wave in range(4):
            numbers = {cell: chance.choice((0, 1, 2, 3, 5)) for cell in CELLS}
            found = divided(numbers, before)
            assert all(any(one <= wide for wide in found.wide) for one in found.narrow)
            if before:
                assert all(any(one <= now for now in found.narrow) for one in before.narrow)
                assert all(any(one <= now for now in found.wide) for one in before.wide)
            before = before or found


def test_the_same_people_give_the_same_groups_in_any_order() -> None:
    numbers = spread(DEMO)
    mixed = list(numbers.items())
    random.Random(1).shuffle(mixed)
    assert divided(dict(mixed)) == divided(numbers)


def test_a_country_that_joined_since_is_merged_and_one_that_left_too() -> None:
    before = divided(spread(DEMO))
    numbers = {cell: count for cell, count in spread(DEMO).items() if cell[0] != "PE"}
    numbers |= {("VE", function): 1 for function in FUNCTIONS}
    found = divided(numbers, before)
    everything = {cell for one in found.narrow for cell in one}
    assert ("VE", "judge") in everything and ("PE", "judge") in everything
    sums = [sum(numbers.get(cell, 0) for cell in one) for one in found.narrow]
    assert min(sums) >= ORGANISERS


def test_regions_know_every_country_once(app: Flask) -> None:
    from trainings.core.i18n import countries

    missing = {code for code, _name in countries()} - set(REGION_OF)
    assert missing <= {"AQ"}, missing


def test_common_groups_of_two_divisions() -> None:
    a, b, c = (frozenset({(code, "judge")}) for code in ("AR", "BO", "BR"))
    assert joined([a, b, c], [a | b, c]) == [a | b, c]
    assert joined([a | b, c], [a, b | c]) == [a | b | c]
    assert joined([], [a]) == [a]


def test_a_group_is_named_by_countries_and_what_it_lacks(app: Flask) -> None:
    words = {"judge": "Judge", "police": "Police", "prosecutor": "Prosecutor"}
    with app.test_request_context():
        whole = frozenset((one, function) for one in ("UY", "PY") for function in FUNCTIONS)
        assert label(whole, words, FUNCTIONS) == "Paraguay, Uruguay"
        part = frozenset({("AR", "judge"), ("AR", "police"), ("BO", "judge")})
        assert label(part, words, FUNCTIONS) == "Argentina (Judge, Police); Bolivia (Judge)"
        renamed = {**words, "judge": "قاضٍ"}
        assert label(frozenset({("AR", "judge")}), renamed, FUNCTIONS) == "Argentina (قاضٍ)"


def replies(numbers: dict[Cell, int], named: list[Cell]) -> list[Reply]:
    said = Contacts(dict.fromkeys(named, Often.MONTHLY))
    return [Reply(cell, said) for cell, count in numbers.items() for _ in range(count)]


def test_what_is_counted() -> None:
    numbers = {("AR", "judge"): 6, ("BO", "police"): 10}
    cells = [(c, f) for c in ("AR", "BO") for f in ("judge", "police")]
    kept = counted(
        replies(numbers, [("AR", "judge"), ("BO", "judge"), ("XX", "judge")]), cells, None
    )
    found = network_of(kept, ORGANISERS)
    assert found is not None
    assert found.people == (6, 10)
    assert found.between(0, 1) == 6 + 10  # who is of AR names BO, and BO names AR
    assert found.between(1, 1) == 10 and found.between(0, 0) == 0
    assert (found.sums.total, found.sums.borders, found.sums.functions) == (26, 16, 20)
    assert found.sums.often == {"once": 0, "monthly": 26, "weekly": 0}
    assert found.sums.possible == 16 * 3
    assert found.isolated == []
    wide = network_of(kept, OTHERS)
    assert wide is not None and wide.people == (16,) and wide.contacts == ((26,),)
    assert wide.possible(0, 0) == 16 * 3


def test_too_few_answers_leave_nothing_but_their_number() -> None:
    kept = counted(replies({("AR", "judge"): 4}, [("BO", "judge")]), CELLS, None)
    assert kept == {"answered": 4}
    assert network_of(kept, ORGANISERS) is None and network_of(None, ORGANISERS) is None
    nine = counted(replies({("AR", "judge"): 9}, [("BO", "judge")]), CELLS, None)
    assert network_of(nine, ORGANISERS) is not None and network_of(nine, OTHERS) is None
    assert division_of([None, kept]) is None
    decided = division_of([kept, nine])
    assert decided is not None and decided.wide == ()


def test_before_and_after_are_shown_between_the_same_groups() -> None:
    first = {("AR", "judge"): 6, ("BO", "judge"): 6, ("BR", "judge"): 6}
    cells = list(first)
    kept = counted(replies(first, []), cells, None)
    later = {("AR", "judge"): 6, ("BO", "judge"): 6, ("BR", "judge"): 2}
    after = counted(replies(later, [("AR", "judge")]), cells, division_of([kept]))
    both = compared(*(network_of(one, ORGANISERS) for one in (kept, after)))  # type: ignore[arg-type]
    assert len(both.before.blocks) == len(both.after.blocks) == 2
    assert both.before.blocks == both.after.blocks
    assert both.gained == [(0, 1)] and both.lost == []
    back = compared(both.after, both.before)
    assert back.lost == [(0, 1)] and back.gained == []


def test_lines_are_as_thick_as_there_are_contacts() -> None:
    numbers = spread(dict.fromkeys(COUNTRIES, 18))
    chance = random.Random(3)
    said = [
        Reply(cell, Contacts(dict.fromkeys(chance.sample(CELLS, 6), Often.ONCE)))
        for cell, count in numbers.items()
        for _ in range(count)
    ]
    found = network_of(counted(said, CELLS, None), ORGANISERS)
    assert found is not None and len(found.blocks) == 27
    picture = drawn(found, most(found), {(0, 1)})
    assert len(picture.spots) == 27 and picture.spots[0][:3] == (1, 180.0, 26.0)
    lines = Counter({one.width: one.path.count("M") for one in picture.strands if not one.new})
    pairs = [(a, b) for a in range(27) for b in range(a + 1, 27) if found.between(a, b)]
    marked = sum(one.path.count("M") for one in picture.strands if one.new)
    assert lines.total() + marked == len(pairs)
    assert [width(n, 10) for n in (0, 1, 5, 10)] == [0.0, WIDTHS[0], WIDTHS[2], WIDTHS[4]]
    assert width(3, 0) == 0.0


def test_ones_own_contacts_stand_around_oneself_by_country() -> None:
    picture = drawn_around(["BO", "BO", "PE"])
    me, *others = picture.spots
    assert me[:3] == (0, 180, 180) and [one.number for one in others] == [1, 2, 3]
    assert {round(dist(one[1:3], me[1:3])) for one in others} <= {127, 128, 129}
    first, second, third = (one[1:3] for one in others)
    assert dist(first, second) < dist(second, third), "a gap between two countries"
    (strand,) = picture.strands
    assert strand.path.count("M180 180L") == 3
    assert [one.words for one in picture.marks] == ["BO", "PE"]
    assert all(10 < one.x < 350 and 10 < one.y < 350 for one in picture.marks)
    alone = drawn_around([])
    assert len(alone.spots) == 1 and not alone.strands and not alone.marks
    full = drawn_around([f"{number:02}" for number in range(DRAWN)])
    spots = [one[1:3] for one in full.spots]
    assert min(dist(a, b) for a, b in combinations(spots, 2)) > 2 * full.radius >= 18


def test_days_of_waves() -> None:
    starts, ends = date(2027, 1, 18), date(2027, 1, 21)
    days = usual_days(starts, ends)
    assert days[WaveKind.START] == date(2027, 1, 4) and days[WaveKind.END] == ends
    assert last_day(WaveKind.START, date(2027, 1, 4), starts) == date(2027, 1, 17)
    assert last_day(WaveKind.START, date(2027, 1, 10), starts) == date(2027, 1, 17)
    assert last_day(WaveKind.SIX, date(2027, 7, 22), starts) == date(2027, 8, 4)
    with pytest.raises(WaveTooLate):
        check_day(WaveKind.START, starts, starts, ends)
    with pytest.raises(WaveTooEarly):
        check_day(WaveKind.THREE, starts, starts, ends)
    check_day(WaveKind.END, ends, starts, ends)
    sent, closes = datetime(2027, 1, 4, tzinfo=UTC), datetime(2027, 1, 18, tzinfo=UTC)
    assert reminder_at(sent, closes) == datetime(2027, 1, 11, tzinfo=UTC)
