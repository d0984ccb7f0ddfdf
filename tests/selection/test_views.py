"""The organiser's list of candidates: what it shows, to whom, and what it costs."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests import factories
from tests.asking import page
from tests.registrations import acting, crowd
from tests.selection.desk import DESK, named
from trainings.core import clock, sealed
from trainings.core.db import db, transaction
from trainings.core.permissions import Role
from trainings.people.models import IdentityRead, Person
from trainings.people.writes import change_identity
from trainings.registrations.models import Registration
from trainings.registrations.rules import State


def test_an_empty_list_says_what_it_is_for(client: FlaskClient, course: str) -> None:
    text = page(client, DESK)
    assert "No candidates yet" in text and f"{DESK}/invite" in text
    assert "Nobody is on the reserve list" in page(client, "/courses/BUE27/reserve")


def test_every_state_has_its_page_and_its_line(client: FlaskClient, course: str) -> None:
    states = [state for state in State if state is not State.ATTENDED]
    numbers = [acting.standing(course, state)[0] for state in states]
    text = page(client, DESK)
    for number in numbers:
        assert number in text
        assert number in page(client, f"{DESK}/{number}")
    assert "waiting for the focal point to endorse" in text
    assert "waiting for the organisers to decide" in text
    assert "to reply" in text


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
        ("state=reserve", waits),
        ("country=PE", waits),
        ("state=undecided&function=judge", first),
    ):
        assert shown in page(client, f"{DESK}?{query}")
    for nonsense in ("state=none", "problem=x", "sort=x", "page=-3", "page=x", "q=abc", "seats=x"):
        assert first in page(client, f"{DESK}?{nonsense}")
    assert "No matches" in page(client, f"{DESK}?state=no_show")


def test_a_cell_leads_to_those_who_hold_its_seats(client: FlaskClient, course: str) -> None:
    kept, _ = acting.standing(course, State.CONFIRMED)
    opened, _ = acting.standing(course, State.OFFERED)
    text = page(client, DESK)
    cells = ("BO-judge", "any-judge", "any-any")
    assert all(f"{DESK}?seats={cell}" in text for cell in cells)
    own, everyones, row = (page(client, f"{DESK}?seats={cell}") for cell in cells)
    assert kept in own and opened not in own
    assert opened in everyones and kept not in everyones
    assert opened in row and kept not in row
    assert "No matches" in page(client, f"{DESK}?seats=any-police")


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
        DESK,
        f"{DESK}/{number}",
        f"{DESK}/{number}/mail",
        f"{DESK}/{number}/withdraw",
        f"{DESK}/{number}/deadline",
        f"{DESK}/decide?act=reject&number={number}",
        f"{DESK}/invite",
        f"{DESK}/message",
        "/courses/BUE27/reserve",
    ]


def test_for_all_others_the_pages_are_not_there(client: FlaskClient) -> None:
    made = factories.course(agencies=("IOM",))
    number, _ = acting.standing(made, State.OFFERED)
    for other in (
        acting.organiser("UNODC"),
        acting.focal_point("BO"),
        factories.account(Role.TRAINER, course_id=made),
        factories.account(Role.ADMINISTRATOR),
    ):
        factories.sign_in(client, other)
        for path in pages_of(number):
            hidden = page(client, path, 404).replace(number, "R-NOBODY")
            assert hidden == page(client, path.replace(number, "R-NOBODY"), 404), path


def test_a_number_of_another_course_is_not_there(client: FlaskClient, course: str) -> None:
    other = factories.course("OTHER")
    number, _ = acting.standing(other, State.ENDORSED)
    assert client.get(f"{DESK}/{number}").status_code == 404
    assert client.get(f"{DESK}/decide?act=reject&number={number}").status_code == 404
    answer = client.post(
        f"{DESK}/decide?act=reject&number={number}", data={"numbers": [number], "reason": "x"}
    )
    assert answer.status_code == 404 and acting.state(number) is State.ENDORSED


@pytest.mark.parametrize(("query", "most"), [("", 13), ("?sort=state", 13), ("?sort=name", 13)])
def test_the_list_takes_few_statements_however_long_it_is(
    client: FlaskClient, course: str, statements: list[str], query: str, most: int
) -> None:
    for number in (5, 300):
        made = factories.course(f"LONG{number}", capacity=3)
        crowd.fill(made, number)
        db.session.remove()
        factories.act(made)
        page(client, f"/courses/LONG{number}/registrations{query}")  # counted once after each act
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


def order(client: FlaskClient, query: str = "") -> list[str]:
    return re.findall(r'name="numbers" value="(R-\w+)"', page(client, f"{DESK}?{query}"))


def test_what_waits_for_the_organisers_comes_first(client: FlaskClient, course: str) -> None:
    confirmed, _ = acting.standing(course, State.CONFIRMED, name_confirmed_at=clock.now())
    nominated, _ = acting.standing(course, State.NOMINATED)
    bounced, _ = acting.standing(course, State.OFFERED)
    second, _ = acting.standing(course, State.ENDORSED, priority=2)
    first, _ = acting.standing(course, State.ENDORSED, priority=1)
    with transaction() as session:
        person = session.get_one(Person, acting.registration(bounced).person_id)
        person.mail_bounced_at = clock.now()
    wanted = [first, second, bounced, nominated, confirmed]
    assert order(client) == order(client, "sort=waiting") == wanted
    assert order(client, "sort=number") == sorted(wanted)
    assert "Show what waits for you first" in page(client, f"{DESK}?sort=number")
    assert "Show what waits for you first" not in page(client, DESK)


def test_columns_are_switched_on_and_stay(client: FlaskClient, course: str) -> None:
    number, _ = acting.standing(course, State.ENDORSED, priority=3, sex="F")
    registration = acting.registration(number)
    with transaction() as session:
        found = session.get_one(Registration, registration.id)
        found.unit = sealed.seal("Fiscalía Sur", f"registration|unit|{found.id}")
    plain = page(client, DESK)
    assert "Fiscalía Sur" not in plain and 'data-label="Sex"' not in plain
    answer = client.post(f"{DESK}/find", data={"columns": ["unit", "sex", "priority", "born"]})
    text = page(client, answer.location)
    for label, value in (("Unit", "Fiscalía Sur"), ("Sex", "Woman"), ("Priority", "3")):
        assert re.search(rf'data-label="{label}"[^>]*>{value}</td>', text)
    assert len(re.findall(r'name="columns"[^>]* checked', text)) == 3
    assert re.search(r'href="[^"]*columns=[^"]*sort=name', text), "sorting keeps them"


def test_the_search_finds_address_and_unit(client: FlaskClient, course: str) -> None:
    one, other = (acting.standing(course, State.ENDORSED)[0] for _ in range(2))
    named(one, "Ana", "Rojas", "ana.rojas@ministerio.example")
    named(other, "Luz", "Prado", "luz@other.example")
    with transaction() as session:
        found = session.get_one(Registration, acting.registration(other).id)
        found.unit = sealed.seal("Fiscalía Sur", f"registration|unit|{found.id}")
    for typed, number in (
        ("ANA.ROJAS@ministerio", one),
        ("ministerio.example", one),
        ("fiscalia", other),
        ("prado sur", other),
        ("luz@", other),
    ):
        answer = client.post(f"{DESK}/find", data={"text": typed})
        assert typed.lower() not in answer.location.lower()
        assert order(client, answer.location.partition("?")[2]) == [number], typed
    answer = client.post(f"{DESK}/find", data={"text": "example.org"})
    assert "No matches" in page(client, answer.location)


def test_each_box_says_whose_it_is(client: FlaskClient, course: str) -> None:
    """For who hears the list: the name, and the number, for two may have one name."""
    number, person = acting.standing(course, State.ENDORSED)
    with transaction() as session:
        who = session.get_one(Person, person.person_id)
        change_identity(who, given_name="Zoë", family_name="O'Neil")
    text = page(client, "/courses/BUE27/registrations")
    assert f'value="{number}" aria-label="Choose Zoë O&#39;Neil, {number}"' in text
