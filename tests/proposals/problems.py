"""Problems to propose timetables for: days of places, sessions of modules, rooms, trainers."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from msgspec.structs import replace

from trainings.agenda.rules import SessionKind
from trainings.proposals.rules import Hall, Place, Problem, Stretch, Teacher, Wanted
from trainings.scheduling.frame_rules import Frame, slots

FIRST = date(2027, 1, 18)
DAY = Frame(time(9), time(17), 90, 15, time(12, 30), 60)
SHORT = Frame(time(9), time(17), 45, 10, time(12, 30), 60)
AGENCIES = ("IOM", "INTERPOL", "UNODC")


def places(days: int = 1, frame: Frame = DAY) -> tuple[Place, ...]:
    """The places of some days by a frame."""
    return tuple(
        Place(datetime.combine(day, one.starts_at), one.minutes, one.starts_at < frame.lunch_at)
        for day in (FIRST + timedelta(number) for number in range(days))
        for one in slots(frame)
        if one.kind is SessionKind.MODULE
    )


def lesson(module: str, position: int = 0, minutes: int = 90, **values: object) -> Wanted:
    """A session of a module."""
    return Wanted(SessionKind.MODULE, minutes, module, module, position, **values)  # type: ignore[arg-type]


def course(
    seed: int,
    sessions: int = 30,
    days: int = 4,
    rooms: int = 4,
    trainers: int = 12,
    frame: Frame = SHORT,
) -> Problem:
    """A whole course: modules of some sessions each, two tests, rooms and trainers often taken."""
    chance = random.Random(seed)
    there = places(days, frame)
    names = [f"m{number}" for number in range(10)]

    def taken(most: int) -> tuple[Stretch, ...]:
        return tuple(
            one.stretch for one in chance.sample(there, chance.randint(0, min(most, len(there))))
        )

    wanted = [
        lesson(names[number * 10 // (sessions - 2)], number * 10 // (sessions - 2), frame.session)
        for number in range(sessions - 2)
    ]
    wanted += [Wanted(SessionKind.TEST, frame.session, f"test {number}") for number in (1, 2)]
    wanted = [replace(one, languages=("es",)) for one in wanted]
    teachers = [
        Teacher(
            f"t{number}",
            f"t{number}",
            AGENCIES[number % 3],
            frozenset(chance.sample(names, 3)),
            frozenset(["es"] if chance.random() < 0.8 else ["en"]),
            chance.random() < 0.8,
            taken(6),
        )
        for number in range(trainers)
    ]
    seats = (40, 30, 30, 12)
    halls = [Hall(f"r{one}", f"R{one}", seats[one % 4], taken(3)) for one in range(rooms)]
    modules = {name: name.upper() for name in names}
    return Problem(tuple(wanted), there, tuple(halls), tuple(teachers), (), 28, modules)


def mixed(seed: int) -> Problem:
    """A small course whose sessions are of many lengths, and name rooms and trainers."""
    chance = random.Random(seed)
    frame = chance.choice([DAY, SHORT])
    sessions, days = chance.randint(4, 20), chance.randint(1, 3)
    problem = course(seed, sessions, days, chance.randint(0, 3), chance.randint(0, 5), frame)
    rooms = [None] * 4 + [one.id for one in problem.halls]
    who = [one.id for one in problem.teachers]
    wanted = tuple(
        replace(
            one,
            minutes=chance.choice([frame.session, frame.session // 2 // 5 * 5, 20]),
            room=chance.choice(rooms),
            trainers=tuple(chance.sample(who, min(len(who), chance.choice([0, 0, 0, 1, 2])))),
        )
        for one in problem.wanted
    )
    return replace(problem, wanted=wanted)
