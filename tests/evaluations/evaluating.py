"""A course that is over and asks for an evaluation, and people who give theirs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tests.certificates import graduates
from trainings.accounts.models import Account
from trainings.core.db import db, transaction
from trainings.core.permissions import Viewer
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.evaluations import operations
from trainings.evaluations.rules import Answers, Question, Statement
from trainings.registrations.models import Registration


def course(people: int, code: str = "BUE26", **values: Any) -> str:
    """A completed course of so many graduates; gives its id."""
    names = tuple((f"Persona{number}", "Prueba") for number in range(people))
    made = graduates.course_of(names, code=code, state=CourseState.COMPLETED)
    with transaction() as session:
        found = session.get_one(Course, made)
        found.needs_evaluation = True
        for name, value in values.items():
            setattr(found, name, value)
    return made


def people(course_id: str) -> list[tuple[str, Viewer]]:
    """The registration numbers of a course with the viewers behind them."""
    rows = db.session.execute(
        select(Registration.number, Registration.person_id, Account.id)
        .join(Account, Account.person_id == Registration.person_id)
        .where(Registration.course_id == course_id)
        .order_by(Registration.number)
        .execution_options(scope="operation")
    ).all()
    db.session.close()
    return [(row[0], Viewer(account_id=row[2], person_id=row[1])) for row in rows]


def answers(rating: int = 4, first: str = "", change: str = "") -> Answers:
    """Every statement rated the same."""
    texts = {Question.FIRST_USE: first, Question.CHANGE: change}
    return Answers(dict.fromkeys(Statement, rating), texts)


def give(course_id: str, count: int, start: int = 0) -> None:
    """Let so many people give their evaluation: ratings 1 to 5 in turn, a text each."""
    for place, (number, who) in enumerate(people(course_id)[start : start + count], start):
        operations.give(number, answers(place % 5 + 1, f"First use {place}"), who)
    db.session.close()


def form(rating: int = 4, **more: str) -> dict[str, str]:
    """The questionnaire as a browser sends it."""
    return {**{str(one): str(rating) for one in Statement}, **more}
