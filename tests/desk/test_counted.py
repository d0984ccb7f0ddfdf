"""What a course's people have is counted once after each act, and never longer."""

from __future__ import annotations

import pytest
from flask import Flask

from tests import counting, factories
from tests.certificates import graduates
from tests.registrations import acting
from trainings.certificates import operations as certificates
from trainings.core.db import db, transaction
from trainings.courses.models import Course
from trainings.desk import counted_queries, queries
from trainings.desk.counted_queries import counted
from trainings.desk.missing_queries import missing
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.tables import operations as tables
from trainings.tables.rules import Layout


@pytest.fixture(autouse=True)
def nothing_is_kept() -> None:
    counted_queries.KEPT.forget()


def asked(course: str) -> int:
    """How many statements the numbers of a course take for a page."""
    db.session.close()
    with counting.statements() as sent:
        counted([course])
        counted([course])
    return len(sent)


def test_they_are_counted_once_after_each_act(each_app: Flask) -> None:
    course, other = factories.course(), factories.course("OTHER27")
    factories.act(course)
    factories.act(other)
    assert [asked(course), asked(course)] == [2, 1]
    factories.act(other)
    assert asked(course) == 1, "what happens elsewhere does not matter"
    factories.act(course)
    assert [asked(course), asked(course)] == [2, 1]
    db.session.close()
    with counting.statements() as sent:
        assert set(counted([course, other])) == {course, other}
    assert len(sent) == 2, sent


def test_each_act_shows_at_once(each_app: Flask) -> None:
    by = acting.organiser()
    course = factories.course()
    found = [acting.standing(course, State.CONFIRMED, country="BO") for _person in range(3)]

    def now() -> tuple[int, int]:
        db.session.close()
        lacking = missing(db.session.get_one(Course, course))
        return lacking.without_place, lacking.incomplete

    assert now() == (0, 3)
    tables.set_tables(course, Layout(2, 4), by)
    assert now() == (0, 3), "everybody was given a place"
    acting.standing(course, State.CONFIRMED, country="PE")
    factories.act(course)
    assert now() == (1, 4)
    with transaction() as session:
        session.get_one(Registration, acting.registration(found[0][0]).id).complete = True
    factories.act(course)
    assert now() == (1, 3)
    tables.seat_those_without(course, by)
    assert now() == (0, 3)


def test_certificates_on_the_tab_are_those_that_are_valid(each_app: Flask) -> None:
    by = acting.organiser()
    course = graduates.course_of()
    assert queries.numbers(course).certificates == 0
    assert missing(db.session.get_one(Course, course)).no_certificates
    certificates.issue_for_course(course, by)
    db.session.close()
    assert queries.numbers(course).certificates == 3
    assert not missing(db.session.get_one(Course, course)).no_certificates
