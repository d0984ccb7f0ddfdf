"""Leaving an application: saved for later with an email, and going back without losing anything."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.asking import page, send
from tests.participants.applying import ANSWERS, HERE, answer_all, count
from tests.registrations import acting
from trainings.accounts.models import OneTimeLink
from trainings.core import clock
from trainings.core.db import db
from trainings.core.permissions import Viewer
from trainings.courses.models import Course
from trainings.courses.rules import Visibility
from trainings.participants import apply_operations
from trainings.registrations.models import Draft, Registration
from trainings.registrations.rules import State


def begin(app: Flask, **course: Any) -> tuple[FlaskClient, Viewer]:
    """Somebody who followed a mailed link to a course that they may apply for."""
    today = clock.today(factories.ZONE)
    values = {"registration_closes_on": today + timedelta(days=20), **course}
    made = factories.course("PUB27", **{"visibility": Visibility.PUBLIC, **values})
    acting.share_out(made, {("BO", "judge"): 2})
    client = app.test_client()
    applicant = factories.account(name=("", ""), mail="nusta@court.example")
    factories.sign_in(client, applicant)
    return client, applicant


@pytest.fixture
def applicant(app: Flask) -> FlaskClient:
    return begin(app)[0]


def later(client: FlaskClient, step: str, **typed: Any) -> str:
    """Save and finish later; gives the page that follows."""
    way = send(client, f"{HERE}/{step}", save_for_later="yes", **typed)
    return page(client, way)


# saved for later


@pytest.mark.parametrize(
    ("step", "typed", "kept", "lost", "says"),
    [
        (
            "identity",
            {"given_name": "Ñusta", "born": ["31", "2", "1980"], "document": "BO-1"},
            ['value="Ñusta"', 'value="BO-1"'],
            'value="31"',
            "Not saved: Date of birth. Enter the date of birth",
        ),
        (
            "identity",
            {"given_name": "Ñusta", "born": ["1", "1", "2199"], "document": "BO-1"},
            ['value="Ñusta"', 'value="BO-1"'],
            'value="2199"',
            "Not saved: Date of birth. The date of birth must be in the past.",
        ),
        (
            "work",
            {"unit": "Court\u202e", "phone": "+591 2"},
            ['value="+591 2"'],
            "Court",
            "Not saved: Unit or office. This contains a hidden character",
        ),
        (
            "work",
            {"unit": "Court", "phone": "1" * 41},
            ['value="Court"'],
            "1" * 41,
            "Not saved: Phone.",
        ),
    ],
)
def test_what_is_valid_is_kept_and_what_is_not_is_said(
    applicant: FlaskClient, step: str, typed: dict[str, Any], kept: list[str], lost: str, says: str
) -> None:
    shown = later(applicant, step, **typed)
    assert "Your answers are saved" in shown and says in shown
    again = page(applicant, f"{HERE}/{step}")
    assert all(one in again for one in kept) and lost not in again


def test_a_wrong_value_leaves_the_one_of_before(applicant: FlaskClient) -> None:
    send(applicant, f"{HERE}/work", **ANSWERS["work"])
    assert "Not saved: Phone." in later(applicant, "work", unit="Corte", phone="1" * 41)
    again = page(applicant, f"{HERE}/work")
    assert 'value="Corte"' in again and 'value="+591 2 2123456"' in again


def test_what_is_left_empty_is_not_called_wrong(applicant: FlaskClient) -> None:
    shown = later(applicant, "work", unit="", phone="1")
    assert "Not saved: Unit" not in shown
    assert applicant.get(f"{HERE}/resume").location == f"{HERE}/function"
    send(applicant, f"{HERE}/work", **ANSWERS["work"])
    later(applicant, "work", unit="", phone="1")
    assert 'value="Tribunal' not in page(applicant, f"{HERE}/work"), "it was emptied"


def test_a_page_with_something_wrong_is_not_answered(applicant: FlaskClient) -> None:
    answer_all(applicant)
    later(applicant, "work", unit="Corte", phone="1" * 41)
    assert applicant.get(f"{HERE}/check").location == f"{HERE}/resume"
    assert applicant.get(f"{HERE}/resume").location == f"{HERE}/work"


DEADLINE = {
    "en": "Please send it by",
    "es": "Envíela a más tardar el",
    "fr": "Veuillez l’envoyer au plus tard le",
    "pt_BR": "Envie-a até",
}


@pytest.mark.parametrize("language", list(DEADLINE))
def test_an_email_brings_the_link_and_the_deadline(each_app: Flask, language: str) -> None:
    client, _who = begin(each_app, titles={code: f"Title {code}" for code in DEADLINE})
    client.set_cookie("language", language)
    later(client, "function", function="judge")
    (mail,) = factories.mails("application_saved")
    assert mail.recipient == "nusta@court.example" and "PUB27" in mail.subject
    assert f"Title {language}" in mail.body and DEADLINE[language] in mail.body
    assert "23:59" in mail.body or "23 h 59" in mail.body
    assert "America/" not in mail.body and not re.search(r"None|%\(|\{\{", mail.body)
    link = re.search(r"http://trainings\.example(/sign-in/link/\S+)", mail.body)
    assert link is not None
    elsewhere = each_app.test_client()
    assert send(elsewhere, link[1]) == f"{HERE}/resume"
    assert elsewhere.get(f"{HERE}/resume").location == f"{HERE}/country"
    # and opened again in the browser that is signed in, it just opens the page
    assert client.get(link[1]).location == f"{HERE}/resume"


def test_the_link_works_until_the_deadline(app: Flask) -> None:
    client, _who = begin(app)
    later(client, "function", function="judge")
    row = db.session.scalars(select(OneTimeLink)).one()
    assert timedelta(days=19) < row.ends_at - row.created_at <= timedelta(days=21)


def test_a_course_by_link_is_found_again(app: Flask) -> None:
    client, who = begin(app, visibility=Visibility.BY_LINK)
    key = db.session.scalars(select(Course.link_key)).one()
    way = send(client, f"{HERE}/function?key={key}", function="judge", save_for_later="yes")
    assert way == f"{HERE}/later?key={key}"
    row = db.session.scalars(select(OneTimeLink)).one()
    assert row.leads_to == f"{HERE}/resume?key={key}" and row.account_id == who.account_id


def test_who_saves_often_is_not_flooded(applicant: FlaskClient) -> None:
    told = [
        "We have emailed you a link" in later(applicant, "function", function="judge")
        for _ in range(6)
    ]
    assert told[0] and not told[-1]
    assert len(factories.mails("application_saved")) == sum(told) <= 3
    assert count(Draft) == 1


def test_the_nominated_are_told_no_deadline_of_applicants(app: Flask, client: FlaskClient) -> None:
    course = factories.course("PUB27", visibility=Visibility.PUBLIC)
    number, person = acting.standing(course, State.NOMINATED)
    factories.sign_in(client, person)
    later(client, "identity", given_name="Rosa", family_name="Ejemplo", born=["", "", ""])
    (mail,) = factories.mails("application_saved")
    assert "Please send it by" not in mail.body and number
    assert count(Registration) == 1


def test_an_account_closed_in_between_keeps_nothing(app: Flask) -> None:
    _client, who = begin(app)
    nobody = Viewer(account_id="n" * 22, person_id=who.person_id)
    course = acting.standing(factories.course("OTHER27"), State.OFFERED)
    assert course
    with pytest.raises(apply_operations.NotFound):
        course_id = db.session.execute(db.text("SELECT id FROM course LIMIT 1")).scalar_one()
        apply_operations.save_for_later(course_id, {}, nobody, "en", nominated=False)
    assert count(Draft) == 0 and factories.mails("application_saved") == []


# back


@pytest.mark.parametrize(
    ("step", "before", "typed", "shows"),
    [
        ("work", "identity", {"unit": "Corte", "phone": "7"}, ['value="Corte"', 'value="7"']),
        ("work", "identity", {"unit": "", "phone": "1" * 41}, [f'value="{"1" * 41}"']),
        ("identity", "country", {"born": ["31", "2", "1980"]}, ['value="31"', 'value="1980"']),
        ("identity", "country", {"given_name": "A\u202eB"}, ['value="A\u202eB"']),
        ("needs", "work", {"needs": "x" * 1001}, ["x" * 1001]),
        ("notice", "needs", {"notice": "y"}, ['checked id="notice"']),
    ],
)
def test_back_keeps_what_was_typed_right_or_wrong(
    applicant: FlaskClient, step: str, before: str, typed: dict[str, Any], shows: list[str]
) -> None:
    assert send(applicant, f"{HERE}/{step}", back="yes", **typed) == f"{HERE}/{before}"
    again = page(applicant, f"{HERE}/{step}")
    assert all(one in again for one in shows)
    assert "There is a problem" not in again


def test_what_was_wrong_is_asked_again_before_it_is_sent(applicant: FlaskClient) -> None:
    answer_all(applicant)
    send(applicant, f"{HERE}/work?then=check", back="yes", unit="", phone="1")
    assert applicant.get(f"{HERE}/check").location == f"{HERE}/resume"
    assert applicant.get(f"{HERE}/resume").location == f"{HERE}/work"
    assert send(applicant, f"{HERE}/work", **ANSWERS["work"])
    assert applicant.get(f"{HERE}/resume").location == f"{HERE}/check"


def test_what_is_right_is_answered_by_going_back(applicant: FlaskClient) -> None:
    answer_all(applicant)
    send(applicant, f"{HERE}/work?then=check", back="yes", unit="Corte Suprema", phone="")
    assert "Corte Suprema" in page(applicant, f"{HERE}/check")


def test_going_back_from_an_untouched_page_begins_nothing(applicant: FlaskClient) -> None:
    assert send(applicant, f"{HERE}/function", back="yes") == "/courses/PUB27"
    assert count(Draft) == 0


def test_what_is_too_long_to_be_kept_is_said(applicant: FlaskClient) -> None:
    shown = send(applicant, f"{HERE}/needs", 200, back="yes", needs="x" * 70_000)
    assert "There is a problem" in shown and count(Draft) == 0


def test_enter_goes_on_and_not_back(applicant: FlaskClient) -> None:
    """The first button of a form is pressed by the key."""
    shown = page(applicant, f"{HERE}/work").partition("<main")[2]
    buttons = re.findall(r"<button[^>]*>", shown)
    assert len(buttons) == 3 and "name=" not in buttons[0]
    assert 'name="back"' in buttons[2]
