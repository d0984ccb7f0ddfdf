"""What is missing: every line is there when it should be, and its number is the list's length."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import counting, factories, teaching
from tests.registrations import acting
from trainings.agenda import operations as agenda
from trainings.agenda.rules import SessionKind
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.courses import queries as courses
from trainings.courses.models import Signatory
from trainings.courses.rules import CourseState
from trainings.desk import queries
from trainings.desk.missing_queries import missing
from trainings.desk.missing_rules import missing_lines
from trainings.people.models import Person
from trainings.registrations.models import HistoryStep, Registration
from trainings.registrations.rules import State


def peopled() -> str:
    """A course in which something of every kind is missing."""
    by = acting.organiser()
    course_id = factories.course(waiting=("UNODC",))
    with transaction() as session:
        for place, agency in enumerate(("INTERPOL", "UNODC")):
            titles = {"en": f"Director of {agency}"}
            agency_id = factories.agency_id(agency)
            session.add(
                Signatory(course_id=course_id, agency_id=agency_id, position=place, titles=titles)
            )
    for state in State:
        acting.standing(course_id, state, country="BO")
        acting.standing(course_id, state, country="PE")
    agenda.add_session(course_id, teaching.slot(course_id, kind=SessionKind.TEST), by)
    teaching.course_trainer(course_id, teaching.trainer(by), by)
    number, _person = acting.standing(course_id, State.OFFERED, country="BO")
    with transaction() as session:
        registration = session.get_one(Registration, acting.registration(number).id)
        registration.offered_until = clock.now() + timedelta(hours=30)
        registration.complete = False
        session.get_one(Person, registration.person_id).mail_bounced_at = clock.now()
    return course_id


def test_each_number_leads_to_a_list_of_just_so_many(client: FlaskClient) -> None:
    course_id = peopled()
    factories.sign_in(client, acting.organiser())
    page = client.get("/courses/BUE27/desk").text
    panel = page[page.index('id="missing"') :]
    links = re.findall(
        r'<li><a href="([^"]+)">([^<]+)</a> <b>(\d+)</b></li>', panel[: panel.index("</section>")]
    )
    lines = missing_lines(missing(courses.by_id(course_id)), CourseState.PUBLISHED)
    assert len(links) == sum(line.counted for line in lines) >= 8
    for path, label, number in links:
        there = client.get(path.replace("&amp;", "&")).text
        if "/registrations" in path:
            found = len(re.findall(r'name="numbers"', there))
        elif "/agenda" in path:
            found = there.count("No trainer yet")
        elif path.endswith("#agencies"):
            found = len(re.findall(r"Waiting</span>", there[there.index('id="agencies"') :]))
        elif path.endswith("/signatures"):
            found = len(re.findall(r"Waiting</span>", there))
        else:
            found = len(re.findall(r"Invited</span>", there))
        assert found == int(number), f"{label}: {path}"


@pytest.mark.parametrize(
    ("state", "lines"),
    [
        (
            CourseState.DRAFT,
            ["No seats allocated yet", "No sessions in the agenda yet", "No trainer invited yet"],
        ),
        (
            CourseState.PUBLISHED,
            [
                "No seats allocated yet",
                "No sessions in the agenda yet",
                "No trainer invited yet",
                "No candidate yet from Bolivia",
                "No candidate yet from Peru",
            ],
        ),
        (CourseState.COMPLETED, []),
        (CourseState.CANCELLED, []),
    ],
)
def test_what_there_is_none_of_is_said_while_it_matters(
    app: Flask, state: CourseState, lines: list[str]
) -> None:
    course_id = factories.course(countries=["BO", "PE"], state=state)
    found = missing_lines(missing(courses.by_id(course_id)), state)
    assert [line.label for line in found] == lines
    assert not any(line.counted for line in found)


def test_many_countries_without_a_candidate_share_a_line(app: Flask) -> None:
    course_id = factories.course(countries=["AR", "BO", "BR", "CL", "CO", "PE"])
    found = missing_lines(missing(courses.by_id(course_id)), CourseState.PUBLISHED)
    assert found[-1].label == "No candidate yet from 6 countries"


def test_an_agenda_that_only_organisers_see_is_said_until_it_is_published(app: Flask) -> None:
    by, course = acting.organiser(), factories.course()
    agenda.add_session(course, teaching.slot(course, kind=SessionKind.TEST), by)

    def said() -> bool:
        found = missing(courses.by_id(course))
        lines = {line.label: line.endpoint for line in missing_lines(found, CourseState.PUBLISHED)}
        draft = missing_lines(found, CourseState.DRAFT)
        assert all(line.endpoint != "agenda.publish" for line in draft)
        return lines.get("Agenda not published yet") == "agenda.publish"

    assert said()
    teaching.publish(course, by)
    assert not said()


def test_an_index_leads_to_the_last_steps_of_a_course(each_app: Flask) -> None:
    """PostgreSQL else goes backwards through the steps of all courses."""
    here, elsewhere = factories.course(), factories.course("OTHER27")
    for course, people in ((elsewhere, 40), (here, 2)):
        acting.crowd(course, State.APPLIED, people)
    with transaction() as session:
        of_all = select(Registration).execution_options(scope="operation")
        for _time in range(10):
            for one in session.scalars(of_all):
                steps = {"registration_id": one.id, "course_id": one.course_id, "act": "apply"}
                session.add(HistoryStep(**steps, at=clock.now(), after=one.state))
    db.session.close()
    plan = counting.plans(lambda: queries.last_moves(here), "move", "registration")
    assert "ix_move_course" in plan and "pk_move" not in plan and "Sort" not in plan, plan
