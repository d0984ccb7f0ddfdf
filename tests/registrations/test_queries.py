"""Who sees which registrations; lists, their order and their statements."""

from __future__ import annotations

import random

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.registrations import acting
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import NOBODY, Permission, Role
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people.models import IdentityRead, Person
from trainings.people.writes import change_identity
from trainings.registrations import filter_queries, listing_queries, page_queries, queries
from trainings.registrations.listing_rules import Filters, Sort
from trainings.registrations.models import Registration
from trainings.registrations.rules import State

READ, NOMINATE = Permission.REGISTRATION_READ, Permission.REGISTRATION_NOMINATE


def load(course_id: str) -> Course:
    db.session.close()
    return courses.by_id(course_id)


def test_a_right_counts_only_where_its_grant_reaches(app: Flask) -> None:
    course = factories.course(agencies=("IOM", "INTERPOL"))
    number, person = acting.standing(course, State.CONFIRMED, country="BO", function="judge")
    other = factories.course("OTHER", lead="UNODC", agencies=("UNODC",))
    sees = [
        (acting.organiser("IOM"), READ),
        (acting.organiser("INTERPOL"), READ),
        (factories.account(Role.ORGANISER, course_id=course), READ),
        (acting.focal_point("BO"), NOMINATE),
        (acting.focal_point("BO", ("judge",)), NOMINATE),
        (factories.account(Role.TRAINER, course_id=course), Permission.PEOPLE_SEE),
    ]
    for viewer, permission in sees:
        assert queries.registration_for(viewer, permission, "BUE27", number).number == number
    hidden = [
        (acting.organiser("UNODC"), READ),
        (factories.account(Role.ORGANISER, course_id=other), READ),
        (acting.focal_point("PE"), NOMINATE),
        (acting.focal_point("BO", ("police",)), NOMINATE),
        (acting.focal_point("BO"), READ),
        (factories.account(Role.TRAINER, course_id=course), READ),
        (factories.account(Role.TRAINER, course_id=other), Permission.PEOPLE_SEE),
        (factories.account(Role.ADMINISTRATOR), READ),
        (factories.account(Role.ANALYST), READ),
        (person, READ),
        (NOBODY, READ),
    ]
    for viewer, permission in hidden:
        with pytest.raises(NotFound):
            queries.registration_for(viewer, permission, "BUE27", number)
    with pytest.raises(NotFound):  # the right number, under another course
        queries.registration_for(acting.organiser("IOM"), READ, "OTHER", number)


def test_trainers_see_those_with_a_seat_only(app: Flask) -> None:
    course = factories.course()
    trainer = factories.account(Role.TRAINER, course_id=course)
    waits, _ = acting.standing(course, State.RESERVE)
    with pytest.raises(NotFound):
        queries.registration_for(trainer, Permission.PEOPLE_SEE, "BUE27", waits)


def test_ones_own_registrations_and_nobody_elses(each_app: Flask) -> None:
    course = factories.course()
    number, person = acting.standing(course, State.CONFIRMED)
    theirs, _ = acting.standing(course, State.CONFIRMED)
    assert [one.number for one in queries.own(person)] == [number]
    assert queries.own_registration(person, number).number == number
    assert queries.involved(person, course) and not queries.involved(NOBODY, course)
    with pytest.raises(NotFound):
        queries.own_registration(person, theirs)
    assert queries.own(NOBODY) == []


def named(course: str, given: str, family: str, **more: str) -> str:
    number, person = acting.standing(course, State.CONFIRMED, **more)
    with transaction() as session:
        found = session.get_one(Person, person.person_id)
        change_identity(found, given_name=given, family_name=family)
    return number


def test_a_list_is_filtered_ordered_and_logged(each_app: Flask) -> None:
    course = factories.course()
    zoe = named(course, "Zoë", "Álvarez", country="PE")
    ana = named(course, "Ana", "Zurita")
    eva = named(course, "Eva", "de la Ñ", function="police")
    acting.standing(course, State.RESERVE)
    viewer = acting.organiser()
    seated = Filters(state=State.CONFIRMED)
    by_name = listing_queries.listing(viewer, load(course), seated, Sort.NAME)
    assert [row.number for row in by_name.rows] == [zoe, eva, ana]
    assert by_name.rows[0].person.name == "Zoë Álvarez"
    db.session.close()
    looks = db.session.scalars(select(IdentityRead)).all()
    assert len(looks) == 1 and looks[0].by == viewer.account_id
    assert looks[0].persons == sorted(row.person_id for row in by_name.rows)
    found = {
        "country": listing_queries.listing(viewer, load(course), Filters(country="PE")),
        "function": listing_queries.listing(viewer, load(course), Filters(function="police")),
        "name": listing_queries.listing(viewer, load(course), Filters(text="alvarez ZOE")),
        "number": listing_queries.listing(viewer, load(course), Filters(text=ana.lower())),
    }
    assert [row.number for row in found["country"].rows] == [zoe]
    assert [row.number for row in found["function"].rows] == [eva]
    assert [row.number for row in found["name"].rows] == [zoe]
    assert [row.number for row in found["number"].rows] == [ana]
    everyone = listing_queries.listing(viewer, load(course), sort=Sort.STATE, page=99)
    assert (everyone.total, everyone.page, everyone.pages) == (4, 1, 1)
    assert everyone.rows[0].state is State.RESERVE and everyone.rows[0].reserve_no == 1


@pytest.mark.parametrize("descending", [False, True])
def test_pages_of_a_list_are_one_order_cut_into_parts(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch, descending: bool
) -> None:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    course, viewer = factories.course(), acting.organiser()
    groups = [("BO", "judge"), ("PE", "police")]
    acting.crowd(course, State.RESERVE, chance.randrange(60), groups=groups)
    with transaction() as session:
        for one in session.scalars(select(Registration).where(Registration.course_id == course)):
            one.state = chance.choice(list(State))
            one.priority = chance.choice([None, 1, 2])
            one.name_confirmed_at = chance.choice([None, clock.now()])
    monkeypatch.setattr(listing_queries, "PAGE", 7)
    loaded = load(course)
    for sort in set(Sort) - {Sort.NAME}:
        for filters in (Filters(), Filters(country="PE"), Filters(state=State.ENDORSED)):
            conditions = filter_queries.conditions(viewer, READ, loaded, filters)
            order = listing_queries._order(sort, descending)
            ordered = select(Registration.number).where(*conditions).order_by(*order)
            whole = list(db.session.scalars(ordered))
            found = []
            for page in range(1, len(whole) // 7 + 2):
                part = listing_queries.listing(
                    viewer, loaded, filters, sort, page, descending=descending
                )
                assert part.total == len(whole)
                found += [row.number for row in part.rows]
            kept = listing_queries.listing(
                viewer, loaded, filters, sort, 10**9, descending=descending
            )
            assert [row.number for row in kept.rows] == whole[(max(len(whole), 1) - 1) // 7 * 7 :]
            assert found[: len(whole)] == whole, f"seed {seed}: {sort}"


def test_lists_show_nobody_beyond_the_scope(app: Flask) -> None:
    course = factories.course()
    acting.standing(course, State.NOMINATED, country="PE")
    bolivian, _ = acting.standing(course, State.NOMINATED, country="BO")
    acting.standing(course, State.NOMINATED, country="BO", function="police")
    assert listing_queries.listing(acting.focal_point("BO"), load(course)).total == 0
    judges = acting.focal_point("BO", ("judge",))
    found = page_queries.nominations(judges, load(course), 1, 1)
    assert [row.number for row in found.waiting.rows] == [bolivian]


def test_the_statements_of_a_list_do_not_grow(app: Flask, statements: list[str]) -> None:
    course = factories.course()
    viewer = acting.organiser()
    counts = []
    for _ in range(3):
        for _ in range(3):
            acting.standing(course, State.RESERVE)
        db.session.close()
        loaded = courses.course_for(viewer, Permission.REGISTRATION_READ, "BUE27")
        statements.clear()
        listing_queries.listing(viewer, loaded, sort=Sort.NAME)
        by_name = len(statements)
        statements.clear()
        listing_queries.listing(viewer, loaded)
        counts.append((by_name, len(statements)))
    assert counts[1] == counts[2]  # the first time no order is known that somebody could lack in
    assert max(counts[2]) <= 7
