"""Many at once for few seats, with real threads and real commits; each race also without its lock.

Without the lock the same race must break: otherwise it would prove nothing.
"""

from __future__ import annotations

import multiprocessing
import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import beside, factories, racing
from tests.registrations import acting
from trainings.core import db as core_db
from trainings.core.db import db
from trainings.core.errors import AlreadyDone, Refusal
from trainings.core.permissions import Viewer
from trainings.courses import queries as course_queries
from trainings.participants import apply_operations
from trainings.registrations import locked_queries
from trainings.registrations.models import Registration
from trainings.registrations.rules import HOLDS_SEAT, AlreadyRegistered, State
from trainings.seats import answer_operations
from trainings.seats.offer_rules import NoFreeSeat
from trainings.selection import operations as selections

SEED = random.SystemRandom().randrange(10**6)


def at_once(app: Flask, acts: Sequence[Callable[[], Any]], threads: int) -> list[Any]:
    """Do all of it at once; gives what each came to, an exception included."""
    gate = threading.Barrier(threads)

    def run(act: Callable[[], Any], first: bool) -> Any:
        if first:
            gate.wait()
        return racing.outcome(app, act)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, acts, [place < threads for place in range(len(acts))]))


@pytest.fixture
def no_lock(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The app without its locks: a plain BEGIN, and no row held for update."""
    racing.take_locks_off(monkeypatch, course_queries, locked_queries)
    racing.serve_each_alone(monkeypatch)
    return each_app


def people(count: int) -> list[Viewer]:
    return [factories.account(staff=False, name=("", "")) for _ in range(count)]


def standing_of(course: str) -> tuple[Counter[State], list[tuple[str, int]]]:
    db.session.close()
    rows = db.session.execute(
        select(Registration.state, Registration.block_id, Registration.seat_no)
        .where(Registration.course_id == course)
        .execution_options(scope="operation")
    ).all()
    seats = [(block, seat) for _, block, seat in rows if block is not None and seat is not None]
    return Counter(state for state, _, _ in rows), seats


def applying(course: str, who: Viewer, chance: random.Random, *, fills: bool) -> Callable[[], str]:
    """Somebody of a random group, who may leave again; ``fills``: the seats of the rarest group."""
    country = "BO" if fills else chance.choice(["BO", "PE", "CL"])
    function = "judge" if fills else chance.choice(["judge", "police"])
    leaves = chance.random() < 0.2 and not fills

    def act() -> str:
        given = acting.application(country=country, function=function)
        number = apply_operations.apply(course, given, who)
        if leaves:
            answer_operations.withdraw(number, "", who)
        return number

    return act


def rush(app: Flask, clients: int, seats: int) -> tuple[list[Any], Counter[State], int, bool]:
    """All apply at once and one in five withdraws; gives what came of it."""
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    course = acting.at_once(capacity=seats)
    acting.share_out(course, {("BO", "judge"): 2, ("PE", None): 2, (None, "police"): 2})
    acts = [
        applying(course, who, chance, fills=place < 2) for place, who in enumerate(people(clients))
    ]
    faults = [one for one in at_once(app, acts, clients) if isinstance(one, Exception)]
    states, taken = standing_of(course)
    return faults, states, len(taken), len(set(taken)) == len(taken)


def test_sixty_for_ten_seats_seat_exactly_ten(each_app: Flask) -> None:
    faults, states, taken, distinct = rush(each_app, 60, 10)
    assert faults == []
    assert sum(states.values()) == 60
    assert states[State.OFFERED] == 10 and taken == 10 and distinct
    assert states[State.RESERVE] + states[State.WITHDRAWN] == 50


def test_sixty_for_ten_seats_who_are_each_served_alone_seat_exactly_ten(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    racing.serve_each_alone(monkeypatch)
    faults, states, taken, distinct = rush(each_app, 60, 10)
    assert faults == []
    assert states[State.OFFERED] == 10 and taken == 10 and distinct


def test_without_the_lock_sixty_for_ten_seats_break(no_lock: Flask) -> None:
    faults, states, taken, _ = rush(no_lock, 60, 10)
    assert faults or states[State.OFFERED] != 10 or taken != 10


def at_the_door(app: Flask, people: int, seats: int) -> tuple[Counter[State], int, list[Any]]:
    """So many people come at once to a course of so many seats; each organiser seats one."""
    course = factories.course(capacity=seats, starts_in=0)
    acts = [
        lambda one=one, chief=chief: selections.walk_in(course, one, chief)
        for one, chief in [(acting.candidate(), acting.organiser()) for _ in range(people)]
    ]
    came_to = at_once(app, acts, people)
    states, taken = standing_of(course)
    assert len(taken) == states[State.CONFIRMED]
    return states, len(set(taken)), [one for one in came_to if isinstance(one, Exception)]


def test_people_who_come_at_once_are_seated_while_there_are_seats(each_app: Flask) -> None:
    states, seats, refused = at_the_door(each_app, 6, 4)
    assert states == {State.CONFIRMED: 4} and seats == 4
    assert [type(one) for one in refused] == [NoFreeSeat] * 2


def test_without_the_lock_people_who_come_at_once_break(no_lock: Flask) -> None:
    states, _, refused = at_the_door(no_lock, 12, 4)
    assert states != {State.CONFIRMED: 4} or {type(one) for one in refused} != {NoFreeSeat}


def test_two_organisers_give_the_last_seat_once(each_app: Flask) -> None:
    for number in range(3):
        came_to = last_seat(each_app, number)
        assert sorted((len(one.offered), len(one.reserve)) for one in came_to) == [(0, 1), (1, 0)]


def last_seat(app: Flask, number: int) -> list[selections.Outcome]:
    """Two organisers select another person each at once, and one seat is left."""
    course = factories.course(f"LAST{number}", capacity=1)
    numbers = [acting.standing(course, State.ENDORSED)[0] for _ in range(2)]
    chiefs = [acting.organiser(), acting.organiser("UNODC")]
    acts = [
        lambda one=one, chief=chief: selections.select(course, [one], chief)
        for one, chief in zip(numbers, chiefs, strict=True)
    ]
    return at_once(app, acts, 2)


def test_without_the_lock_many_organisers_break(no_lock: Flask) -> None:
    course = factories.course(capacity=4)
    numbers = [acting.standing(course, State.ENDORSED)[0] for _ in range(12)]
    chiefs = [acting.organiser() for _ in numbers]
    acts = [
        lambda one=one, chief=chief: selections.select(course, [one], chief)
        for one, chief in zip(numbers, chiefs, strict=True)
    ]
    came_to = at_once(no_lock, acts, len(acts))
    states, taken = standing_of(course)
    faults = [one for one in came_to if isinstance(one, Exception)]
    assert faults or states[State.OFFERED] != 4 or len(taken) != 4


def test_the_same_people_selected_twice_at_once_are_selected_once(each_app: Flask) -> None:
    course = factories.course()
    numbers = [acting.standing(course, State.ENDORSED)[0] for _ in range(3)]
    chiefs = [acting.organiser(), acting.organiser("INTERPOL")]
    acts = [lambda chief=chief: selections.select(course, numbers, chief) for chief in chiefs]
    came_to = at_once(each_app, acts, 2)
    assert sum(isinstance(one, selections.Outcome) for one in came_to) == 1
    assert sum(isinstance(one, Refusal) for one in came_to) == 1
    assert acting.seats_taken(course) == 3


def test_a_second_click_at_the_same_moment_registers_once(each_app: Flask) -> None:
    course = acting.at_once()
    (who,) = people(1)

    def click() -> str:
        core_db.form_token.set("the same form")
        return apply_operations.apply(course, acting.application(), who)

    came_to = at_once(each_app, [click] * 4, 4)
    assert sum(isinstance(one, str) for one in came_to) == 1
    assert sum(isinstance(one, AlreadyDone) for one in came_to) == 3


def test_from_two_windows_one_registers_once(each_app: Flask) -> None:
    course = acting.at_once()
    (who,) = people(1)
    acts = [lambda: apply_operations.apply(course, acting.application(), who)] * 4
    came_to = at_once(each_app, acts, 4)
    assert sum(isinstance(one, str) for one in came_to) == 1
    assert sum(isinstance(one, AlreadyRegistered) for one in came_to) == 3


def test_accepting_while_the_selection_is_undone_ends_one_way(each_app: Flask) -> None:
    course = factories.course(capacity=1)
    number, person = acting.standing(course, State.OFFERED)
    waits, _ = acting.standing(course, State.RESERVE)
    chief = acting.organiser()
    came_to = at_once(
        each_app,
        [
            lambda: answer_operations.accept(number, person),
            lambda: selections.unselect(course, [number], chief),
        ],
        2,
    )
    assert sum(isinstance(one, Exception) for one in came_to) == 1
    states, taken = standing_of(course)
    assert len(taken) == 1 and sum(states[one] for one in HOLDS_SEAT) == 1
    assert acting.state(waits) in (State.RESERVE, State.OFFERED)


def apply_again_and_again(course: str, told: Connection) -> None:
    """Say each number once it is acknowledged."""
    while True:
        who = factories.account(staff=False, name=("", ""))
        told.send(apply_operations.apply(course, acting.application(), who))


def test_what_was_acknowledged_survives_a_kill(each_app: Flask, key_file: Path) -> None:
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    course = acting.at_once(capacity=5)
    acknowledged: list[str] = []
    for _round in range(3):
        heard, told = multiprocessing.Pipe(duplex=False)
        given = (beside.with_app, apply_again_and_again, course, told)
        with heard, beside.process(each_app, key_file, *given) as child:
            told.close()
            acknowledged += [heard.recv() for _ in range(chance.randrange(3, 25))]
            child.kill()
            with suppress(EOFError, OSError):  # it may end within a number
                while True:
                    acknowledged.append(heard.recv())
    assert len(acknowledged) >= 9 and all(one.startswith("R-") for one in acknowledged)
    db.session.close()
    kept = set(db.session.scalars(select(Registration.number).execution_options(scope="operation")))
    assert set(acknowledged) <= kept
    states, taken = standing_of(course)
    assert states[State.OFFERED] == len(taken) == 5
