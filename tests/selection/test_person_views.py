"""What the organiser does for one person: more time, the address, withdraw, invite, write."""

from __future__ import annotations

import html
import re

from flask.testing import FlaskClient

from tests import factories
from tests.asking import asked_about, follow, page
from tests.registrations import acting
from tests.selection.desk import DESK, mails, named
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.courses.models import Course
from trainings.registrations.models import Registration
from trainings.registrations.rules import State


def test_one_registration_shows_the_way_on(client: FlaskClient, course: str) -> None:
    number, _ = acting.standing(course, State.OFFERED)
    text = page(client, f"{DESK}/{number}")
    assert "Bolivia, Judge" in text and f"{DESK}/{number}/deadline" in text
    assert f"act=unselect&amp;number={number}" in text and f"{DESK}/{number}/withdraw" in text
    assert number in re.findall(r"<title>(.*?)</title>", text)[0]
    assert "Rosa" in text and "Rosa" not in re.findall(r"<title>(.*?)</title>", text)[0]
    waits, _ = acting.standing(course, State.RESERVE)
    assert "No. 1 of 1 on the reserve list" in page(client, f"{DESK}/{waits}")


def test_more_time_is_given_within_reason(client: FlaskClient, course: str) -> None:
    number, _ = acting.standing(course, State.OFFERED)
    url = f"{DESK}/{number}/deadline"
    assert "Enter a date" in follow(client, url, until="soon")
    assert "The deadline must be in the future and before the course" in follow(
        client, url, until="2020-01-01"
    )
    day = db.session.get_one(Course, course).starts_on.replace(day=1).isoformat()
    text = follow(client, url, until=day)
    assert (
        "The new deadline is set" in text
        or "The deadline must be in the future and before the course" in text
    )
    confirmed, _ = acting.standing(course, State.CONFIRMED)
    assert client.get(f"{DESK}/{confirmed}/deadline").status_code == 303


def test_a_mistyped_address_is_corrected(client: FlaskClient, course: str) -> None:
    number, _ = acting.standing(course, State.ENDORSED)
    other, _ = acting.standing(course, State.ENDORSED)
    named(other, "Luz", "Ibarra", "unit@court.example")
    url = f"{DESK}/{number}/mail"
    assert "Enter the full email address, such as name@example.org." in follow(
        client, url, mail="nobody"
    )
    text = follow(client, url, mail="unit@court.example")
    assert "Someone else is registered with this email address. If the" in text and other in text
    assert 'name="another"' in text and 'value="unit@court.example"' in text
    assert f"Luz Ibarra ({other})" in text
    done = follow(client, url, mail="unit@court.example", another="y", asked_about=other)
    assert (
        "The address has been corrected, and we have sent an email" in done
        and "unit@court.example" in done
    )


def test_somebody_is_withdrawn_with_a_reason(client: FlaskClient, course: str) -> None:
    number, _ = acting.standing(course, State.CONFIRMED)
    url = f"{DESK}/{number}/withdraw"
    assert "next person on the reserve list" in page(client, url)
    assert "Give a reason." in follow(client, url)
    assert acting.state(number) is State.CONFIRMED
    assert "The registration has been withdrawn." in follow(client, url, reason="Asked by phone")
    assert acting.state(number) is State.WITHDRAWN
    assert "There is nothing left to withdraw" in follow(client, url, reason="Again")


PERSON = {
    "given_name": "Ana",
    "family_name": "Quispe",
    "mail": "ana@court.example",
    "country": "BO",
    "function": "judge",
    "language": "es",
    "sex": "",
}


def test_somebody_is_invited_directly(client: FlaskClient, course: str) -> None:
    url = f"{DESK}/invite"
    refused = follow(
        client, url, **{**PERSON, "given_name": "", "family_name": "", "mail": "x", "function": ""}
    )
    for sentence in (
        "Enter the name.",
        "Enter the full email address, such as name@example.org.",
        "Choose the function",
    ):
        assert sentence in refused
    assert 'value="x"' in refused
    assert "is offered a seat by email" in follow(client, url, **PERSON, form_token="t")
    assert "This was already done. Nothing was done twice." in follow(
        client, url, **PERSON, form_token="t"
    )
    assert "already has a registration" in follow(client, url, **PERSON)
    other = {**PERSON, "given_name": "Luz", "family_name": "Ibarra"}
    for rest in range(3):
        shared = {**other, "given_name": f"Luz {'I' * rest}"}
        asked = follow(client, url, **shared)
        text = follow(client, url, **shared, another="y", asked_about=asked_about(asked))
        assert ("is offered a seat" if rest < 2 else "is on the reserve list") in text


def test_somebody_who_came_is_seated(client: FlaskClient, course: str) -> None:
    url = f"{DESK}/walk-in"
    assert "only while the course takes place" in follow(client, url, **PERSON)
    assert "Seat somebody who came" not in client.get(DESK).text
    with transaction() as session:
        session.get_one(Course, course).starts_on = clock.today(factories.ZONE)
    assert f'href="{url}"' in page(client, DESK) and f"{DESK}/invite" not in page(client, DESK)
    assert "Enter the name." in follow(
        client, url, **{**PERSON, "family_name": "", "given_name": ""}
    )
    assert "has a confirmed seat" in follow(client, url, **PERSON)
    waited, _ = acting.standing(course, State.RESERVE)
    endorsed, _ = acting.standing(course, State.ENDORSED)
    for number in (waited, endorsed):
        shown = page(client, f"{DESK}/{number}")
        assert "Seat now" in shown and "act=select" not in shown, "no seat is offered any more"
    decide = f"{DESK}/decide?act=walk_in&number={waited}"
    assert "Seat one person who came" in page(client, decide)
    assert "One person seated." in follow(client, decide, numbers=waited)
    assert acting.state(waited) is State.CONFIRMED


def test_a_message_is_shown_before_it_goes_out(client: FlaskClient, course: str) -> None:
    number, _ = acting.standing(course, State.CONFIRMED)
    named(number, "Zoë", "Ñáñez", "zoe@court.example")
    url = f"{DESK}/message"
    to = {"recipients": "confirmed"}
    words = {**to, "subject_en": "Where to go", "text_en": "Dear {name},\nsee {venue}."}
    assert "Enter a subject and a text in at least one language." in follow(
        client, url, step="show", subject_en="x", **to
    )
    wrong = follow(client, url, step="show", subject_en="For {name}", text_en="x", **to)
    assert (
        "}” cannot be used here. Use one of the words in curly" in wrong and "For {name}" in wrong
    )
    shown = follow(client, url, step="show", **words)
    assert "Dear Zoë Ñáñez," in shown and "Send to one person" in shown
    assert mails("registration_message") == 0
    assert "Dear {name}" in follow(client, url, step="write", **words)
    sent = follow(client, url, step="send", form_token="m", **words)
    assert "The message goes to one person." in sent
    assert "This was already done. Nothing was done twice." in follow(
        client, url, step="send", form_token="m", **words
    )
    assert mails("registration_message") == 1


def sent_by(text: str, button: str, **typed: object) -> dict[str, object]:
    """What a browser sends for the form around a button: all its fields, as they stand there."""
    (form,) = [one for one in re.findall(r"<form.*?</form>", text, re.S) if button in one]
    fields: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf'\b{part}="([^"]*)"', tag) for part in ("name", "value"))
        if name and 'type="checkbox"' not in tag:
            fields.setdefault(name[1], []).append(html.unescape(value[1]) if value else "")
    pressed = re.search(rf'<button[^>]*name="(\w+)" value="(\w+)">{re.escape(button)}', form)
    if pressed:
        fields.setdefault(pressed[1], []).append(pressed[2])
    return {**fields, **typed}


def test_the_pages_own_forms_say_what_their_buttons_say(client: FlaskClient, course: str) -> None:
    number, _ = acting.standing(course, State.ENDORSED)
    text = page(client, f"{DESK}?state=endorsed")
    data = sent_by(text, "Select chosen candidates", numbers=[number])
    asked = client.post(f"{DESK}/choose", data=data)
    assert "act=select" in asked.location and "state%3Dendorsed" in asked.location
    decided = page(client, asked.location)
    done = client.post(asked.location, data=sent_by(decided, "Offer one seat"))
    assert done.status_code == 303 and "state=endorsed" in done.location
    assert acting.state(number) is State.OFFERED
    confirmed, _ = acting.standing(course, State.CONFIRMED)
    named(confirmed, "Zoë", "Ñáñez", "zoe@court.example")
    url = f"{DESK}/message"
    words = {"subject_en": "Hello", "text_en": "Dear {name}"}
    shown = follow(client, url, **sent_by(page(client, url), "Preview message", **words))
    assert "Dear Zoë Ñáñez" in shown
    assert "The message goes to one person." in follow(client, url, **sent_by(shown, "Send to one"))
    again = follow(client, url, **sent_by(shown, "Change text"))
    assert "Preview message" in again and "Dear {name}" in again


def test_an_offer_without_a_deadline_is_shown_and_can_be_given_one(client: FlaskClient) -> None:
    course_id = factories.course()
    number, person = acting.standing(course_id, State.OFFERED)
    with transaction() as session:
        session.get_one(Registration, acting.registration(number).id).offered_until = None
    factories.sign_in(client, acting.organiser())
    for path in ("", "/deadline"):
        assert client.get(f"/courses/BUE27/registrations/{number}{path}").status_code == 200
    assert client.get("/courses/BUE27/desk").status_code == 200
    factories.sign_in(client, person)
    for path in ("/", "/my/registrations", f"/my/registrations/{number}"):
        assert client.get(path).status_code == 200
