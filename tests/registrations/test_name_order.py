"""The order of names that a worker remembers: always what opening every name would give."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tests import counting, factories, scope_watch, trail_watch
from tests.racing import outcome
from trainings.audit import queries as audit
from trainings.audit.queries import Last
from trainings.audit.rules import ACTS
from trainings.audit.writes import record
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
        note(session, "registration.nominate", course)
        return who.id


def note(session: Session, act: str, course: str | None = None) -> None:
    """Record an act, in a course or outside all."""
    record(session, act, "person", "x" * 22, by=None, course_id=course)


def rename(person: str, name: str) -> None:
    """Give somebody another family name, without a word in any course."""
    with transaction() as session:
        who = session.get_one(Person, person)
        writes.change_identity(who, given_name="Ana", family_name=name)
        note(session, "profile.change")


def in_order(course: str, country: str = "", *, whole: bool = False) -> list[str]:
    """What a worker gives as the order of all, or of those of a country."""
    db.session.close()
    found = select(Registration.id, Registration.person_id).where(Registration.course_id == course)
    if country:
        found = found.where(Registration.country == country)
    return order_queries.of_course(found, course, whole=whole)


def all_opened(course: str, country: str = "") -> list[str]:
    """The same from the names themselves."""
    db.session.close()
    people = select(Registration.id, Registration.person_id, Person.erased_at).join(
        Person, Person.id == Registration.person_id
    )
    found = people.where(Registration.course_id == course).execution_options(scope="operation")
    if country:
        found = found.where(Registration.country == country)
    rows = db.session.execute(found).all()
    names = reading.opened([row.person_id for row in rows])
    by_name = [
        (bool(row.erased_at), "" if row.erased_at else folded(names[row.person_id].sorting), row.id)
        for row in rows
    ]
    return [key for _erased, _name, key in sorted(by_name)]


def test_it_is_what_the_names_say_whatever_happens(each_app: Flask) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print("seed", seed)
    chance = random.Random(seed)
    course = factories.course()
    people = [come(course, chance.choice(NAMES)) for _ in range(6)]
    for _round in range(40):
        what = chance.choice(("come", "rename", "erase", "leave", "move", "nothing"))
        one = chance.choice(people)
        if what == "come":
            people.append(come(course, chance.choice(NAMES)))
        else:
            change(what, course, one, chance.choice(NAMES))
        for _look in range(2):  # the second time as it is remembered
            for country in chance.sample(("", "BO", "PE"), 3):
                whole = not country and chance.random() < 0.7
                shown = in_order(course, country, whole=whole)
                assert shown == all_opened(course, country), (what, country, whole)


def change(what: str, course: str, person: str, name: str) -> None:
    """Something happens to somebody, as an act of the house records it."""
    with transaction() as session:
        one = session.get_one(Person, person)
        here = Registration.person_id == one.id
        if what == "rename" and one.erased_at is None:
            writes.change_identity(one, given_name="Ana", family_name=name)
            note(session, "registration.edit", None)
        if what == "erase" and one.erased_at is None:
            writes.erase(session, one)
            note(session, "person.erase")
        if what == "leave":
            session.execute(delete(Registration).where(here))
            note(session, "registration.withdraw", course)
        if what == "move":
            session.execute(update(Registration).where(here).values(country="PE"))
            note(session, "registration.edit", course)
        if what == "nothing":
            note(session, "account.enable")


def test_only_new_names_are_opened(app: Flask, opened: list[str]) -> None:
    course = factories.course()
    people = [come(course, f"Pérez {number:03}") for number in range(40)]
    opened.clear()
    first = in_order(course)
    assert len(opened) == 80
    opened.clear()
    assert in_order(course) == first and not opened
    new = come(course, "Pérez 017 b")
    opened.clear()
    shown = in_order(course)
    whose = [one for one in opened if new in one]
    assert whose, "the new name"
    assert len(opened) <= 2 + 2 * 7, "and those on the way to its place, of 40"
    assert shown == all_opened(course)
    rename(people[0], "Zárate")
    assert in_order(course) == all_opened(course)


@pytest.mark.parametrize("whole", [True, False])
def test_no_name_is_even_read_while_the_trail_says_that_all_are_the_same(
    each_app: Flask, whole: bool
) -> None:
    course, other = factories.course(), factories.course("OTHER27")
    people = [come(course, name) for name in NAMES]

    def read() -> bool:
        """Whether a look reads names."""
        db.session.close()
        with counting.statements() as sent:
            assert in_order(course, whole=whole) == all_opened_before
        assert len(sent) <= 3, sent
        return any("family_name" in one for one in sent)

    all_opened_before = all_opened(course)
    assert [read(), read(), read()] == [True, False, False]
    come(other, "Abad")
    assert not read(), "what happens elsewhere does not matter"
    rename(people[0], "Ñuflo")
    all_opened_before = all_opened(course)
    assert [read(), read()] == [True, False], "somebody may be of this course as well"


def test_a_part_that_was_put_in_order_is_not_taken_for_the_whole(each_app: Flask) -> None:
    course = factories.course()
    people = [come(course, name) for name in NAMES]
    with transaction() as session:
        for one in people[:4]:
            here = Registration.person_id == one
            session.execute(update(Registration).where(here).values(country="PE"))
        note(session, "registration.edit", course)
    for country, whole in (("PE", False), ("BO", False), ("", True), ("BO", False), ("", True)):
        shown = in_order(course, country, whole=whole)
        assert shown == all_opened(course, country), country


@pytest.mark.parametrize("back", ["shorter", "longer"])
def test_the_order_does_not_outlive_a_backup_put_back(each_app: Flask, back: str) -> None:
    """The same numbers stand then for other entries, with other codes."""
    course = factories.course()
    people = [come(course, name) for name in NAMES]
    in_order(course)
    kept = order_queries._orders[course]
    order_queries._orders[course] = kept._replace(
        upto=Last(kept.upto.number + (9 if back == "shorter" else -1), "another")
    )
    with transaction() as session:
        one = session.get_one(Person, people[0])
        writes.change_identity(one, given_name="Ana", family_name="Zoë")
    assert in_order(course) == all_opened(course)


def test_names_are_compared_again_after_very_many_entries(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = factories.course()
    for name in NAMES:
        come(course, name)
    in_order(course)
    monkeypatch.setattr(audit, "FAR", 3)
    with transaction() as session:
        for _time in range(4):
            note(session, "account.enable")
    db.session.close()
    assert not audit.without_since(order_queries.RENAMING, order_queries._orders[course].upto)[1]
    assert in_order(course) == all_opened(course)
    assert audit.without_since(order_queries.RENAMING, order_queries._orders[course].upto)[1]


def test_an_act_compares_names_itself_and_nothing_of_it_is_remembered(app: Flask) -> None:
    course = factories.course()
    people = [come(course, name) for name in NAMES]
    before = in_order(course, whole=True)
    found = select(Registration.id, Registration.person_id).where(Registration.course_id == course)
    with pytest.raises(ZeroDivisionError), transaction() as session:
        one = session.get_one(Person, people[0])
        writes.change_identity(one, given_name="Ana", family_name="Aa")
        session.flush()
        inside = order_queries.of_course(found, course, whole=True)
        assert inside != before
        raise ZeroDivisionError
    assert in_order(course, whole=True) == before


def test_who_is_renamed_after_the_look_at_the_trail_is_seen_by_the_next(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = factories.course()
    people = [come(course, name) for name in NAMES]
    compared = order_queries._compared

    def others_first(*given: Any) -> Any:
        monkeypatch.setattr(order_queries, "_compared", compared)
        found = compared(*given)
        assert outcome(each_app, lambda: rename(people[0], "Aa")) is None
        return found

    monkeypatch.setattr(order_queries, "_compared", others_first)
    in_order(course)
    assert in_order(course) == all_opened(course)


def test_each_renaming_act_is_an_act() -> None:
    assert ACTS.keys() >= order_queries.RENAMING


def test_whoever_changes_a_name_records_an_act_that_says_so(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = factories.course()
    person = come(course, "Abad")
    monkeypatch.setattr(scope_watch, "asked_by", lambda: "trainings/x.py:1")
    trail_watch.faults.clear()
    rename(person, "Ruiz")
    assert trail_watch.faults == []
    for change in ("name", "erase"):
        with transaction() as session:
            one = session.get_one(Person, person)
            if change == "name":
                writes.change_identity(one, given_name="Ana", family_name="Zoë")
            else:
                writes.erase(session, one)
            note(session, "course.change", course)
        said = "trainings/x.py:1 changes a name and records ['course.change'], none of RENAMING"
        assert trail_watch.faults == [said]
        trail_watch.faults.clear()
    scope_watch.faults.clear()


def test_many_new_names_are_put_in_order_at_once(
    app: Flask, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_queries, "FEW", 2)
    course = factories.course()
    for _ in range(5):
        come(course, secrets.choice(NAMES))
    in_order(course)
    for _ in range(3):
        come(course, secrets.choice(NAMES))
    opened.clear()
    shown = in_order(course)
    assert len(opened) == 16
    assert shown == all_opened(course)


def test_it_remembers_so_many_people_and_no_name(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_queries, "MOST", 5)
    courses = [factories.course(f"BUE2{number}") for number in range(3)]
    for course in courses:
        for name in ("Abad", "Zárate"):
            come(course, name)
        in_order(course)
    assert list(order_queries._orders) == courses[1:], (
        "the one that was used longest ago is forgotten"
    )
    in_order(courses[1])
    come(courses[2], "Ruiz")
    in_order(courses[2])
    ids = set(db.session.scalars(select(Registration.id).execution_options(scope="operation")))
    for order in order_queries._orders.values():
        assert set(order.keys) <= ids
        assert {type(one) for one in (*order.places, *order.marks)} == {int}


@pytest.mark.parametrize("whole", [True, False])
def test_an_act_that_renames_nobody_has_no_name_read_again(each_app: Flask, whole: bool) -> None:
    course = factories.course()
    people = [come(course, name) for name in NAMES]
    in_order(course, whole=whole)

    def looked() -> tuple[list[str], int]:
        with counting.statements() as sent:
            shown = in_order(course, whole=whole)
        assert not any("family_name" in one for one in sent), sent
        return shown, len(sent)

    _same, least = looked()
    with transaction() as session:
        note(session, "registration.select", course)
    assert looked()[0] == all_opened(course)
    for person in people[:2]:
        change("leave", course, person, "")
        assert looked()[0] == all_opened(course), "who is left stays as they were"
    assert looked()[1] == least, "and is known as all there are"
