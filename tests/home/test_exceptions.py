"""An exception from the hours is found by the organiser who has to approve it."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.certificates import graduates
from trainings.certificates import waiver_operations
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.registrations.models import Registration

SAID = "Exceptions waiting for a second organiser"


def test_it_waits_on_the_start_page_and_on_the_courses(app: Flask, client: FlaskClient) -> None:
    course_id = graduates.course_of(graduates.NAMES[:1], attended=3)
    lead = factories.account(Role.ORGANISER, agency="IOM")
    second = factories.account(Role.ORGANISER, agency="UNODC")
    number = db.session.scalar(
        select(Registration.number)
        .where(Registration.course_id == course_id)
        .execution_options(scope="operation")
    )
    other = factories.course("LIM27")
    places = ("/", "/courses/BUE26/desk")

    def told() -> list[bool]:
        return [SAID in client.get(place).get_data(as_text=True) for place in places]

    factories.sign_in(client, second)
    assert told() == [False, False]
    waiver_operations.ask(course_id, number or "", "Illness", lead)
    assert told() == [True, True]
    shown = client.get("/").get_data(as_text=True)
    assert 'href="/courses/BUE26/certificates"' in shown
    assert shown.index("/courses/LIM27/") < shown.index("/courses/BUE26/"), "what goes on is first"
    factories.sign_in(client, factories.account(Role.ORGANISER, course_id=other))
    assert SAID not in client.get("/").get_data(as_text=True), "of a course of others"
    factories.sign_in(client, second)
    waiver_operations.approve(course_id, number or "", second)
    assert told() == [False, False]
