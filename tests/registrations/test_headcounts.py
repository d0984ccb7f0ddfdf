"""The people of a course in numbers: kept until its trail goes on, and never longer."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import counting, factories, scope_watch, trail_watch
from tests.racing import outcome
from tests.registrations import acting
from trainings.audit import queries as audit
from trainings.audit.writes import record
from trainings.change_requests.models import ChangeRequest
from trainings.core import clock
from trainings.core.db import Model, db, new_key, transaction
from trainings.core.errors import Refusal
from trainings.courses.models import Course
from trainings.nominations import operations as nominations
from trainings.people.models import Person
from trainings.register.models import Waiver
from trainings.registrations import headcount_queries
from trainings.registrations.headcount_queries import headcount, headcounts
from trainings.registrations.models import Registration, SeatBlock
from trainings.registrations.rules import TAKES_PART, UNENDORSED, State
from trainings.seats import answer_operations
from trainings.seats import operations as seats
from trainings.selection import operations as selection
from trainings.tables.models import TableLayout, TablePlace


@pytest.fixture(autouse=True)
def nothing_is_kept() -> None:
    headcount_queries.KEPT.forget()


def by_state(course: str) -> Counter[State]:
    """How many are in each state, asked of the database."""
    rows = db.session.execute(
        select(Registration.state, func.count())
        .where(Registration.course_id == course)
        .group_by(Registration.state)
    )
    return Counter({state: number for state, number in rows})  # noqa: C416


def asked(course: str) -> int:
    """How many statements the numbers of a course take for a page."""
    db.session.close()
    with counting.statements() as sent:
        headcount(course)
        headcount(course)
    return len(sent)


def put_in(course: str, state: State = State.APPLIED) -> None:
    """One more, straight into the database, as another program might."""
    acting.crowd(course, state, 1)


def one_recorded(course: str) -> None:
    """An act in a course that adds somebody."""
    acting.crowd(course, State.APPLIED, 1)
    factories.act(course)


def test_people_are_counted_once_after_each_act(each_app: Flask) -> None:
    course, other = factories.course(), factories.course("OTHER27")
    one_recorded(course)
    one_recorded(other)
    assert [asked(course), asked(course)] == [2, 1]
    one_recorded(other)
    assert asked(course) == 1  # what happens elsewhere does not matter
    one_recorded(course)
    assert [asked(course), asked(course)] == [2, 1]
    assert headcount(course).total == 2


def test_an_index_leads_to_the_last_entry_of_a_course(each_app: Flask) -> None:
    course = factories.course()
    with transaction() as session:  # most entries are about others
        for number in range(500):
            about = None if number % 2 else "x" * 22
            record(session, "course.change", "course", course, by=None, course_id=about)
    statement = select(Course.id, audit.last_about(Course.id)).where(Course.id == course)
    plan = counting.plans(lambda: db.session.execute(statement).all(), "audit_entry")
    assert "ix_audit_entry_course" in plan, plan
    assert "pk_audit_entry" not in plan and "Sort" not in plan and "TEMP" not in plan, plan


def test_several_courses_are_asked_for_together(each_app: Flask) -> None:
    courses = [factories.course(f"MANY{number}") for number in range(4)]
    for number, course in enumerate(courses):
        for _time in range(number + 1):
            one_recorded(course)
    for expected in (2, 1):
        db.session.close()
        with counting.statements() as sent:
            found = headcounts(courses)
        assert [found[course].total for course in courses] == [1, 2, 3, 4]
        assert len(sent) == expected, sent
    assert headcounts([]) == {}


def test_numbers_are_those_of_the_database_after_any_acts(each_app: Flask) -> None:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    by, focal = acting.organiser(), acting.focal_point("BO")
    course = factories.course(capacity=4)
    seats.set_blocks(course, {("BO", "judge"): 2, (None, None): 2}, by)
    numbers: list[str] = []

    def nominate() -> None:
        numbers.append(nominations.nominate(course, acting.candidate(), focal))

    acts: list[Callable[[], object]] = [
        nominate,
        lambda: nominations.endorse(course, [chance.choice(numbers)], focal),
        lambda: selection.select(course, [chance.choice(numbers)], by),
        lambda: selection.unselect(course, [chance.choice(numbers)], by),
        lambda: answer_operations.withdraw(chance.choice(numbers), "Ill", focal),
        lambda: nominations.reject(course, [chance.choice(numbers)], "Not now", focal),
        lambda: seats.set_blocks(course, {("BO", None): 2, (None, None): 2}, by),
        lambda: seats.set_blocks(course, {("BO", "judge"): 2, (None, None): 2}, by),
    ]
    done = 0
    for _time in range(60):
        act = chance.choice(acts) if numbers else nominate
        try:
            act()
            done += 1
        except Refusal:
            pass
        found = headcount(course)
        assert found.by_state == by_state(course), seed
        assert found.seats == 4
        blocks = db.session.execute(
            select(SeatBlock.id, SeatBlock.country, SeatBlock.function, SeatBlock.seats).where(
                SeatBlock.course_id == course
            )
        ).all()
        assert sorted(found.blocks, key=str) == sorted((tuple(row) for row in blocks), key=str)
    assert done > 10, f"seed {seed}: hardly anything was done"


def test_numbers_are_chosen_by_state_country_and_function(app: Flask) -> None:
    course = factories.course()
    groups = [("BO", "judge"), ("PE", "police"), ("BO", "police")]
    acting.crowd(course, State.APPLIED, 6, groups=groups)
    acting.crowd(course, State.ENDORSED, 1, groups=[("UY", "judge")])
    found = headcount(course)
    assert found.total == 7 and found.number(UNENDORSED) == 6
    assert found.number(UNENDORSED, ["BO"]) == 4
    assert found.number(UNENDORSED, ["BO"], ["judge"]) == 2
    assert found.number(list(State), functions=["judge"]) == 3
    assert found.number(TAKES_PART) == 0
    assert found.by_country(UNENDORSED) == {"BO": 4, "PE": 2, "UY": 0}
    assert "UY" in found.by_country(UNENDORSED)  # has candidates, though none of these


def test_in_a_transaction_people_are_counted_anew_and_nothing_is_kept(each_app: Flask) -> None:
    course = factories.course()
    one_recorded(course)
    assert headcount(course).total == 1
    with pytest.raises(ZeroDivisionError), transaction() as session:
        who = session.scalars(select(Registration).where(Registration.course_id == course)).one()
        who.state = State.WITHDRAWN
        session.flush()
        assert headcount(course).by_state == {State.WITHDRAWN: 1}
        raise ZeroDivisionError
    assert headcount(course).by_state == {State.APPLIED: 1}


def test_a_page_that_acts_shows_the_numbers_after_its_act(each_app: Flask) -> None:
    course = factories.course()
    one_recorded(course)
    assert headcount(course).total == 1
    one_recorded(course)  # in the same session, as the view of a form does
    assert headcount(course).total == 2


def test_what_others_do_between_entry_and_count_is_counted_again(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = factories.course()
    one_recorded(course)
    counted = headcount_queries.KEPT._count

    def others_first(courses: list[str]) -> object:
        monkeypatch.setattr(headcount_queries.KEPT, "_count", counted)
        assert outcome(each_app, lambda: one_recorded(course)) is None
        return counted(courses)

    db.session.close()
    monkeypatch.setattr(headcount_queries.KEPT, "_count", others_first)
    headcount(course)
    db.session.close()
    assert headcount(course).total == 2


def test_a_course_without_any_entry_is_counted_each_time(app: Flask) -> None:
    course = factories.course()
    put_in(course)
    assert [asked(course), asked(course)] == [2, 2]
    put_in(course)
    assert headcount(course).total == 2


def test_those_asked_for_longest_ago_make_room(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headcount_queries.KEPT, "most", 5)
    first, second, third = (factories.course(f"ROOM{number}") for number in range(3))
    for course in (first, second, third):
        one_recorded(course)  # two lines each
    assert [asked(first), asked(second), asked(first), asked(third)] == [2, 2, 1, 2]
    assert [asked(first), asked(second)] == [1, 2]


@pytest.fixture
def done_by_the_house(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What a test writes counts as written by the house; gives what the watch finds."""
    monkeypatch.setattr(scope_watch, "asked_by", lambda: "trainings/x.py:1")
    yield trail_watch.faults
    scope_watch.faults.clear()


# What a registration or a course may have, which is counted, too.
HAD: dict[str, Callable[[Registration], Model]] = {
    "waiver": lambda one: Waiver(
        registration_id=one.id, reason=b"x", asked_by="x", asked_at=clock.now()
    ),
    "tables": lambda one: TableLayout(course_id=one.course_id, tables=3, places=4),
    "place": lambda one: TablePlace(
        registration_id=one.id, course_id=one.course_id, table_no=1, place_no=1
    ),
    "asked": lambda one: ChangeRequest(
        id=new_key(), registration_id=one.id, course_id=one.course_id, at=clock.now(), wanted=b"x"
    ),
}


@pytest.mark.parametrize("way", ["add", "change", "plain", "block", *HAD])
def test_whoever_changes_numbers_records_it_in_that_course(
    each_app: Flask, done_by_the_house: list[str], way: str
) -> None:
    course, other = factories.course(), factories.course("OTHER27")
    put_in(course)
    done_by_the_house.clear()

    def change(recorded: str) -> None:
        with transaction() as session:
            of_course = select(Registration).where(Registration.course_id == course)
            one = session.scalars(of_course.execution_options(scope="operation")).first()
            assert one is not None
            if way == "change":
                one.state = State.ENDORSED if one.state is State.APPLIED else State.APPLIED
            elif way == "plain":
                table = Registration.__table__
                session.execute(table.update().values(country="PE").where(table.c.id == one.id))
            elif way in HAD:
                row = HAD[way](one)
                there = session.scalars(select(type(row))).first()
                session.delete(there) if there else session.add(row)
            elif way == "block":
                session.add(
                    SeatBlock(id=new_key(), course_id=course, country=recorded[:2], seats=1)
                )
            else:
                person = session.get_one(Person, one.person_id)
                factories.registration(session, course, person, State.WITHDRAWN)
            record(session, "course.change", "course", recorded, by=None, course_id=recorded)

    change(course)
    assert done_by_the_house == []
    change(other)
    said = "trainings/x.py:1 changes numbers of people and records nothing of their course"
    assert done_by_the_house == [said]
    done_by_the_house.clear()


def test_what_is_no_number_needs_no_entry(each_app: Flask, done_by_the_house: list[str]) -> None:
    course = factories.course()
    put_in(course)
    done_by_the_house.clear()
    with transaction() as session:
        who = session.scalars(
            select(Registration)
            .where(Registration.course_id == course)
            .execution_options(scope="operation")
        ).one()
        who.certificate_language = "es"
    assert done_by_the_house == []


def test_an_act_without_words_is_noticed(app: Flask) -> None:
    with transaction() as session:
        record(session, "course.juggle", "course", "x" * 22, by=None)
    assert trail_watch.faults == ["course.juggle (course) has no words"]
    trail_watch.faults.clear()
