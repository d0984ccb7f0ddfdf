"""The organiser's pages: the list, one registration, decisions, reserve, invitation, message."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests import factories
from tests.registrations import acting, crowd
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.permissions import Role
from trainings.courses.models import Course
from trainings.mail.models import OutboxMail
from trainings.people.models import IdentityRead, Person
from trainings.people.writes import change_identity
from trainings.registrations import listing_queries, seat_queries
from trainings.registrations.rules import State

DESK = "/courses/BUE27/registrations"


@pytest.fixture
def course(client: FlaskClient) -> str:
    """A course of three seats, with an organiser of its lead agency signed in."""
    made = factories.course(capacity=3)
    acting.share_out(made, {("BO", "judge"): 1})
    factories.sign_in(client, acting.organiser())
    return made


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.get_data(as_text=True)


def send(client: FlaskClient, path: str, **data: object) -> str:
    """Send a form and follow to the page that it leads to."""
    return client.post(path, data=data, follow_redirects=True).get_data(as_text=True)


def named(number: str, given: str, family: str, mail: str = "") -> None:
    with transaction() as session:
        person = session.get_one(Person, acting.registration(number).person_id)
        change_identity(person, given_name=given, family_name=family)
        if mail:
            change_identity(person, mail=mail)


def mails(event: str) -> int:
    db.session.close()
    statement = select(func.count()).select_from(OutboxMail).where(OutboxMail.event == event)
    return db.session.scalar(statement) or 0


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


def test_a_selection_is_foreseen_asked_once_and_told_in_words(
    client: FlaskClient, course: str
) -> None:
    numbers = [acting.standing(course, State.ENDORSED, priority=n)[0] for n in range(4)]
    numbers += [acting.standing(course, State.NOMINATED)[0]]
    asked = client.post(f"{DESK}/choose", data={"act": "select", "numbers": numbers})
    assert asked.status_code == 303
    text = page(client, asked.location)
    assert "Select 4 candidates" in text and "Offer 3 seats, 1 in reserve" in text
    assert "One of those chosen is in a state where this is not possible" in text
    assert mails("registration_offer") == 0
    shown = re.findall(r'name="numbers" value="(R-\w+)"', text)
    assert sorted(shown) == sorted(numbers[:4])
    done = send(client, asked.location, numbers=shown, form_token="one")
    assert "3 offered, 1 in reserve." in done
    assert mails("registration_offer") == 3
    again = send(client, asked.location, numbers=shown, form_token="one")
    assert "nothing was done twice" in again
    assert mails("registration_offer") == 3


def test_what_changed_meanwhile_is_refused_and_shown(client: FlaskClient, course: str) -> None:
    number, _ = acting.standing(course, State.ENDORSED)
    other, _ = acting.standing(course, State.CONFIRMED)
    url = f"{DESK}/decide?act=select&number={number}&number={other}"
    text = send(client, url, numbers=[number, other])
    assert "Only an endorsed candidature can be selected" in text
    assert acting.state(number) is State.ENDORSED


def test_nobody_chosen_is_said(client: FlaskClient, course: str) -> None:
    assert "Choose at least one" in send(client, f"{DESK}/choose", act="select")
    assert client.get(f"{DESK}/decide").status_code == 303


def test_a_rejection_needs_a_reason_and_can_be_taken_back(client: FlaskClient, course: str) -> None:
    number, _ = acting.standing(course, State.ENDORSED)
    url = f"{DESK}/decide?act=reject&number={number}"
    assert "Please give a reason." in send(client, url, numbers=[number])
    assert "One candidate rejected." in send(client, url, numbers=[number], reason="Too late")
    assert "Too late" in page(client, f"{DESK}/{number}")
    url = f"{DESK}/decide?act=reconsider&number={number}"
    assert "One rejection was taken back." in send(client, url, numbers=[number])
    assert acting.state(number) is State.ENDORSED


def test_a_selection_is_taken_back_and_the_seat_goes_on(client: FlaskClient, course: str) -> None:
    number, _ = acting.standing(course, State.OFFERED)
    url = f"{DESK}/decide?act=unselect&number={number}"
    assert "Seats that become free are offered" in page(client, url)
    assert "One selection was taken back." in send(client, url, numbers=[number])
    assert acting.state(number) is State.ENDORSED


def test_the_reserve_is_ordered_by_hand(client: FlaskClient, course: str) -> None:
    numbers = [acting.standing(course, State.RESERVE)[0] for _ in range(3)]

    def order() -> list[str]:
        found = re.findall(r'id="up-(R-\w+)"', page(client, "/courses/BUE27/reserve"))
        assert sorted(found) == sorted(numbers)
        return found

    one, two, three = order()
    send(client, "/courses/BUE27/reserve", up=three)
    assert order() == [one, three, two]
    send(client, "/courses/BUE27/reserve", down=one)
    assert order() == [three, one, two]
    send(client, "/courses/BUE27/reserve", first=two)
    assert order() == [two, three, one]
    for nothing in ({"up": two}, {"down": one}, {"up": "R-NOBODY"}, {}):
        send(client, "/courses/BUE27/reserve", **nothing)
        assert order() == [two, three, one]
    pills = re.findall(r"Reserve no\. (\d)", page(client, "/courses/BUE27/reserve"))
    assert pills == ["1", "2", "3"]


def test_the_place_shown_is_the_one_the_rules_give(each_app: object) -> None:
    """The list counts places in SQL, the engine in Python."""
    made = factories.course()
    for country in ("BO", "PE"):
        for rank, place in ((2, None), (None, None), (1, 2), (3, 1)):
            acting.standing(
                made, State.RESERVE, country=country, priority=rank, reserve_place=place
            )
    rows = listing_queries.listing(acting.organiser(), db.session.get_one(Course, made)).rows
    shown = {row.id: row.reserve_no for row in rows}
    assert shown == seat_queries.reserve_places(made)
    assert sorted(place or 0 for place in shown.values()) == [1, 1, 2, 2, 3, 3, 4, 4]


def test_one_registration_shows_the_way_on(client: FlaskClient, course: str) -> None:
    number, _ = acting.standing(course, State.OFFERED)
    text = page(client, f"{DESK}/{number}")
    assert "Bolivia, Judge" in text and f"{DESK}/{number}/deadline" in text
    assert f"act=unselect&amp;number={number}" in text and f"{DESK}/{number}/withdraw" in text
    assert number in re.findall(r"<title>(.*?)</title>", text)[0]
    assert "Rosa" in text and "Rosa" not in re.findall(r"<title>(.*?)</title>", text)[0]
    waits, _ = acting.standing(course, State.RESERVE)
    assert "Place 1 of 1 who wait" in page(client, f"{DESK}/{waits}")


def test_more_time_is_given_within_reason(client: FlaskClient, course: str) -> None:
    number, _ = acting.standing(course, State.OFFERED)
    url = f"{DESK}/{number}/deadline"
    assert "Enter a date" in send(client, url, until="soon")
    assert "must lie ahead" in send(client, url, until="2020-01-01")
    day = db.session.get_one(Course, course).starts_on.replace(day=1).isoformat()
    text = send(client, url, until=day)
    assert "The new deadline is set" in text or "must lie ahead" in text
    confirmed, _ = acting.standing(course, State.CONFIRMED)
    assert client.get(f"{DESK}/{confirmed}/deadline").status_code == 303


def test_a_mistyped_address_is_corrected(client: FlaskClient, course: str) -> None:
    number, _ = acting.standing(course, State.ENDORSED)
    other, _ = acting.standing(course, State.ENDORSED)
    named(other, "Luz", "Ibarra", "unit@court.example")
    url = f"{DESK}/{number}/mail"
    assert "Please give a mail address" in send(client, url, mail="nobody")
    text = send(client, url, mail="unit@court.example")
    assert "Somebody else is registered" in text and other in text
    assert 'name="same_mail"' in text and 'value="unit@court.example"' in text
    done = send(client, url, mail="unit@court.example", same_mail="y")
    assert "The address is corrected" in done and "unit@court.example" in done


def test_somebody_is_withdrawn_with_a_reason(client: FlaskClient, course: str) -> None:
    number, _ = acting.standing(course, State.CONFIRMED)
    url = f"{DESK}/{number}/withdraw"
    assert "next on the reserve list" in page(client, url)
    assert "Please give a reason." in send(client, url)
    assert acting.state(number) is State.CONFIRMED
    assert "The registration is withdrawn." in send(client, url, reason="Asked by phone")
    assert acting.state(number) is State.WITHDRAWN
    assert "There is nothing left to withdraw" in send(client, url, reason="Again")


PERSON = {
    "given_name": "Ana", "family_name": "Quispe", "mail": "ana@court.example", "country": "BO",
    "function": "judge", "language": "es", "sex": "",
}  # fmt: skip


def test_somebody_is_invited_directly(client: FlaskClient, course: str) -> None:
    url = f"{DESK}/invite"
    refused = send(client, url, **{**PERSON, "family_name": "", "mail": "x", "function": ""})
    for sentence in ("Enter the family name", "Please give a mail address", "Choose the function"):
        assert sentence in refused
    assert 'value="Ana"' in refused
    assert "is offered a seat by mail" in send(client, url, **PERSON, form_token="t")
    assert "nothing was done twice" in send(client, url, **PERSON, form_token="t")
    assert "already has a registration" in send(client, url, **PERSON)
    other = {**PERSON, "given_name": "Luz", "family_name": "Ibarra"}
    assert 'name="same_mail"' in send(client, url, **other)
    for rest in range(2):
        shared = {**other, "given_name": f"Luz {'I' * (rest + 1)}", "same_mail": "y"}
        text = send(client, url, **shared)
        assert "is offered a seat" in text
    assert "waits in reserve" in send(client, url, **{**other, "same_mail": "y"})


def test_a_message_is_shown_before_it_goes_out(client: FlaskClient, course: str) -> None:
    number, _ = acting.standing(course, State.CONFIRMED)
    named(number, "Zoë", "Ñáñez", "zoe@court.example")
    url = f"{DESK}/message"
    words = {"subject_en": "Where to go", "text_en": "Dear {name},\nsee {venue}."}
    assert "Please write a subject" in send(client, url, step="show", subject_en="x")
    wrong = send(client, url, step="show", subject_en="For {name}", text_en="x")
    assert "is not one of the words in braces" in wrong and "For {name}" in wrong
    shown = send(client, url, step="show", **words)
    assert "Dear Zoë Ñáñez," in shown and "Send to one person" in shown
    assert mails("registration_message") == 0
    assert "Dear {name}" in send(client, url, step="write", **words)
    sent = send(client, url, step="send", form_token="m", **words)
    assert "The message goes to one person." in sent
    assert "nothing was done twice" in send(client, url, step="send", form_token="m", **words)
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
    data = sent_by(text, "Select the chosen", numbers=[number])
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
    shown = send(client, url, **sent_by(page(client, url), "Show what will be sent", **words))
    assert "Dear Zoë Ñáñez" in shown
    assert "The message goes to one person." in send(client, url, **sent_by(shown, "Send to one"))
    again = send(client, url, **sent_by(shown, "Change the text"))
    assert "Show what will be sent" in again and "Dear {name}" in again


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
