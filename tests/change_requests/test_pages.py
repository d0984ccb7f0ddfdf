"""Asking for a change and deciding about it at the pages."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import counting, factories
from tests.asking import follow, page, send
from tests.change_requests.test_operations import ASKED, Seat
from tests.counting import statements
from tests.registrations import acting
from trainings.change_requests import queries
from trainings.change_requests.models import ChangeRequest
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Viewer
from trainings.participants.operations import complete_details
from trainings.people.models import IdentityRead
from trainings.registrations.rules import State

APPLY = "/courses/BUE27/apply"


@pytest.fixture
def seat(app: Flask) -> Seat:
    return Seat()


@pytest.fixture
def person(app: Flask, seat: Seat) -> FlaskClient:
    return client_of(app, seat.person)


@pytest.fixture
def organiser(app: Flask, seat: Seat) -> FlaskClient:
    return client_of(app, seat.by)


def client_of(app: Flask, who: Viewer) -> FlaskClient:
    client = app.test_client()
    factories.sign_in(client, who)
    return client


def looks() -> list[list[str]]:
    db.session.close()
    wanted = select(IdentityRead.persons).where(IdentityRead.purpose == "changes")
    return list(db.session.scalars(wanted))


def test_a_change_is_asked_for_and_taken_back(person: FlaskClient, seat: Seat) -> None:
    mine = f"/my/registrations/{seat.number}"
    assert "needs the organisers’ approval" in page(person, mine)
    send(person, f"{APPLY}/work?then=check", unit="Court 7", phone="+591 2 9")
    body = follow(person, f"{APPLY}/check")
    assert "have to approve the change" in body and "Court 7" in body
    assert "+591 2 9" in body, "a phone is changed at once"
    send(person, f"{APPLY}/work?then=check", unit="Court 7", phone="+591 2 8")
    follow(person, f"{APPLY}/check")
    assert seat.asked() is not None, "what waits is not lost by another change"
    assert "Take the change back?" in page(person, f"{mine}/change/take-back")
    send(person, f"{mine}/change/take-back")
    assert seat.asked() is None
    assert "A change is waiting" not in page(person, mine)


def test_the_organiser_sees_both_values_and_the_look_is_logged(
    organiser: FlaskClient, seat: Seat
) -> None:
    assert "No change is waiting." in page(organiser, "/courses/BUE27/changes")
    assert "Changes of details to approve" not in page(organiser, "/courses/BUE27/desk")
    seat.send(**ASKED)
    assert "Changes of details to approve" in page(organiser, "/courses/BUE27/desk")
    one = f"/courses/BUE27/registrations/{seat.number}"
    assert "waits for your decision" in page(organiser, one)
    before = len(looks())
    for path in ("/courses/BUE27/changes", f"{one}/change"):
        body = page(organiser, path)
        for said in ("27 March 1980", "27 March 1981", "Woman", "Other", "Court 7"):
            assert said in body, (path, said)
    assert len(looks()) == before + 2


def test_approved_and_refused_at_the_page(organiser: FlaskClient, seat: Seat) -> None:
    one = f"/courses/BUE27/registrations/{seat.number}/change"
    seat.send(**ASKED)
    seen = seat.seen()
    assert "Choose one of the two." in send(organiser, one, 200, seen=seen)
    body = send(organiser, one, 200, seen=seen, decision="refuse")
    assert "reason" in body.lower() and seat.asked() is not None
    seat.send(**{**ASKED, "unit": "Court 8"})
    body = send(organiser, one, 200, seen=seen, decision="approve")
    assert "in the meantime" in body and "Court 8" in body, "what is asked now is shown"
    assert seat.kept()["unit"] == "Court"
    body = follow(organiser, one, seen=seat.seen(), decision="approve")
    assert "The details are changed" in body and seat.kept()["unit"] == "Court 8"
    assert "no longer" in follow(organiser, one) or "in the meantime" in follow(organiser, one)
    seat.send(unit="Court 9")
    body = follow(organiser, one, seen=seat.seen(), decision="refuse", reason="Too late")
    assert "stay as they are" in body and seat.kept()["unit"] == "Court 8"


def test_the_list_costs_the_same_however_many_ask(organiser: FlaskClient, seat: Seat) -> None:
    def cost() -> int:
        db.session.close()
        with statements() as counted:
            page(organiser, "/courses/BUE27/changes")
        return len(counted)

    seat.send(**ASKED)
    page(organiser, "/courses/BUE27/changes")
    one = cost()
    for _ in range(3):
        number, person = acting.standing(seat.course, State.CONFIRMED)
        for unit in ("Court", "Court 7"):
            complete_details(number, acting.details(unit=unit), person)
    assert page(organiser, "/courses/BUE27/changes").count("Court 7") == 4
    assert cost() == one


def test_an_index_has_the_changes_of_a_course_in_their_order(each_app: Flask) -> None:
    """Without it all that wait in the course are sorted for each page."""
    seat = Seat()
    seat.send(unit="Court 7")
    asked = seat.asked()
    assert asked is not None
    other = factories.course("OTHER27")
    numbers = acting.crowd(other, State.APPLIED, 60)
    ids = [acting.registration(number).id for number in numbers]
    with transaction() as session:  # many elsewhere
        for one in ids:
            row = ChangeRequest(id=new_key(), registration_id=one, course_id=other)
            row.at, row.wanted = asked.at, b""
            session.add(row)
    db.session.close()
    plan = counting.plans(
        lambda: queries.waiting(seat.by, seat.course, 1, 50), "change_request", "registration"
    )
    assert "ix_change_request_waiting" in plan, plan
