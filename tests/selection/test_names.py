"""Names for the certificate that people have not confirmed: reminders, confirming for them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.registrations import acting
from trainings.certificates import standing_queries
from trainings.core import clock
from trainings.core.errors import NotFound
from trainings.core.permissions import Role
from trainings.courses import queries as courses
from trainings.courses.rules import CourseState
from trainings.people import reading
from trainings.registrations import queries
from trainings.registrations.candidate_rules import PrintedNameMissing
from trainings.registrations.rules import ActRefused, ReasonMissing, State
from trainings.seats import answer_operations
from trainings.selection import name_operations


def printed(number: str) -> str:
    return queries.printed_name(acting.registration(number))


def test_everyone_unnamed_is_reminded_once_a_day(each_app: Flask) -> None:
    course_id = factories.course()
    for state in (State.CONFIRMED, State.ATTENDED, State.OFFERED, State.NO_SHOW):
        acting.standing(course_id, state)
    by = acting.organiser()
    assert name_operations.remind(course_id, by) == (2, 0)
    assert len(factories.mails("registration_name")) == 2
    assert name_operations.remind(course_id, by) == (0, 2)
    with clock.shifted(timedelta(days=1, minutes=1)):
        assert name_operations.remind(course_id, by) == (2, 0)
    assert len(factories.mails("registration_name")) == 4


def test_an_organiser_confirms_with_the_document_in_hand_and_the_person_is_told(
    each_app: Flask,
) -> None:
    course_id = factories.course()
    number, _person = acting.standing(course_id, State.ATTENDED)
    acting.end(course_id, CourseState.COMPLETED)
    by = acting.organiser()
    name_operations.confirm_for(course_id, number, "  Ana  Rojas ", "es", "Passport seen", by)

    assert printed(number) == "Ana Rojas"
    assert acting.registration(number).certificate_language == "es"
    (told,) = factories.mails("registration_named")
    assert "Ana Rojas" in told.body
    assert "Passport" not in told.body
    last = queries.history(acting.registration(number).id)[-1]
    assert (last.act, last.by, queries.reason_of(last)) == ("name", by.account_id, "Passport seen")
    course = courses.by_id(course_id)
    earner = standing_queries.of_number(course, number, scope="operation")
    assert earner.facts.name_confirmed


@pytest.mark.parametrize(
    ("name", "reason", "refusal"),
    [("", "Passport", PrintedNameMissing), ("Ana", " ", ReasonMissing)],
)
def test_what_is_missing_is_said(
    app: Flask, name: str, reason: str, refusal: type[Exception]
) -> None:
    course_id = factories.course()
    number, _person = acting.standing(course_id, State.CONFIRMED)
    with pytest.raises(refusal):
        name_operations.confirm_for(course_id, number, name, "en", reason, acting.organiser())
    assert printed(number) == ""


def test_nobody_else_and_no_one_without_a_seat(app: Flask) -> None:
    course_id = factories.course()
    number, _person = acting.standing(course_id, State.CONFIRMED)
    strangers = [
        factories.account(
            Role.ORGANISER,
            course_id=factories.course("OTH27", lead="INTERPOL", agencies=("INTERPOL",)),
        ),
        factories.account(Role.TRAINER, course_id=course_id),
    ]
    for stranger in strangers:
        with pytest.raises(NotFound):
            name_operations.confirm_for(course_id, number, "Ana", "en", "Passport", stranger)
        with pytest.raises(NotFound):
            name_operations.remind(course_id, stranger)
    offered, _person = acting.standing(course_id, State.OFFERED)
    with pytest.raises(ActRefused):
        name_operations.confirm_for(course_id, offered, "Ana", "en", "Passport", acting.organiser())


def test_the_name_shown_with_the_seat_is_confirmed_with_it(each_app: Flask) -> None:
    course_id = factories.course()
    number, person = acting.standing(course_id, State.OFFERED)
    found = acting.registration(number).person_id
    known = reading.opened([found])[found].name
    answer_operations.accept(number, person, known)
    assert printed(number) == known
    assert acting.state(number) is State.CONFIRMED


def test_another_name_than_the_one_kept_is_not_confirmed(app: Flask) -> None:
    course_id = factories.course()
    number, person = acting.standing(course_id, State.OFFERED)
    answer_operations.accept(number, person, "Somebody Else")
    assert printed(number) == ""
    assert acting.state(number) is State.CONFIRMED


def test_the_pages_lead_from_the_number_to_the_person(client: FlaskClient) -> None:
    course_id = factories.course()
    number, person = acting.standing(course_id, State.OFFERED)
    factories.sign_in(client, person)
    offer = client.get(f"/my/registrations/{number}").text
    assert "Your certificate will show this name:" in offer
    assert 'name="shown_name" value="' in offer

    other, _person = acting.standing(course_id, State.ATTENDED)
    acting.end(course_id, CourseState.COMPLETED)
    factories.sign_in(client, acting.organiser())
    page = client.get("/courses/BUE27/certificates?kind=attendance").text
    assert "1 person has not confirmed the name" in page
    here = f"/courses/BUE27/registrations/{other}/name"
    assert here in page
    assert other in client.get("/courses/BUE27/registrations?problem=unnamed").text
    reminded = client.post("/courses/BUE27/registrations/remind-names", follow_redirects=True).text
    assert "1 person was reminded." in reminded
    refused = client.post(here, data={"printed_name": "Ana Rojas", "language": "es"}).text
    assert "Give a reason." in refused
    assert 'value="Ana Rojas"' in refused
    saved = client.post(
        here,
        data={"printed_name": "Ana Rojas", "language": "es", "reason": "Passport seen"},
        follow_redirects=True,
    ).text
    assert "The name is confirmed, and we have emailed the person." in saved
    assert "Ana Rojas" in saved
