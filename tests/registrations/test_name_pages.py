"""Pages of people in order of name, or beyond so many of number; found by what is typed."""

from __future__ import annotations

from itertools import product

import pytest
from flask import Flask

from tests import counting, factories
from tests.registrations import acting
from trainings.audit.writes import record
from trainings.core.db import db, transaction
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.people.writes import add_person
from trainings.registrations import filter_queries, listing_queries, page_queries
from trainings.registrations.listing_rules import Filters
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.seats import reserve_rules, waiting_queries

NAMES = ("Zoë Ñáñez", "Ana Álvarez", "Eva Benítez", "Ana Zapata", "Ivo Abad")


@pytest.fixture
def course(each_app: Flask) -> str:
    made = factories.course()
    with transaction() as session:
        for place, name in enumerate(NAMES):
            given, family = name.split()
            mail = f"person{place}@unit.example"
            who = add_person(session, given_name=given, family_name=family, mail=mail)
            who.country, who.function = "BO", "judge"
            session.flush()
            number = f"R-{9 - place}XXXXX"  # the other way round
            factories.registration(
                session, made, who, State.ENDORSED, number=number, id=f"k{place}"
            )
    return made


def cut(course: str, page: int = 1, words: str = "", **more: object) -> page_queries.Cut:
    db.session.close()
    endorsed = [Registration.state == State.ENDORSED]
    return page_queries.cut(course, endorsed, page, words, size=2, **more)  # type: ignore[arg-type]


def test_in_order_of_name_on_pages(course: str) -> None:
    shown = [list(cut(course, page).keys) for page in (1, 2, 3)]
    assert shown == [["k4", "k1"], ["k2", "k0"], ["k3"]]
    first = cut(course)
    assert (first.total, first.pages, first.first, first.last, first.by_name) == (5, 3, 1, 2, True)
    last = cut(course, 3)
    assert (last.first, last.last) == (5, 5)


@pytest.mark.parametrize(("asked", "given"), [(99, 3), (0, 1), (-4, 1), (10**30, 3)])
def test_a_page_that_is_not_there_is_the_nearest(course: str, asked: int, given: int) -> None:
    assert cut(course, asked).page == given


def test_beyond_so_many_in_order_of_number(course: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_queries, "BY_NAME", 4)
    shown = [list(cut(course, page).keys) for page in (1, 2, 3)]
    assert shown == [["k4", "k3"], ["k2", "k1"], ["k0"]]
    assert not cut(course).by_name
    assert list(cut(course, among={"k0", "k3"}).keys) == ["k3", "k0"]
    found = cut(course, words="ana")
    assert (list(found.keys), found.by_name) == (["k1", "k3"], True), "who is looked for is found"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("nanez", ["k0"]),
        ("ana", ["k1", "k3"]),
        ("person4@", ["k4"]),
        ("R-7", ["k2"]),
        ("nobody", []),
        ("  ", ["k4", "k1"]),
    ],
)
def test_people_are_found(course: str, words: str, found: list[str]) -> None:
    assert list(cut(course, words=words).keys) == found


def test_places_on_the_reserve_list_are_counted_once_after_each_act(each_app: Flask) -> None:
    made, other = factories.course(), factories.course("OTHER27")
    for course, countries in ((made, ("BO", "PE", "BO", "BO")), (other, ("BO", "BO"))):
        for country in countries:
            acting.standing(course, State.RESERVE, country=country)
        noted(course)
    acting.standing(made, State.ENDORSED)
    rule = reserve_rules.places(waiting_queries.waiting(made))
    for _look in range(2):
        db.session.close()
        assert filter_queries.places(made) == rule
    db.session.close()
    with counting.statements() as sent:
        assert filter_queries.places(made) == rule
    assert len(sent) == 1 and "row_number" not in sent[0], sent
    acting.standing(made, State.RESERVE)
    noted(made)
    db.session.close()
    assert len(filter_queries.places(made)) == 5
    db.session.close()
    assert sorted(filter_queries.places(other).values()) == [1, 2]


def noted(course: str) -> None:
    """As an act records it."""
    with transaction() as session:
        record(session, "course.change", "course", course, by=None, course_id=course)


def test_the_numbers_of_a_list_are_those_of_its_lines(each_app: Flask) -> None:
    """They come from the headcount where that says them, and are counted otherwise."""
    made = factories.course()
    groups = [("BO", "judge"), ("PE", "judge"), ("BO", "police")]
    for state in (State.RESERVE, State.APPLIED, State.ENDORSED):
        acting.crowd(made, state, 5, groups=groups)
    noted(made)
    nominate = Permission.REGISTRATION_NOMINATE
    viewers = [
        (acting.organiser(), listing_queries.READ),
        (acting.focal_point("BO"), nominate),
        (acting.focal_point("BO", ("judge",)), nominate),
    ]
    wanted = (
        Filters(),
        Filters(state=State.APPLIED),
        Filters(country="BO"),
        Filters(state=State.RESERVE, country="BO", function="judge"),
        Filters(function="police", undecided=True),
        Filters(country="AR"),
    )
    found = []
    for (viewer, permission), filters in product(viewers, wanted):
        for _look in range(2):
            db.session.close()
            course = courses.by_id(made)
            page = listing_queries.listing(viewer, course, filters, permission=permission)
            assert page.total == len(page.rows), (viewer, filters)
        found.append(page.total)
    everyone, country, judges = [15, 5, 9, 2, 2, 0], [9, 3, 9, 2, 2, 0], [6, 2, 6, 2, 0, 0]
    assert found == [*everyone, *country, *judges]
