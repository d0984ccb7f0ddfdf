"""Applying, page by page: what is refused, kept, hidden; what a second click does."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.asking import page, send
from tests.participants.applying import ANSWERS, HERE, answer_all, count, number_in
from tests.registrations import acting
from trainings.core.db import db
from trainings.core.permissions import Viewer
from trainings.courses.rules import Visibility
from trainings.participants import apply_operations
from trainings.people import queries as people
from trainings.people import reading
from trainings.registrations import queries
from trainings.registrations.models import Draft, Registration
from trainings.registrations.rules import State


@pytest.fixture
def course(client: FlaskClient) -> str:
    made = factories.course("PUB27", visibility=Visibility.PUBLIC)
    acting.share_out(made, {("BO", "judge"): 2})
    return made


@pytest.fixture
def applicant(client: FlaskClient, course: str) -> Viewer:
    """Somebody who followed a mailed link: signed in, nothing known but the address."""
    made = factories.account(name=("", ""), mail="nusta@court.example")
    factories.sign_in(client, made)
    return made


# the link first


def test_the_answer_is_the_same_for_every_address(client: FlaskClient, course: str) -> None:
    factories.account(mail="known@court.example", name=("Ana", "Rojas"))
    pages = set()
    for mail in ("known@court.example", "new@court.example"):
        told = client.post(HERE, data={"mail": mail}, follow_redirects=True).text
        # The token against foreign forms carries the second in which the page was made.
        pages.add(re.sub(r'(name="csrf_token"[^>]*value)="[^"]*"', r"\1", told))
    assert len(pages) == 1
    assert "Check your inbox" in pages.pop()
    assert len(factories.mails("registration_start")) == 2


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter your email address, such as name@example.org."),
        ("nusta@", "Enter the full email address, such as name@example.org."),
        ("a b@court.example", "Enter the full email address, such as name@example.org."),
    ],
)
def test_a_wrong_address_is_refused_and_stays(
    client: FlaskClient, course: str, typed: str, sentence: str
) -> None:
    shown = send(client, HERE, 200, mail=typed)
    assert shown.count(sentence) == 2, "beside the field and in the summary"
    assert f'value="{typed}"' in shown
    assert "<title>Error: " in shown
    assert factories.mails() == []


def test_the_mailed_link_leads_to_the_first_question(client: FlaskClient, course: str) -> None:
    send(client, HERE, mail="new@court.example")
    link = re.search(r"/sign-in/link/\S+", factories.mails("registration_start")[0].body)
    assert link
    assert "We emailed this link to your address." in page(client, link[0])
    assert send(client, link[0]) == HERE
    assert client.get(HERE).location == f"{HERE}/resume"
    assert client.get(f"{HERE}/resume").location == f"{HERE}/function"
    assert "What is your function?" in page(client, f"{HERE}/function")


# page by page


def test_the_whole_way(client: FlaskClient, applicant: Viewer) -> None:
    assert client.get(HERE).location == f"{HERE}/resume"
    answer_all(client)
    check = page(client, f"{HERE}/check")
    for typed in (
        "Ñusta",
        "Quispe Ágreda",
        "Judge",
        "Bolivia",
        "27 March 1980",
        "BO-112233",
        "Tribunal de Sentencia 3",
        "+591 2 2123456",
        "Acceso sin gradas",
    ):
        assert typed in check, typed
    sent = send(client, f"{HERE}/check")
    mine = acting.registration(number_in(sent))
    assert (mine.state, mine.country, mine.function) == (State.APPLIED, "BO", "judge")
    assert (mine.complete, mine.applied) == (True, True)
    known = queries.as_given(mine, reading.opened([mine.person_id])[mine.person_id])
    assert known == reading.own_record(mine.person_id)
    assert (known.name, known.born) == ("Ñusta Quispe Ágreda", "1980-03-27")
    assert set(people.consents(mine.person_id)) == {"notice"}
    shown = page(client, sent)
    assert mine.number in shown
    assert "Your application has been sent" in shown
    assert "The focal point of your country reviews your application," in shown
    assert count(Draft) == 0
    assert len(factories.mails("registration_applied")) == 1
    assert client.get(f"{HERE}/resume").location == f"/my/registrations/{mine.number}"


@pytest.mark.parametrize(
    ("step", "change", "sentence", "kept"),
    [
        ("function", {"function": ""}, "Choose your function.", ""),
        ("function", {"function": "sailor"}, "Choose your function.", ""),
        ("country", {"country": ""}, "Choose the country where you work.", ""),
        ("country", {"country": "SE"}, "Choose the country where you work.", ""),
        (
            "identity",
            {"given_name": " ", "family_name": ""},
            "Enter your name as in your passport.",
            'value="BO-112233"',
        ),
        ("identity", {"born": ["31", "2", "1980"]}, "and year, such as 27 3 1980.", 'value="31"'),
        (
            "identity",
            {"born": ["27", "March", "1980"]},
            "Enter the date of birth as day",
            'value="March"',
        ),
        ("identity", {"born": ["1", "1", "9" * 30]}, "Enter the date of birth", 'value="1"'),
        ("identity", {"born": ["27", "", ""]}, "Enter the date of birth as day", 'value="27"'),
        (
            "identity",
            {"born": ["1", "1", "2199"]},
            "The date of birth must be in the past.",
            'value="2199"',
        ),
        ("identity", {"given_name": "A" * 81}, "80", "A" * 81),
        (
            "identity",
            {"given_name": "A\u202eB"},
            "This contains a hidden character that changes the direction",
            'value="Quispe Ágreda"',
        ),
        ("work", {"unit": ""}, "Enter the unit or office you work in.", 'value="+591 2 2123456"'),
        ("work", {"unit": "x" * 161}, "160", "x" * 161),
        ("needs", {"needs": "x" * 1001}, "1,000", "x" * 1001),
        (
            "notice",
            {"notice": ""},
            "Confirm that you have read how your data is used.",
            'id="notice"',
        ),
    ],
)
def test_what_is_refused_stays_and_nothing_is_written(
    client: FlaskClient,
    applicant: Viewer,
    step: str,
    change: dict[str, Any],
    sentence: str,
    kept: str,
) -> None:
    shown = send(client, f"{HERE}/{step}", 200, **{**ANSWERS[step], **change})
    assert "There is a problem" in shown
    assert shown.count(sentence) >= 2, "beside the field and in the summary"
    assert kept in shown
    assert count(Draft) == 0


def test_one_page_leads_to_the_next_and_back(client: FlaskClient, applicant: Viewer) -> None:
    order = [*ANSWERS, "check"]
    for step, after in pairwise(order):
        assert send(client, f"{HERE}/{step}", **ANSWERS[step]) == f"{HERE}/{after}"
        if after == "check":
            assert f'class="back" href="{HERE}/{step}"' in page(client, f"{HERE}/{after}")
        else:
            sent = {**ANSWERS[after], "back": "yes"}
            assert send(client, f"{HERE}/{after}", **sent) == f"{HERE}/{step}"
    assert send(client, f"{HERE}/function", **ANSWERS["function"], back="yes") == "/courses/PUB27"
    assert "Step 7 of 7" in page(client, f"{HERE}/check")


def test_a_change_leads_back_to_the_check(client: FlaskClient, applicant: Viewer) -> None:
    answer_all(client)
    change = f"{HERE}/work?then=check"
    assert change in page(client, f"{HERE}/check").replace("&amp;", "&")
    assert send(client, change, unit="Corte Suprema") == f"{HERE}/check"
    assert "Corte Suprema" in page(client, f"{HERE}/check")


def test_an_unfinished_application_is_not_checked_and_not_sent(
    client: FlaskClient, applicant: Viewer
) -> None:
    answer_all(client)
    send(client, f"{HERE}/work", unit="", phone="1", save_for_later="yes")
    assert client.get(f"{HERE}/check").location == f"{HERE}/resume"
    assert send(client, f"{HERE}/check") == f"{HERE}/resume"
    assert client.get(f"{HERE}/resume").location == f"{HERE}/work"
    assert count(Registration) == 0


def test_saved_for_later_even_half_typed(client: FlaskClient, applicant: Viewer) -> None:
    send(client, f"{HERE}/function", function="judge")
    send(client, f"{HERE}/country", country="BO")
    typed = {"given_name": "", "family_name": "", "document": "BO-112233", "born": ["9", "", ""]}
    assert send(client, f"{HERE}/identity", save_for_later="yes", **typed) == f"{HERE}/later"
    assert "Your answers are saved" in page(client, f"{HERE}/later")
    for place in ("/", "/my/registrations"):
        assert "You started an application but have not sent it yet." in page(client, place)
    assert client.get(f"{HERE}/resume").location == f"{HERE}/identity"
    assert 'value="BO-112233"' in page(client, f"{HERE}/identity")


def test_drafts_are_sealed(client: FlaskClient, applicant: Viewer) -> None:
    answer_all(client)
    db.session.close()
    kept = db.session.scalars(select(Draft.answers)).one()
    for typed in ("usta", "Quispe", "BO-112233", "Tribunal", "2123456", "gradas"):
        assert typed.encode() not in kept
    database = Path(db.engine.url.database or "")
    files = [database, Path(f"{database}-wal")]
    assert sum(len(file.read_bytes()) for file in files if file.exists()) > 0
    assert not any(b"BO-112233" in file.read_bytes() for file in files if file.exists())


def test_somebody_elses_draft_is_not_seen(client: FlaskClient, applicant: Viewer) -> None:
    answer_all(client)
    factories.sign_in(client, factories.account(name=("", ""), mail="other@court.example"))
    assert client.get(f"{HERE}/resume").location == f"{HERE}/function"
    assert "BO-112233" not in page(client, f"{HERE}/identity")


def test_two_clicks_send_one_application(client: FlaskClient, applicant: Viewer) -> None:
    answer_all(client)
    token = re.search(r'name="form_token"[^>]*value="([^"]+)"', page(client, f"{HERE}/check"))
    assert token
    first = send(client, f"{HERE}/check", form_token=token[1])
    second = client.post(f"{HERE}/check", data={"form_token": token[1]}, follow_redirects=True)
    assert second.status_code == 200
    assert number_in(first) in second.get_data(as_text=True)
    assert count(Registration) == 1
    assert len(factories.mails("registration_applied")) == 1


def test_placed_at_once_says_so(client: FlaskClient) -> None:
    course_id = acting.at_once("NOW27")
    acting.share_out(course_id, {("BO", "judge"): 1})
    factories.sign_in(client, factories.account(name=("", "")))
    answer_all(client, "/courses/NOW27/apply")
    sent = send(client, "/courses/NOW27/apply/check")
    assert acting.state(number_in(sent)) is State.OFFERED
    shown = page(client, sent)
    assert "<h2>A seat is held for you</h2>" in shown
    assert "A seat is held for you. Confirm it" in shown


def test_who_finds_the_seats_taken_is_told_at_once(client: FlaskClient) -> None:
    course_id = acting.at_once("NOW27", capacity=1)
    apply_operations.apply(course_id, acting.application(), factories.account(name=("", "")))
    factories.sign_in(client, factories.account(name=("", "")))
    answer_all(client, "/courses/NOW27/apply")
    sent = send(client, "/courses/NOW27/apply/check")
    assert acting.state(number_in(sent)) is State.RESERVE
    shown = page(client, sent)
    assert "<h2>You are on the reserve list</h2>" in shown and "verdict-amber" in shown
    assert "All the seats you could have are taken." in shown
