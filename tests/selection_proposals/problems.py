"""Problems to propose selections for, and the best choice of small ones found by trying all."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from msgspec.structs import asdict, replace

from trainings.seats.placing_rules import Block, Group, Holders, after_placing, place
from trainings.selection_proposals.rules import (
    FIRST,
    UNIT,
    WOMEN,
    YEARS,
    Amount,
    Eligible,
    Problem,
    Traits,
)

COUNTRIES = ("AR", "BO", "BR", "CL", "CO", "EC", "PE", "PY", "UY")
FUNCTIONS = ("police", "prosecutor", "judge")


def judges(number: int, country: str = "BO", **values: object) -> tuple[Eligible, ...]:
    """Some judges of a country in their order."""
    return tuple(
        Eligible(country, "judge", id=f"{country}{place}", place=place, order=place, **values)  # type: ignore[arg-type]
        for place in range(1, number + 1)
    )


def open_seats(seats: int) -> tuple[Block, ...]:
    """Seats for anybody."""
    return (Block("open", None, None, seats),)


def small(seed: int) -> Problem:
    """A few candidates, seats, people who sit already, seats held for a group, and minima."""
    chance = random.Random(seed)
    countries, functions = COUNTRIES[: chance.randint(1, 3)], FUNCTIONS[: chance.randint(1, 2)]

    def traits() -> Traits:
        unit = chance.choice(("", "a", "b"))
        woman, first = chance.random() < 0.4, chance.random() < 0.5
        return Traits(chance.choice(countries), chance.choice(functions), woman, first, unit)

    cells = [(c, f) for c in (*countries, None) for f in (*functions, None)]
    blocks = tuple(
        Block(f"b{number}", *cell, seats=chance.choice((1, 1, 2)))
        for number, cell in enumerate(chance.sample(cells, min(len(cells), chance.randint(1, 4))))
    )
    seated, held = [], dict[Holders, int]()
    for one in (traits() for _number in range(chance.randint(0, 3))):
        placement = place(blocks, held, *one.group)
        if placement is not None:
            held = after_placing(held, placement, one.group)
            seated.append(one)
    eligible = tuple(
        Eligible(
            **asdict(traits()),
            id=str(number),
            place=chance.choice((None, 1, 2, 3, 4)),
            order=number,
            again=chance.random() < 0.15,
            score=chance.choice((None, None, 2, 5, 8, 10)),
        )
        for number in range(chance.randint(1, 7))
    )
    problem = Problem(eligible, blocks, held, tuple(seated))
    problem = _with_vacancies(problem, chance)
    asked = {
        WOMEN: Amount(chance.choice((20, 40, 50, 70)), percent=True),
        FIRST: Amount(chance.randint(1, 3)),
        functions[-1]: chance.choice((Amount(2), Amount(50, percent=True))),
        UNIT: Amount(chance.randint(1, 2)),
        YEARS: Amount(2),
    }
    names = chance.sample(sorted(asked), chance.randint(0, len(asked)))
    return replace(problem, minima={what: asked[what] for what in names})


def _with_vacancies(problem: Problem, chance: random.Random) -> Problem:
    """Some free seats held for a group that fits them."""
    blocks, vacancies = list(problem.blocks), []
    for place_no, block in enumerate(blocks):
        used = sum(n for key, n in problem.held.items() if key[0] == block.id)
        fitting = [one.group for one in problem.eligible if block.fits(one.group)]
        if fitting and used < block.seats and chance.random() < 0.3:
            blocks[place_no] = replace(block, seats=block.seats - 1)
            vacancies.append((chance.choice(fitting), block.id))
    return replace(problem, blocks=tuple(blocks), vacancies=tuple(vacancies))


def course(seed: int, candidates: int = 1000, seats: int = 300) -> Problem:
    """Many candidates from nine countries, most seats kept for a country and function."""
    chance = random.Random(seed)
    groups = [(country, function) for country in COUNTRIES for function in FUNCTIONS]
    each = seats * 7 // 10 // len(groups)
    blocks = [Block(f"k{number}", *cell, seats=each) for number, cell in enumerate(groups)]
    wide = seats // 10 // len(COUNTRIES)
    blocks += [Block(f"c{country}", country, None, wide) for country in COUNTRIES]
    rest = seats - sum(one.seats for one in blocks)
    places = Counter[str]()
    eligible = []
    for number in range(candidates):
        country = chance.choice(COUNTRIES)
        places[country] += 1
        eligible.append(
            Eligible(
                country,
                chance.choices(FUNCTIONS, (5, 3, 2))[0],
                woman=chance.random() < 0.3,
                first=chance.random() < 0.8,
                unit=f"u{chance.randint(1, 40)}",
                id=str(number),
                place=places[country] if chance.random() < 0.9 else None,
                order=number,
                again=chance.random() < 0.05,
            )
        )
    chance.shuffle(eligible)
    minima = {
        WOMEN: Amount(40, percent=True),
        "judge": Amount(seats // 5),
        UNIT: Amount(2),
        YEARS: Amount(2),
    }
    return Problem(tuple(eligible), (*blocks, Block("open", None, None, rest)), minima=minima)


def value(taken: Sequence[Eligible]) -> tuple[int, int]:
    """What a choice is worth: how many are taken, and their places."""
    return len(taken), sum(one.worth for one in taken)


def best(problem: Problem) -> tuple[int, int] | None:
    """The most that a choice can be worth, by trying all; none if no choice keeps the minima.

    Nobody is taken only where nobody could have a seat.
    """
    found = None
    able = [one for one in problem.eligible if not (one.again and YEARS in problem.minima)]
    hopeful = any(sits(problem, [one]) for one in able)
    for size in range(len(able), -1, -1):
        if size == 0 and hopeful:
            break
        worths = [
            value(some)
            for some in combinations(able, size)
            if keeps(problem, some) and sits(problem, some)
        ]
        if worths:
            found = max(worths)
            break
    return found


def keeps(problem: Problem, taken: Sequence[Eligible]) -> bool:
    """Whether a choice keeps to the minima."""
    everyone = [*problem.seated, *taken]
    for what, asked in problem.minima.items():
        if what == UNIT:
            for one in taken:
                same = sum((o.country, o.unit) == (one.country, one.unit) for o in everyone)
                if one.unit and same > asked.number:
                    return False
        elif what != YEARS:
            number = sum(
                {WOMEN: one.woman, FIRST: one.first}.get(what, one.function == what)
                for one in everyone
            )
            least = asked.number * len(everyone) / 100 if asked.percent else asked.number
            if number < least - 1e-9:
                return False
    return True


def sits(problem: Problem, taken: Sequence[Eligible]) -> bool:
    """Whether everyone finds a seat, each person and each seat looked at by itself."""
    left = Counter(one.group for one in taken)
    seats = [one for one in problem.blocks for _seat in range(one.seats)]
    for group, block in problem.vacancies:
        if left[group] > 0:
            left[group] -= 1
            seats.append(next(one for one in problem.blocks if one.id == block))
    people: list[Group] = [one.group for one in (*problem.seated, *taken)]
    sitting: dict[int, int] = {}

    def seat(person: int, tried: set[int]) -> bool:
        for number, block in enumerate(seats):
            if number not in tried and block.fits(people[person]):
                tried.add(number)
                if number not in sitting or seat(sitting[number], tried):
                    sitting[number] = person
                    return True
        return False

    return all(seat(person, set()) for person in range(len(people)))
