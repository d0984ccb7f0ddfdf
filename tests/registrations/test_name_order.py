"""The order of names that a worker remembers: always what opening every name would give."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import delete, select

from tests import factories
from trainings.core import sealed
from trainings.core.db import db, transaction
from trainings.core.names import folded
from trainings.people import order_queries, reading, writes
from trainings.people.models import Person
from trainings.registrations.models import Registration
from trainings.registrations.rules import State

NAMES = ("Zoë", "Ana", "Eva", "ana", "Ángel", "Ñuflo", "Łucja", "Юлия", "ليلى")


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    order_queries.forget()
    yield
    order_queries.forget()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where the values that were opened are, for counting."""
    places: list[str] = []
    whole = sealed.unsealer

    def noted() -> sealed.Unsealer:
        unseal = whole()

        def one(value: bytes, place: str) -> str:
            places.append(place)
            return unseal(value, place)

        return one

    monkeypatch.setattr(sealed, "unsealer", noted)
    return places


def come(course: str, name: str) -> str:
    """Somebody of this family name comes into the course; gives the person's id."""
    with transaction() as session:
        who = writes.add_person(session, given_name="Rosa", family_name=name)
        who.country, who.function = "BO", "judge"
        session.flush()
        factories.registration(session, course, who, State.ENDORSED)
        return who.id


def ranked(course: str, country: str = "") -> list[tuple[int, str]]:
    db.session.close()
    found = (
        select(Registration.id, Registration.person_id)
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.course_id == course)
    )
    if country:
        found = found.where(Registration.country == country)
    return sorted(order_queries.ranked(found, course))


def all_opened(course: str) -> list[tuple[int, str]]:
    """The same from the names themselves."""
    db.session.close()
    people = select(Registration.id, Registration.person_id, Person.erased_at).join(
        Person, Person.id == Registration.person_id
    )
    found = people.where(Registration.course_id == course).execution_options(scope="operation")
    rows = db.session.execute(found).all()
    names = reading.opened([row.person_id for row in rows])
    by_name = {
        row.id: (bool(row.erased_at), "" if row.erased_at else folded(names[row.person_id].sorting))
        for row in rows
    }
    places = {name: place for place, name in enumerate(sorted(set(by_name.values())))}
    return sorted((places[name], key) for key, name in by_name.items())


def test_it_is_what_the_names_say_whatever_happens(each_app: Flask) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print("seed", seed)
    chance = random.Random(seed)
    course = factories.course()
    people = [come(course, chance.choice(NAMES)) for _ in range(6)]
    for _round in range(25):
        what = chance.choice(("come", "rename", "erase", "leave", "part"))
        with transaction() as session:
            one = session.get_one(Person, chance.choice(people))
            if what == "rename" and one.erased_at is None:
                writes.change_identity(one, given_name="Ana", family_name=chance.choice(NAMES))
            if what == "erase":
                writes.erase(session, one)
            if what == "leave":
                session.execute(delete(Registration).where(Registration.person_id == one.id))
        if what == "come":
            people.append(come(course, chance.choice(NAMES)))
        if what == "part":
            assert ranked(course, "PY") == []
        assert comparable(ranked(course)) == comparable(all_opened(course)), what


def comparable(places: list[tuple[int, str]]) -> list[list[str]]:
    """The keys in order, those at the same place together: a place may leave out numbers."""
    return [sorted(key for at, key in places if at == place) for place in sorted(dict(places))]


def test_only_new_names_are_opened(app: Flask, opened: list[str]) -> None:
    course = factories.course()
    people = [come(course, f"Pérez {number:03}") for number in range(40)]
    opened.clear()
    first = ranked(course)
    assert len(opened) == 80
    opened.clear()
    assert ranked(course) == first and not opened
    new = come(course, "Pérez 017 b")
    opened.clear()
    assert [key for _place, key in ranked(course)] == [key for _place, key in all_opened(course)]
    whose = [one for one in opened if new in one]
    assert whose, "the new name"
    assert len(opened) - 2 * 41 <= 2 + 2 * 7, "and those on the way to its place, of 40"
    with transaction() as session:
        writes.change_identity(
            session.get_one(Person, people[0]), given_name="Ana", family_name="Zárate"
        )
    assert comparable(ranked(course)) == comparable(all_opened(course))


def test_many_new_names_are_put_in_order_at_once(
    app: Flask, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_queries, "FEW", 2)
    course = factories.course()
    for _ in range(5):
        come(course, secrets.choice(NAMES))
    ranked(course)
    for _ in range(3):
        come(course, secrets.choice(NAMES))
    opened.clear()
    shown = ranked(course)
    assert len(opened) == 16
    assert comparable(shown) == comparable(all_opened(course))


def test_it_remembers_so_many_people_and_no_name(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_queries, "MOST", 5)
    courses = [factories.course(f"BUE2{number}") for number in range(3)]
    for course in courses:
        for name in ("Abad", "Zárate"):
            come(course, name)
        ranked(course)
    assert list(order_queries._ranks) == courses[1:], (
        "the one that was used longest ago is forgotten"
    )
    ranked(courses[1])
    come(courses[2], "Ruiz")
    ranked(courses[2])
    kept = [
        one for ranks in order_queries._ranks.values() for pair in ranks.items() for one in pair
    ]
    assert {type(one) for one in kept} == {int}
