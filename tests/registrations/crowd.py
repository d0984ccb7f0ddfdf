"""Very many candidates of one course, written in one go, for tests of long lists."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from trainings.core import clock, sealed
from trainings.core.db import new_key, transaction
from trainings.courses.models import Course
from trainings.people.models import Person
from trainings.registrations.models import Registration, SeatBlock
from trainings.registrations.rules import State
from trainings.registrations.writes import ALPHABET

STATES = (State.NOMINATED, State.APPLIED, State.ENDORSED, State.RESERVE, State.REJECTED)
FAMILIES = ("Ñáñez", "Álvarez", "Ibarra", "Zurita", "Quispe", "da Silva", "Rojas")


def fill(course_id: str, number: int) -> None:
    """Give a course this many candidates; as many as it has seats are confirmed."""
    with transaction() as session:
        course = session.get_one(Course, course_id)
        block = SeatBlock(id=new_key(), course_id=course_id, seats=course.capacity)
        session.add(block)
        session.flush()
        people = [_person(place, course) for place in range(number)]
        session.execute(insert(Person), people)
        _register(session, course, block.id, people)


def _person(place: int, course: Course) -> dict[str, Any]:
    key = new_key()
    values = {
        "given_name": f"Ana {place}",
        "family_name": FAMILIES[place % len(FAMILIES)],
        "mail": f"p{place}@unit.example",
        "unit": "Unit",
    }
    texts = {name: sealed.seal(text, f"person|{name}|{key}") for name, text in values.items()}
    return {
        "id": key,
        "created_at": clock.now(),
        "language": "es",
        **texts,
        "country": course.countries[place % len(course.countries)],
        "function": course.functions[place // 9 % len(course.functions)],
    }


def _register(
    session: Session, course: Course, block_id: str, people: list[dict[str, Any]]
) -> None:
    now = clock.now()
    rows, numbers = [], _numbers(len(people))
    for place, person in enumerate(people):
        seated = place < course.capacity
        state = State.CONFIRMED if seated else STATES[place % len(STATES)]
        rows.append(
            {
                "id": new_key(),
                "number": numbers[place],
                "course_id": course.id,
                "person_id": person["id"],
                "state": state,
                "state_at": now,
                "country": person["country"],
                "function": person["function"],
                "created_at": now - timedelta(seconds=place),
                "certificate_language": "",
                "selected_at": now if state is State.RESERVE or seated else None,
                "block_id": block_id if seated else None,
                "seat_no": place + 1 if seated else None,
                "priority": place % 9 + 1,
            }
        )
    session.execute(insert(Registration), rows)


def _numbers(count: int) -> list[str]:
    """As many numbers of registrations, no two the same."""
    found: set[str] = set()
    while len(found) < count:
        found.add("R-" + "".join(secrets.choice(ALPHABET) for _ in range(6)))
    return list(found)
