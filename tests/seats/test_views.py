"""The table in which the seats of a course are shared out."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests import factories
from tests.registrations import acting
from trainings.core.db import db
from trainings.courses.models import Course
from trainings.registrations.rules import State
from trainings.seats import queries as seat_queries

SEATS = "/courses/BUE27/seats"


def kept(course_id: str) -> dict[tuple[str | None, str | None], int]:
    db.session.close()
    return {(b.country, b.function): b.seats for b in seat_queries.blocks(course_id) if b.seats}


def typed(client: FlaskClient, **changed: str) -> dict[str, str]:
    """What the table holds, with some of it typed anew."""
    text = client.get(SEATS).get_data(as_text=True)
    fields = re.findall(r'<input[^>]*name="((?:seats_|capacity)[^"]*)"[^>]*>', text)
    values = {
        name: re.findall(rf'<input[^>]*name="{name}"[^>]*value="(\d*)"', text)[0] for name in fields
    }
    assert set(changed) <= {*values, "rest"}
    return {**values, **changed}


def send(client: FlaskClient, data: dict[str, str]) -> str:
    return client.post(SEATS, data=data, follow_redirects=True).get_data(as_text=True)


@pytest.fixture
def course(client: FlaskClient) -> str:
    made = factories.course(capacity=6, countries=["BO", "PE"])
    factories.sign_in(client, acting.organiser())
    return made


def test_the_whole_table_is_saved_with_the_capacity(client: FlaskClient, course: str) -> None:
    data = typed(client, seats_BO_judge="2", seats_BO_any="1", seats_any_any="5", capacity="8")
    assert len(data) == 3 * 4 + 1
    assert "The seats have been saved." in send(client, {**data, "form_token": "t"})
    assert kept(course) == {("BO", "judge"): 2, ("BO", None): 1, (None, None): 5}
    assert db.session.get_one(Course, course).capacity == 8
    assert "This was already done. Nothing was done twice." in send(
        client, {**data, "form_token": "t"}
    )
    assert typed(client)["seats_BO_judge"] == "2"


def test_one_cell_can_be_the_rest(client: FlaskClient, course: str) -> None:
    data = typed(client, seats_BO_judge="2", seats_any_any="6", capacity="9")
    text = send(client, {**data, "rest": "seats_any_any", "form_token": "t"})
    assert "The seats have been saved." in text
    assert kept(course) == {("BO", "judge"): 2, (None, None): 7}
    data = typed(client, seats_BO_judge="10")
    text = send(client, {**data, "rest": "seats_any_any"})
    assert "The seats add up to 10, but the course has room for 9." in text
    assert re.search(r'<option selected value="seats_any_any">', text)


def test_the_rest_is_not_below_who_sits_there(client: FlaskClient, course: str) -> None:
    acting.share_out(course, {("BO", "judge"): 2})
    acting.standing(course, State.CONFIRMED, country="PE")
    data = typed(client, seats_BO_judge="6", rest="seats_any_any")
    assert "1 seat of this block is taken, so it cannot be reduced to 0." in send(client, data)


def test_what_does_not_add_up_is_refused_and_kept(client: FlaskClient, course: str) -> None:
    text = send(client, typed(client, seats_PE_police="4"))
    assert "The seats add up to 10, but the course has room for 6." in text
    assert re.search(r'name="seats_PE_police"[^>]*value="4"', text)
    assert not kept(course)


def test_each_wrong_cell_says_what_is_wrong(client: FlaskClient, course: str) -> None:
    text = send(client, typed(client, seats_PE_police="many", seats_BO_judge="-1"))
    assert "Enter a whole number in digits." in text
    assert "A number of seats cannot be below 0." in text
    assert 'value="many"' in text and 'value="-1"' in text
    assert 'href="#seats_PE_police"' in text
    assert "at least one seat" in send(client, typed(client, seats_any_any="0", capacity="0"))


def test_no_block_shrinks_below_its_holders(client: FlaskClient, course: str) -> None:
    acting.share_out(course, {("BO", "judge"): 2})
    for _ in range(2):
        acting.standing(course, State.CONFIRMED)
    assert "2 taken" in client.get(SEATS).get_data(as_text=True)
    text = send(client, typed(client, seats_BO_judge="1", seats_any_any="5"))
    assert "2 seats of this block are taken, so it cannot be reduced to 1." in text
    assert kept(course)[("BO", "judge")] == 2


def test_seats_that_become_free_are_offered(client: FlaskClient, course: str) -> None:
    acting.share_out(course, {("PE", None): 6})
    waits, _ = acting.standing(course, State.RESERVE)
    assert "One candidate is on the reserve list. If a change here" in client.get(SEATS).get_data(
        as_text=True
    )
    assert "saved" in send(client, typed(client, seats_PE_any="5", seats_BO_judge="1"))
    assert acting.state(waits) is State.OFFERED


def test_only_the_lead_agency_shares_seats_out(client: FlaskClient, course: str) -> None:
    for other in (acting.organiser("UNODC"), acting.focal_point("BO")):
        factories.sign_in(client, other)
        assert client.get(SEATS).status_code == 404
        assert client.post(SEATS, data={"capacity": "9"}).status_code == 404
