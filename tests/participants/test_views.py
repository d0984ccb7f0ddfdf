"""Own pages: where one stands, confirm, decline, withdraw, the name to be printed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests import factories
from tests.asking import page, send
from tests.registrations import acting
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.mail.models import OutboxMail
from trainings.people import reading
from trainings.registrations import queries
from trainings.registrations.models import HistoryStep
from trainings.registrations.rules import State

CODE, TITLE = "BUE27", "Course for investigators"


@pytest.fixture
def course(client: FlaskClient) -> str:
    made = factories.course(CODE)
    acting.share_out(made, {("BO", "judge"): 2})
    return made


def standing(client: FlaskClient, course: str, state: State, **more: Any) -> str:
    """Somebody in a state, signed in; gives the number."""
    number, person = acting.standing(course, state, **more)
    factories.sign_in(client, person)
    return number


def steps() -> int:
    db.session.close()
    return db.session.scalar(select(func.count()).select_from(HistoryStep)) or 0


def mails() -> int:
    db.session.close()
    return db.session.scalar(select(func.count()).select_from(OutboxMail)) or 0


NEXT = {
    State.NOMINATED: "The focal point of your country has to endorse your",
    State.APPLIED: "The focal point of your country has to endorse your",
    State.ENDORSED: "The organisers select from the candidates",
    State.RESERVE: "You are no. 1 of 1 on the reserve list",
    State.OFFERED: "A seat is held for you",
    State.CONFIRMED: "Your seat is confirmed.",
    State.ATTENDED: "You took part in this course",
    State.NO_SHOW: "You were not recorded as present at this course. If this is",
    State.REJECTED: "You were not selected for this course. Your focal point can",
    State.DECLINED: "This registration has ended",
    State.WITHDRAWN: "This registration has ended",
    State.EXPIRED: "We held the seat for you until the deadline. It then went",
    State.CANCELLED: "The course was cancelled",
}


def test_every_state_has_its_word() -> None:
    assert set(NEXT) == set(State)


@pytest.mark.parametrize("state", list(NEXT), ids=str)
def test_each_state_says_what_comes_next(client: FlaskClient, course: str, state: State) -> None:
    number = standing(client, course, state)
    shown = page(client, f"/my/registrations/{number}")
    assert NEXT[state] in shown
    assert number in page(client, "/my/registrations")
    ended = state not in queries.LIVE
    assert ("Withdraw from the course" in shown) is not ended
    near = state in (State.CONFIRMED, State.ATTENDED)
    assert ("Centro de Formación" in shown) is near, "the venue is for those who confirmed"
    assert (f"/courses/{CODE}/agenda" in shown) is near
    on_a_map = 'href="geo:0,0?q=Centro%20de%20Formaci%C3%B3n%2C%20Buenos%20Aires%2C%20Argentina"'
    assert (on_a_map in shown) is (state is State.CONFIRMED)


def test_confirming_leads_to_the_name(client: FlaskClient, course: str) -> None:
    number = standing(client, course, State.OFFERED)
    here = f"/my/registrations/{number}"
    assert f'action="{here}/accept"' in page(client, here)
    assert send(client, f"{here}/accept") == f"{here}/name"
    assert acting.state(number) is State.CONFIRMED
    assert "Your seat is confirmed." in page(client, f"{here}/name")
    before = steps(), mails()
    assert send(client, f"{here}/accept") == f"{here}/name", "a second click"
    assert (steps(), mails()) == before


def test_an_offer_that_ended_is_refused_in_words(client: FlaskClient, course: str) -> None:
    number = standing(client, course, State.EXPIRED)
    here = f"/my/registrations/{number}"
    assert send(client, f"{here}/accept") == here
    assert 'class="note note-error"' in page(client, here)
    assert acting.state(number) is State.EXPIRED


def test_too_late_by_a_minute(client: FlaskClient, course: str) -> None:
    gone = clock.now() - timedelta(minutes=1)
    number = standing(client, course, State.OFFERED, offered_until=gone)
    here = f"/my/registrations/{number}"
    assert send(client, f"{here}/accept") == here
    assert 'class="note note-error"' in page(client, here)
    assert acting.state(number) is not State.CONFIRMED


def test_declining_is_asked_once(client: FlaskClient, course: str) -> None:
    number = standing(client, course, State.OFFERED)
    here = f"/my/registrations/{number}"
    asked = page(client, f"{here}/decline")
    assert "Decline the seat?" in asked and TITLE in asked
    assert "goes to the next person on the reserve list" in asked
    assert acting.state(number) is State.OFFERED, "a look changes nothing"
    assert send(client, f"{here}/decline") == here
    assert acting.state(number) is State.DECLINED
    before = steps(), mails()
    again = send(client, f"{here}/decline", 200)
    assert "There is a problem" in again
    assert (steps(), mails()) == before


@pytest.mark.parametrize(
    ("state", "asked", "why"),
    [
        (State.CONFIRMED, "decline", "There is no open offer of a seat"),
        (State.EXPIRED, "decline", "There is no open offer of a seat"),
        (State.DECLINED, "withdraw", "“Declined”"),
    ],
)
def test_an_old_link_asks_nothing_that_is_over(
    client: FlaskClient, course: str, state: State, asked: str, why: str
) -> None:
    here = f"/my/registrations/{standing(client, course, state)}"
    answer = client.get(f"{here}/{asked}")
    assert (answer.status_code, answer.location) == (303, here)
    assert why in page(client, here)


@pytest.mark.parametrize("state", [State.NOMINATED, State.RESERVE, State.OFFERED, State.CONFIRMED])
def test_withdrawing_with_a_reason(client: FlaskClient, course: str, state: State) -> None:
    number = standing(client, course, state)
    here = f"/my/registrations/{number}"
    asked = page(client, f"{here}/withdraw")
    holds = state in (State.OFFERED, State.CONFIRMED)
    assert ("Your seat goes to the next person" in asked) is holds
    assert "You cannot undo this." in asked and TITLE in asked
    assert send(client, f"{here}/withdraw", reason="Una audiencia") == here
    assert acting.state(number) is State.WITHDRAWN
    assert acting.seats_taken(course) == 0
    last = queries.history(acting.registration(number).id)[-1]
    assert queries.reason_of(last) == "Una audiencia"


def test_a_reason_too_long_stays(client: FlaskClient, course: str) -> None:
    number = standing(client, course, State.CONFIRMED)
    long = "á" * 1001
    shown = send(client, f"/my/registrations/{number}/withdraw", 200, reason=long)
    assert long in shown
    assert "There is a problem" in shown
    assert acting.state(number) is State.CONFIRMED


def test_one_form_sent_twice_withdraws_once(client: FlaskClient, course: str) -> None:
    number = standing(client, course, State.CONFIRMED)
    path = f"/my/registrations/{number}/withdraw"
    token = re.search(r'name="form_token"[^>]*value="([^"]+)"', page(client, path))
    assert token
    send(client, path, form_token=token[1])
    before = steps(), mails()
    again = client.post(path, data={"form_token": token[1]}, follow_redirects=True)
    assert again.status_code == 200
    assert (steps(), mails()) == before


# the name to be printed


def test_the_name_is_shown_changed_and_confirmed(client: FlaskClient, course: str) -> None:
    number = standing(client, course, State.CONFIRMED, complete=True)
    here = f"/my/registrations/{number}"
    mine = acting.registration(number)
    known = reading.opened([mine.person_id])[mine.person_id].name
    first = page(client, f"{here}/name")
    assert f'<p class="printed-name">{known}</p>' in first
    typed = {"printed_name": "Dra. Ñusta Ágreda", "language": "pt_BR"}
    looked = send(client, f"{here}/name", 200, look="yes", **typed)
    assert '<p class="printed-name">Dra. Ñusta Ágreda</p>' in looked
    assert acting.registration(number).name_confirmed_at is None, "a look confirms nothing"
    assert "Check my name for the certificate" in page(client, "/")
    assert send(client, f"{here}/name", **typed) == here
    mine = acting.registration(number)
    assert queries.printed_name(mine) == "Dra. Ñusta Ágreda"
    assert mine.certificate_language == "pt_BR"
    assert "Check my name for the certificate" not in page(client, "/")
    assert "Ágreda".encode() not in (mine.printed_name or b"")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"printed_name": "", "language": "es"}, "Enter your name as it should be printed."),
        ({"printed_name": "  ", "language": "es"}, "Enter your name as it should be printed."),
        ({"printed_name": "A" * 161, "language": "es"}, "160"),
        (
            {"printed_name": "Ana\u202e", "language": "es"},
            "This contains a hidden character that changes the direction",
        ),
        ({"printed_name": "Ana", "language": "xx"}, "Choose the language."),
    ],
)
def test_a_name_that_cannot_be_printed(
    client: FlaskClient, course: str, typed: dict[str, str], sentence: str
) -> None:
    number = standing(client, course, State.CONFIRMED)
    shown = send(client, f"/my/registrations/{number}/name", 200, **typed)
    assert sentence in shown
    assert "There is a problem" in shown
    assert acting.registration(number).name_confirmed_at is None


def test_an_ended_registration_has_no_name_to_confirm(client: FlaskClient, course: str) -> None:
    number = standing(client, course, State.WITHDRAWN)
    shown = send(client, f"/my/registrations/{number}/name", 200, printed_name="Ana", language="es")
    assert "There is a problem" in shown
    assert acting.registration(number).printed_name is None


# what is hidden


PATHS = [
    ("get", ""),
    ("post", "/accept"),
    ("get", "/decline"),
    ("post", "/decline"),
    ("get", "/withdraw"),
    ("post", "/withdraw"),
    ("get", "/name"),
    ("post", "/name"),
]


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_somebody_elses_number_is_as_if_it_were_not(
    client: FlaskClient, course: str, method: str, path: str
) -> None:
    other, _person = acting.standing(course, State.OFFERED)
    factories.sign_in(client, factories.account())
    hidden = getattr(client, method)(f"/my/registrations/{other}{path}")
    missing = getattr(client, method)(f"/my/registrations/R-NOBODY{path}")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.data == missing.data
    assert acting.state(other) is State.OFFERED


def test_nobody_is_asked_to_sign_in_first(client: FlaskClient, course: str) -> None:
    number, _person = acting.standing(course, State.OFFERED)
    for method, path in PATHS:
        answer = getattr(client, method)(f"/my/registrations/{number}{path}")
        assert (answer.location or "").startswith("/sign-in/link?next="), path


def test_the_empty_list_says_what_it_is_for(client: FlaskClient) -> None:
    factories.sign_in(client, factories.account())
    shown = page(client, "/my/registrations")
    assert "No registrations yet" in shown
    assert 'href="/courses"' in shown


def test_the_page_of_the_course_leads_to_ones_registration(
    client: FlaskClient, course: str
) -> None:
    number = standing(client, course, State.ENDORSED)
    shown = page(client, f"/courses/{CODE}")
    assert f'href="/my/registrations/{number}"' in shown
    assert "Apply for a seat" not in shown


def test_joining_instructions_are_for_those_who_confirmed(client: FlaskClient, course: str) -> None:
    with transaction() as session:
        session.get_one(Course, course).instructions = "Bring your badge."
    offered = standing(client, course, State.OFFERED)
    assert "Bring your badge." not in page(client, f"/my/registrations/{offered}")
    send(client, f"/my/registrations/{offered}/accept")
    assert "Bring your badge." in page(client, f"/my/registrations/{offered}")


def test_a_cancelled_course_takes_no_answer(client: FlaskClient, course: str) -> None:
    number = standing(client, course, State.OFFERED)
    acting.end(course, CourseState.CANCELLED)
    send(client, f"/my/registrations/{number}/accept")
    assert acting.state(number) is State.OFFERED


def test_pages_cost_the_same_however_many_there_are(
    app: Flask, client: FlaskClient, course: str, statements: list[str]
) -> None:
    number = standing(client, course, State.CONFIRMED)
    here = f"/my/registrations/{number}"
    paths = ["/my/registrations", here, f"{here}/name", f"{here}/withdraw"]

    def costs() -> list[int]:
        found = []
        for path in paths:
            page(client, path)
            statements.clear()
            page(client, path)
            found.append(len(statements))
        return found

    before = costs()
    mine = acting.registration(number).person_id
    for code in ("ONE27", "TWO27", "TRE27"):
        more = factories.course(code)
        acting.share_out(more, {("BO", "judge"): 2})
        acting.add_registration(more, mine, State.CONFIRMED, "BO", "judge")
        acting.standing(course, State.RESERVE)
    assert costs() == before
    assert max(before) <= 11, before


def test_a_name_that_is_not_confirmed_is_said_to_be_so(client: FlaskClient, course: str) -> None:
    here = f"/my/registrations/{standing(client, course, State.CONFIRMED)}"
    assert "not confirmed yet" in page(client, here)
    send(client, f"{here}/name", printed_name="Ana Rojas", language="es")
    assert "not confirmed yet" not in page(client, here)
