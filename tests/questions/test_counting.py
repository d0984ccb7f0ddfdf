"""Who lacks an answer, counted by the database: always whom the rules name, one by one."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.questions.asking import asking
from tests.questions.asking import desk as asking_desk
from tests.registrations import acting
from trainings.audit.writes import record
from trainings.core import clock
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Role
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.desk import missing_queries
from trainings.people.writes import add_person
from trainings.privacy import erasing_operations as privacy
from trainings.privacy.rules import Reason
from trainings.questions import operations, queries
from trainings.questions.models import QuestionAnswer
from trainings.questions.rules import OWN, AskedOf, Asking
from trainings.questions.writes import add_question
from trainings.registrations.models import Registration
from trainings.registrations.rules import State


def one_course(code: str, chance: random.Random) -> str:
    """A course that asks some questions, with people in all states and some of their answers."""
    course_id = factories.course(code)
    with transaction() as session:
        asked = [
            add_question(session, course_id, any_asking(chance), place)
            for place in range(chance.randrange(5))
        ]
        session.flush()
        given = chance.random()
        for state in (*State, *State, State.CONFIRMED):
            who = add_person(session, given_name="Rosa", family_name="Ejemplo")
            who.country, who.function = "BO", "judge"
            session.flush()
            key = factories.registration(session, course_id, who, state).id
            session.flush()
            for question in asked:
                if chance.random() < given:
                    session.add(
                        QuestionAnswer(
                            id=new_key(),
                            question_id=question.id,
                            registration_id=key,
                            at=clock.now(),
                            value=b"sealed",
                        )
                    )
    return course_id


def any_asking(chance: random.Random) -> Asking:
    """A question of anybody, required or not, asked still or not."""
    return asking(
        asked_of=chance.choice([*AskedOf]),
        required=chance.random() < 0.8,
        going_on=chance.random() < 0.8,
    )


def named(course_id: str) -> set[str]:
    """Who lacks an answer by the rules, looked at one by one."""
    rows = db.session.scalars(
        select(Registration)
        .where(Registration.course_id == course_id)
        .execution_options(scope="operation")
    )
    return {
        row.id
        for row in rows
        if any(
            one.required and one.id not in queries.answers_of(row.id)
            for one in queries.asked_now(course_id, row.state, OWN)
        )
    }


@pytest.mark.parametrize("seed", range(4))
def test_who_lacks_an_answer_is_whom_the_rules_name(each_app: Flask, seed: int) -> None:
    chance = random.Random(seed)
    ids = [one_course(f"C{place}", chance) for place in range(4)]
    rules = {course_id: named(course_id) for course_id in ids}
    for course_id in ids:
        rows = db.session.scalars(
            select(Registration.id)
            .where(Registration.course_id == course_id, queries.lacks(course_id))
            .execution_options(scope="operation")
        ).all()
        assert Counter(rows) == Counter(rules[course_id])
        assert set(queries.missing(course_id)) == rules[course_id]
    courses = db.session.scalars(select(Course).where(Course.id.in_(ids))).all()
    found = missing_queries.missing_in(courses)
    assert {key: one.answers for key, one in found.items()} == {
        key: len(people) for key, people in rules.items()
    }


def test_their_number_is_counted_anew_after_each_act(each_app: Flask) -> None:
    desk = asking_desk()
    lacking = []

    def look(expected: int) -> None:
        for _time in range(2):  # the second is the kept one
            db.session.close()
            assert queries.how_many_lack([desk.course]) == {desk.course: expected}
            assert len(named(desk.course)) == expected
        lacking.append(expected)

    look(0)
    first = desk.ask()
    look(1)
    desk.answer(first, "Vegetarian")
    look(0)
    second = desk.ask()
    acting.standing(desk.course, State.CONFIRMED)
    with transaction() as session:
        record(session, "course.change", "course", desk.course, by=None, course_id=desk.course)
    look(2)
    operations.remove(desk.course, second, desk.by, answered=0)
    look(1)
    acting.end(desk.course, CourseState.COMPLETED)
    officer = factories.account(Role.DATA_PROTECTION)
    privacy.erase(desk.person.person_id or "", Reason.ASKED, desk.number, officer)
    look(2)
    assert lacking == [0, 1, 0, 2, 1, 2]
