"""What somebody waits for: one sentence for each case, the same on every list and page."""

from __future__ import annotations

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.asking import page
from tests.registrations import acting
from tests.selection.desk import DESK
from trainings.core import clock
from trainings.core.permissions import Role
from trainings.registrations.rules import State
from trainings.seats.waiting_rules import Fitting, next_step, what_must_happen, why_waiting

NONE, FREE = Fitting(0, 0, could_sit=False), Fitting(2, 0, could_sit=True)
OWN = "/courses/BUE27/nominations"


@pytest.mark.parametrize(
    ("seats", "said"),
    [
        (NONE, "there is no seat for this country and function"),
        (FREE, "can be offered a free seat"),
        (Fitting(1, 0, could_sit=False), "the only suitable seat is confirmed"),
        (Fitting(3, 0, could_sit=False), "all 3 suitable seats are confirmed"),
        (
            Fitting(3, 2, could_sit=False),
            "all 3 suitable seats are taken; 2 of them are offered, not confirmed",
        ),
    ],
)
def test_who_is_on_the_reserve_list_is_told_why(app: Flask, seats: Fitting, said: str) -> None:
    with app.test_request_context():
        assert why_waiting(seats) == said


@pytest.mark.parametrize(
    ("seats", "place", "said"),
    [
        (NONE, 1, ["At the moment no seat is meant for your country and function."]),
        (FREE, 1, ["A suitable seat is free. It is offered in the order of the list."]),
        (
            Fitting(1, 0, could_sit=False),
            1,
            [
                "You get a seat when one suitable seat becomes free: you are the first who waits.",
                "All suitable seats are confirmed, so somebody would have to withdraw.",
            ],
        ),
        (
            Fitting(3, 2, could_sit=False),
            2,
            [
                "You get a seat when 2 suitable seats become free: those before you come first.",
                "2 suitable seats are offered and not confirmed yet.",
            ],
        ),
    ],
)
def test_who_waits_is_told_what_would_have_to_happen(
    app: Flask, seats: Fitting, place: int, said: list[str]
) -> None:
    with app.test_request_context():
        assert what_must_happen(seats, place, None) == said
        told = what_must_happen(seats, place, date(2027, 1, 4))
        assert (
            told[:-1] == said
            and "4 January 2027, seats that other countries have not used" in told[-1]
        )


def test_the_own_page_says_what_would_have_to_happen(client: FlaskClient) -> None:
    course = factories.course(capacity=1)
    acting.share_out(course, {})
    acting.standing(course, State.OFFERED)
    number, person = acting.standing(course, State.RESERVE)
    factories.sign_in(client, person)
    text = page(client, f"/my/registrations/{number}")
    assert "you are the first who waits" in text and "offered and not confirmed yet" in text


@pytest.mark.parametrize(
    ("state", "complete", "said"),
    [
        (State.NOMINATED, False, "waiting for the focal point to endorse"),
        (State.APPLIED, True, "waiting for the focal point to endorse"),
        (State.APPLIED, False, "has not sent all details yet"),
        (State.ENDORSED, True, "waiting for the organisers to decide"),
        (State.OFFERED, True, "has until"),
        (State.CONFIRMED, False, "has not sent all details yet"),
        (State.CONFIRMED, True, "has not confirmed the name for the certificate"),
        (State.REJECTED, True, ""),
        (State.WITHDRAWN, True, ""),
    ],
)
def test_each_state_says_what_comes_next(
    app: Flask, state: State, complete: bool, said: str
) -> None:
    now = clock.now()
    one = SimpleNamespace(
        state=state, complete=complete, name_confirmed=False, offered_until=now + timedelta(days=1)
    )
    with app.test_request_context():
        found = next_step(one, FREE, now, "America/La_Paz")
        assert found.startswith(said) and bool(found) == bool(said)
        late = next_step(one, FREE, now + timedelta(days=2), "America/La_Paz")
        assert late == ("the deadline has passed" if state is State.OFFERED else found)
        endorser = next_step(one, FREE, now, "America/La_Paz", endorses=True)
        waits = state in {State.NOMINATED, State.APPLIED}
        assert endorser == ("waiting for your endorsement" if waits else found)


def _next_steps(text: str, number: str) -> str:
    """What a page says of one person's next step, in its line of the list or on its own."""
    own = re.search(r"<p>Next step: (.*?)</p>", text)
    if own:
        return own[1]
    line = next(part for part in text.split("<tr") if number in part)
    found = re.search(r'data-label="Next step"[^>]*>(.*?)</td>', line) or re.search(
        r'<br><span class="soft">(.*?)</span>', line
    )
    assert found, line
    return re.sub(r'<span class="soft"> · .*', "", found[1]).strip()


def _agree(client: FlaskClient, where: str, numbers: list[str]) -> list[str]:
    text = page(client, where)
    said = [_next_steps(text, number) for number in numbers]
    assert [_next_steps(page(client, f"{where}/{number}"), number) for number in numbers] == said
    return said


def test_list_and_page_of_one_person_agree(client: FlaskClient, course: str) -> None:
    states = (State.APPLIED, State.ENDORSED, State.OFFERED, State.RESERVE, State.CONFIRMED)
    numbers = [acting.standing(course, state)[0] for state in states]
    numbers.append(acting.standing(course, State.RESERVE, country="PE", function="police")[0])
    organiser = _agree(client, DESK, numbers)
    assert all(organiser)
    reserve = page(client, "/courses/BUE27/reserve")
    assert _next_steps(reserve, numbers[3]) == organiser[3]

    own = [*numbers[:5]]
    factories.sign_in(client, factories.account(Role.FOCAL_POINT, country="BO"))
    focal_point = _agree(client, OWN, own)
    assert focal_point == ["waiting for your endorsement", *organiser[1:5]]
