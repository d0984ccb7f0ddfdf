"""The overview of a completed course: what came of it, first."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from tests import factories
from tests.asking import page
from tests.evaluations import evaluating
from tests.home.pages import inside
from tests.register import kept
from tests.registrations import acting
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.registrations.rules import State


def lines(shown: str) -> dict[str, tuple[str, str]]:
    panel = shown[shown.index('id="outcome"') :].split("</section>")[0]
    found = re.findall(r'<li><a href="([^"]+)">([^<]+)</a> <b>([^<]+)</b></li>', panel)
    return {label: (value, url.replace("&amp;", "&")) for url, label, value in found}


def test_the_results_come_first_and_lead_to_their_lists(client: FlaskClient) -> None:
    course_id = evaluating.course(7)
    evaluating.give(course_id, 5)
    code = db.session.get_one(Course, course_id).code
    db.session.close()
    acting.standing(course_id, State.NO_SHOW)
    number, person = acting.standing(course_id, State.ATTENDED)
    kept.certificate(course_id, acting.registration(number).id, person)
    factories.sign_in(client, acting.organiser())
    shown = inside(page(client, f"/courses/{code}/desk"))
    assert shown.index('id="outcome"') < shown.index('id="seating"')
    found = lines(shown)
    assert {label: value for label, (value, _url) in found.items()} == {
        "People who attended": "8",
        "People who did not attend": "1",
        "Certificate of completion": "1",
        "Evaluations given": "5 of 8",
        "Mean of all ratings, from 1 to 5": "3.0",
    }
    for label in ("People who attended", "People who did not attend"):
        value, url = found[label]
        assert page(client, url).count('name="numbers"') == int(value)
    for _value, url in found.values():
        page(client, url)


def test_a_trainer_sees_them_too_but_no_list_of_people(client: FlaskClient) -> None:
    made = factories.course("DONE7", state=CourseState.COMPLETED)
    acting.standing(made, State.ATTENDED)
    factories.sign_in(client, factories.account(Role.TRAINER, course_id=made))
    shown = inside(page(client, "/courses/DONE7/desk"))
    panel = shown[shown.index('id="outcome"') :].split("</section>")[0]
    assert "/registrations" not in panel
    for url in re.findall(r'href="([^"]+)"', panel):
        page(client, url)


def test_a_course_that_goes_on_has_no_results_yet(client: FlaskClient) -> None:
    factories.course("NEXT7")
    factories.sign_in(client, acting.organiser())
    assert 'id="outcome"' not in page(client, "/courses/NEXT7/desk")


def test_the_results_cost_the_same_with_more_people(
    client: FlaskClient, statements: list[str]
) -> None:
    made = factories.course("DONE7", state=CourseState.COMPLETED)
    factories.sign_in(client, acting.organiser())
    page(client, "/courses/DONE7/desk")
    costs = []
    for _each in range(2):
        acting.standing(made, State.ATTENDED)
        acting.standing(made, State.NO_SHOW)
        db.session.close()
        statements.clear()
        page(client, "/courses/DONE7/desk")
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 24, statements
