"""The officer's pages: found without a name in an address, asked once, and a receipt."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.asking import page
from tests.privacy import somebody
from tests.privacy.somebody import FAMILY, GIVEN, MAIL, WORDS, Somebody
from tests.registrations import acting
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.permissions import Role
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.mail.writes import enqueue
from trainings.people.models import IdentityRead, Person
from trainings.registrations.rules import State

PAGE = "/privacy/erasure"


@pytest.fixture
def who(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Somebody:
    return somebody.build(monkeypatch)


@pytest.fixture
def officer(who: Somebody, client: FlaskClient) -> FlaskClient:
    """The officer's browser, signed in just now."""
    factories.sign_in(client, who.officer)
    return client


def test_it_begins_from_the_officers_home_and_the_trail(app: Flask, client: FlaskClient) -> None:
    factories.sign_in(client, factories.account(Role.DATA_PROTECTION))
    for path in ("/", "/trail"):
        assert f'href="{PAGE}"' in page(client, path)
    shown = page(client, PAGE)
    assert "Nobody has been erased yet" in shown
    factories.sign_in(client, factories.account(Role.ADMINISTRATOR))
    assert PAGE not in page(client, "/")


@pytest.mark.parametrize("way", ["mail", "name", "turned", "number", "serial"])
def test_each_way_leads_to_the_person(who: Somebody, officer: FlaskClient, way: str) -> None:
    sought = {
        "mail": MAIL.upper(),
        "name": f" {GIVEN}  {FAMILY}",
        "turned": f"{FAMILY}, {GIVEN}".upper(),
        "number": who.number.lower(),
        "serial": who.certificate.serial.lower(),
    }[way]
    answer = officer.post(PAGE, data={"sought": sought})
    assert answer.status_code == 303
    assert answer.location == f"{PAGE}/{who.person_id}", "nobody is named in an address"
    shown = page(officer, answer.location)
    for text in (f"{GIVEN} {FAMILY}", MAIL, who.number, who.certificate.serial, "BUE26"):
        assert text in shown
    title = re.search("<title>(.*?)</title>", shown)
    assert title and GIVEN not in title[1]
    db.session.close()
    reads = db.session.scalars(select(IdentityRead).where(IdentityRead.purpose == "erasure"))
    assert [row.by for row in reads][-1] == who.officer.account_id


def _of(who: Somebody) -> Person:
    return db.session.get_one(Person, who.person_id, execution_options={"scope": "operation"})


def test_several_of_one_address_are_listed(who: Somebody, officer: FlaskClient) -> None:
    other = factories.account(staff=False, name=("Otra", "Persona"), mail=MAIL)
    shown = officer.post(PAGE, data={"sought": MAIL}).get_data(as_text=True)
    for one in (who.person_id, other.person_id):
        assert f'href="{PAGE}/{one}"' in shown
    assert "Otra" in page(officer, f"{PAGE}/{who.person_id}"), "shared mailboxes are pointed out"


@pytest.mark.parametrize("sought", ["Zenobia", "zenobia@elsewhere.example", "R-AAAAAA", "…"])
def test_nobody_found_says_how_to_look(officer: FlaskClient, sought: str) -> None:
    answer = officer.post(PAGE, data={"sought": sought})
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Nobody was found. Enter the full name or the exact email" in shown
    assert f'value="{sought}"' in shown, "what was typed is kept"


def test_a_fresh_sign_in_is_asked_for(who: Somebody, client: FlaskClient) -> None:
    with clock.shifted(-timedelta(minutes=6)):
        factories.sign_in(client, who.officer)
    for method in ("get", "post"):
        data = {"reason": "asked", "typed": who.number} if method == "post" else None
        answer = client.open(f"{PAGE}/{who.person_id}", method=method.upper(), data=data)
        assert answer.status_code == 303
        assert "again=yes" in (answer.location or "")
    assert _of(who).erased_at is None


def test_it_is_asked_once_and_gives_a_receipt(who: Somebody, officer: FlaskClient) -> None:
    path = f"{PAGE}/{who.person_id}"
    assert f"type: {who.number}" in page(officer, path)
    wrong = officer.post(path, data={"typed": "somebody else"}).get_data(as_text=True)
    assert "Choose why you are erasing this person." in wrong
    assert 'value="somebody else"' in wrong
    wrong = officer.post(path, data={"reason": "asked", "typed": "x"}).get_data(as_text=True)
    assert "so nothing was erased" in wrong
    assert _of(who).erased_at is None
    db.session.close()
    sent = {"reason": "asked", "typed": f" {who.number.lower()} ", "form_token": "one"}
    answer = officer.post(path, data=sent)
    assert answer.status_code == 303
    shown = page(officer, answer.location or "")
    receipt = re.search(r"E-[2-9A-HJ-NP-Z]{8}", shown)
    assert receipt and receipt[0] in (answer.location or "")
    assert "The person asked for it" in shown
    assert not [word for word in WORDS if word in shown.casefold()]
    assert officer.post(path, data=sent).status_code == 303, "a second click"
    assert officer.get(path).location == answer.location
    found = officer.post(PAGE, data={"sought": who.certificate.serial})
    assert officer.get(found.location or "").location == answer.location
    assert receipt[0] in page(officer, PAGE)
    assert "Person erased" in page(officer, "/trail")


def test_what_stands_in_the_way_is_said_instead_of_the_form(
    app: Flask, client: FlaskClient
) -> None:
    course = factories.course("BUE27")
    acting.share_out(course, {("BO", "judge"): 2})
    _number, one = acting.standing(course, State.CONFIRMED)
    factories.sign_in(client, factories.account(Role.DATA_PROTECTION))
    shown = page(client, f"{PAGE}/{one.person_id}")
    assert "registered on a course that is not over: BUE27" in shown
    assert 'name="typed"' not in shown
    answer = client.post(f"{PAGE}/{one.person_id}", data={"reason": "asked", "typed": _number})
    assert "registered on a course that is not over" in answer.get_data(as_text=True)


def test_the_page_costs_the_same_however_much_is_held(
    who: Somebody, officer: FlaskClient, statements: list[str]
) -> None:
    def cost() -> int:
        db.session.close()
        statements.clear()
        page(officer, f"{PAGE}/{who.person_id}")
        return len(statements)

    one = cost()
    assert one <= 16, statements
    for number in range(3):
        code = f"ADD{number}"
        course = factories.course(code, state=CourseState.COMPLETED, starts_in=-40)
        acting.add_registration(course, who.person_id, State.NO_SHOW, "BO", "judge")
        with transaction() as session:
            enqueue(
                session,
                "course_cancelled",
                to=MAIL,
                language="es",
                person_id=who.person_id,
                course=session.get_one(Course, course),
                name=GIVEN,
            )
    assert cost() == one
