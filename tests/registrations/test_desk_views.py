"""The organiser's list of candidates: what it shows, to whom, and what it costs."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests import factories
from tests.asking import page
from tests.registrations import acting, crowd
from tests.registrations.desk import DESK, named
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.permissions import Role
from trainings.people.models import IdentityRead, Person
from trainings.registrations.rules import State


def test_an_empty_list_says_what_it_is_for(client: FlaskClient, course: str) -> None:
    text = page(client, DESK)
    assert "No candidates yet" in text and f"{DESK}/invite" in text
    assert "Nobody is in reserve" in page(client, "/courses/BUE27/reserve")
    assert "Nobody has confirmed yet" in page(client, f"{DESK}/message")


def test_every_state_has_its_page_and_its_line(client: FlaskClient, course: str) -> None:
    states = [state for state in State if state is not State.ATTENDED]
    numbers = [acting.standing(course, state)[0] for state in states]
    text = page(client, DESK)
    for number in numbers:
        assert number in text
        assert number in page(client, f"{DESK}/{number}")
    assert "waits for endorsement" in text and "waits for the organisers to decide" in text
    assert "to answer" in text


def test_the_list_is_filtered_and_a_name_never_stands_in_an_address(
    client: FlaskClient, course: str
) -> None:
    first, second = (acting.standing(course, State.ENDORSED)[0] for _ in range(2))
    waits, _ = acting.standing(course, State.RESERVE, country="PE")
    named(first, "Zoë", "Ñáñez")
    answer = client.post(f"{DESK}/find", data={"text": "nanez", "state": "endorsed"})
    assert answer.status_code == 303 and "nanez" not in answer.location
    text = page(client, answer.location)
    assert first in text and second not in text and waits not in text
    assert 'value="nanez"' in text
    for query, shown in (
        ("state=reserve", waits), ("country=PE", waits), ("state=undecided&function=judge", first),
    ):  # fmt: skip
        assert shown in page(client, f"{DESK}?{query}")
    for nonsense in ("state=none", "problem=x", "sort=x", "page=-3", "page=x", "q=abc", "seats=x"):
        assert first in page(client, f"{DESK}?{nonsense}")
    assert "Nobody matches" in page(client, f"{DESK}?state=no_show")


def test_a_cell_leads_to_those_who_hold_its_seats(client: FlaskClient, course: str) -> None:
    kept, _ = acting.standing(course, State.CONFIRMED)
    opened, _ = acting.standing(course, State.OFFERED)
    text = page(client, DESK)
    assert f"{DESK}?seats=BO-judge" in text and f"{DESK}?seats=any-any" in text
    own, everyones = (page(client, f"{DESK}?seats={cell}") for cell in ("BO-judge", "any-any"))
    assert kept in own and opened not in own
    assert opened in everyones and kept not in everyones


def test_what_needs_looking_after_is_found(client: FlaskClient, course: str) -> None:
    number, _ = acting.standing(course, State.CONFIRMED)
    other, _ = acting.standing(course, State.CONFIRMED, complete=True)
    with transaction() as session:
        found = session.get_one(Person, acting.registration(other).person_id)
        found.mail_bounced_at = clock.now()
    assert other not in page(client, f"{DESK}?problem=incomplete")
    bounced = page(client, f"{DESK}?problem=bounced")
    assert number not in bounced and "correct the address" in bounced


def test_each_look_at_the_list_is_logged(client: FlaskClient, course: str) -> None:
    acting.standing(course, State.ENDORSED)
    page(client, DESK)
    db.session.close()
    assert db.session.scalar(select(func.count()).select_from(IdentityRead)) == 1


def pages_of(number: str) -> list[str]:
    return [
        DESK, f"{DESK}/{number}", f"{DESK}/{number}/mail", f"{DESK}/{number}/withdraw",
        f"{DESK}/{number}/deadline", f"{DESK}/decide?act=reject&number={number}",
        f"{DESK}/invite", f"{DESK}/message", "/courses/BUE27/reserve",
    ]  # fmt: skip


def test_for_all_others_the_pages_are_not_there(client: FlaskClient) -> None:
    made = factories.course(agencies=("IOM",))
    number, _ = acting.standing(made, State.OFFERED)
    for other in (
        acting.organiser("UNODC"), acting.focal_point("BO"),
        factories.account(Role.TRAINER, course_id=made), factories.account(Role.ADMINISTRATOR),
    ):  # fmt: skip
        factories.sign_in(client, other)
        for path in pages_of(number):
            hidden = page(client, path, 404).replace(number, "R-NOBODY")
            assert hidden == page(client, path.replace(number, "R-NOBODY"), 404), path


def test_a_number_of_another_course_is_not_there(client: FlaskClient, course: str) -> None:
    other = factories.course("OTHER")
    number, _ = acting.standing(other, State.ENDORSED)
    assert client.get(f"{DESK}/{number}").status_code == 404
    assert client.get(f"{DESK}/decide?act=reject&number={number}").status_code == 404
    answer = client.post(f"{DESK}/decide?act=reject&number={number}",
                         data={"numbers": [number], "reason": "x"})  # fmt: skip
    assert answer.status_code == 404 and acting.state(number) is State.ENDORSED


@pytest.mark.parametrize(("query", "most"), [("", 8), ("?sort=state", 8), ("?sort=name", 9)])
def test_the_list_takes_few_statements_however_long_it_is(
    client: FlaskClient, course: str, statements: list[str], query: str, most: int
) -> None:
    for number in (5, 300):
        made = factories.course(f"LONG{number}", capacity=3)
        crowd.fill(made, number)
        db.session.remove()
        statements.clear()
        page(client, f"/courses/LONG{number}/registrations{query}")
        assert len(statements) <= most, statements


def test_pages_of_fifty_are_turned(client: FlaskClient, course: str) -> None:
    made = factories.course("LONG", capacity=3)
    crowd.fill(made, 120)
    seen: set[str] = set()
    for number in (1, 2, 3):
        text = page(client, f"/courses/LONG/registrations?sort=name&page={number}")
        seen |= set(re.findall(r'name="numbers" value="(R-\w+)"', text))
    assert len(seen) == 120
